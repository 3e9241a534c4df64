import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ECR } from '@aws-sdk/client-ecr';
import * as vscode from 'vscode';
import type { AwsContext } from '../../src/aws/context';

/** A file of profiles that reach the sandbox under names of their own. */
const CONFIG = (endpoint: string): string => `
[profile work]
region = eu-west-1
endpoint_url = ${endpoint}
aws_access_key_id = AKIAEXAMPLEEXAMPLE
aws_secret_access_key = example

[profile without-region]
endpoint_url = ${endpoint}

[profile play]
region = eu-west-2
endpoint_url = ${endpoint}
aws_access_key_id = AKIAEXAMPLEEXAMPLE
aws_secret_access_key = example
`;

describe('contexts, by commands', () => {
  const endpoint = process.env.AWS_CONTAINERS_SANDBOX_ENDPOINT ?? '';
  const original = process.env.AWS_CONFIG_FILE;
  let folder: string;

  const run = <T = unknown>(id: string, answers: object): Thenable<T> =>
    vscode.commands.executeCommand<T>(`awsContainers.${id}`, answers);
  const names = async (region: string): Promise<(string | undefined)[]> => {
    const credentials = { accessKeyId: 'AKIAEXAMPLEEXAMPLE', secretAccessKey: 'example' };
    const { repositories = [] } = await new ECR({ endpoint, region, credentials }).describeRepositories();
    return repositories.map(({ repositoryName }) => repositoryName);
  };

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'contexts-'));
    process.env.AWS_CONFIG_FILE = join(folder, 'config');
    writeFileSync(join(folder, 'config'), CONFIG(endpoint));
  });
  after(async () => {
    process.env.AWS_CONFIG_FILE = original;
    rmSync(folder, { recursive: true });
    await run('context.select', { profile: 'sandbox', region: 'us-east-1' });
  });

  it('selects a profile in a region', async () => {
    const context = await run<AwsContext>('context.select', { profile: 'work', region: 'eu-central-1' });
    assert.equal(context.label, 'work');
    assert.equal(context.region, 'eu-central-1');
    assert.equal(JSON.stringify(context).includes('AKIA'), false);
    await run('repository.create', { name: 'by-work' });
    assert.deepEqual(await names('eu-central-1'), ['by-work']);
  });

  it('says that there is no such profile, and goes on with the one that is open', async () => {
    await assert.rejects(async () => run('context.select', { profile: 'nobody', region: 'eu-west-1' }), {
      message: /no such profile in the AWS config and credentials files: nobody/,
    });
    await assert.rejects(async () => run('repository.create', { name: 'by-work' }), {
      message: /by-work.*work · eu-central-1/,
    });
  });

  it('says what a region looks like', async () => {
    for (const region of ['nowhere', 'eu-west-1.evil.test/', '']) {
      await assert.rejects(async () => run('context.select', { profile: 'work', region }), {
        message: /A region looks like eu-central-1/,
      });
    }
  });

  it('has several open side by side, of which commands name the one that they mean', async () => {
    await run('context.select', { profile: 'work', region: 'eu-west-1' });
    await run('context.add', { profile: 'play', region: 'eu-west-2' });
    await run('repository.create', { name: 'of-work', context: { profile: 'work' } });
    await run('repository.create', { name: 'of-play', context: { region: 'eu-west-2' } });
    assert.deepEqual(await names('eu-west-1'), ['of-work']);
    assert.deepEqual(await names('eu-west-2'), ['of-play']);
  });

  it('works in a context that is not open without opening it', async () => {
    await run('context.select', { profile: 'work', region: 'eu-west-1' });
    await run('repository.create', { name: 'elsewhere', context: { profile: 'play', region: 'sa-east-1' } });
    assert.deepEqual(await names('sa-east-1'), ['elsewhere']);
    await run('repository.create', { name: 'here', context: {} });
    assert.deepEqual(await names('eu-west-1'), ['here', 'of-work']);
    await assert.rejects(
      async () => run('repository.create', { name: 'x2', context: { profile: 'without-region' } }),
      { message: /No region is set for the profile: without-region/ },
    );
  });

  it('closes one and keeps the other', async () => {
    await run('context.select', { profile: 'work', region: 'eu-west-1' });
    await run('context.add', { profile: 'play', region: 'eu-west-2' });
    await run('context.close', { context: { profile: 'work' } });
    // With one open, nothing is asked.
    await run('repository.create', { name: 'of-play-too' });
    assert.deepEqual(await names('eu-west-2'), ['of-play', 'of-play-too']);
  });
});
