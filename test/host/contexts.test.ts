import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ECR } from '@aws-sdk/client-ecr';
import type { AwsContext } from '../../src/aws/context';
import { runCommand } from './runCommand';
import { ENDPOINT, sandboxSettings } from './sandboxSettings';

/** A file of profiles that reach the sandbox under names of their own. */
const CONFIG = `
[profile work]
region = eu-west-1
endpoint_url = ${ENDPOINT}
aws_access_key_id = AKIAEXAMPLEEXAMPLE
aws_secret_access_key = example

[profile without-region]
endpoint_url = ${ENDPOINT}

[profile play]
region = eu-west-2
endpoint_url = ${ENDPOINT}
aws_access_key_id = AKIAEXAMPLEEXAMPLE
aws_secret_access_key = example
`;

describe('contexts, by commands', () => {
  const original = process.env.AWS_CONFIG_FILE;
  let folder: string;

  const names = async (region: string): Promise<(string | undefined)[]> => {
    const { repositories = [] } = await new ECR(sandboxSettings(region)).describeRepositories();
    return repositories.map(({ repositoryName }) => repositoryName);
  };

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'contexts-'));
    process.env.AWS_CONFIG_FILE = join(folder, 'config');
    writeFileSync(join(folder, 'config'), CONFIG);
  });
  after(async () => {
    process.env.AWS_CONFIG_FILE = original;
    rmSync(folder, { recursive: true });
    await runCommand('context.select', { profile: 'sandbox', region: 'us-east-1' });
  });

  it('selects a profile in a region', async () => {
    const context = await runCommand<AwsContext>('context.select', {
      profile: 'work',
      region: 'eu-central-1',
    });
    assert.equal(context.label, 'work');
    assert.equal(context.region, 'eu-central-1');
    assert.equal(JSON.stringify(context).includes('AKIA'), false);
    await runCommand('repository.create', { name: 'by-work' });
    assert.deepEqual(await names('eu-central-1'), ['by-work']);
  });

  it('says that there is no such profile, and goes on with the one that is open', async () => {
    await assert.rejects(
      async () => runCommand('context.select', { profile: 'nobody', region: 'eu-west-1' }),
      {
        message: /no such profile in the AWS config and credentials files: nobody/,
      },
    );
    await assert.rejects(async () => runCommand('repository.create', { name: 'by-work' }), {
      message: /by-work.*work · eu-central-1/,
    });
  });

  it('says what a region looks like', async () => {
    for (const region of ['nowhere', 'eu-west-1.evil.test/', '']) {
      await assert.rejects(async () => runCommand('context.select', { profile: 'work', region }), {
        message: /A region looks like eu-central-1/,
      });
    }
  });

  it('has several open side by side, of which commands name the one that they mean', async () => {
    await runCommand('context.select', { profile: 'work', region: 'eu-west-1' });
    await runCommand('context.add', { profile: 'play', region: 'eu-west-2' });
    await runCommand('repository.create', { name: 'of-work', context: { profile: 'work' } });
    await runCommand('repository.create', { name: 'of-play', context: { region: 'eu-west-2' } });
    assert.deepEqual(await names('eu-west-1'), ['of-work']);
    assert.deepEqual(await names('eu-west-2'), ['of-play']);
  });

  it('works in a context that is not open without opening it', async () => {
    await runCommand('context.select', { profile: 'work', region: 'eu-west-1' });
    await runCommand('repository.create', {
      name: 'elsewhere',
      context: { profile: 'play', region: 'sa-east-1' },
    });
    assert.deepEqual(await names('sa-east-1'), ['elsewhere']);
    await runCommand('repository.create', { name: 'here', context: {} });
    assert.deepEqual(await names('eu-west-1'), ['here', 'of-work']);
    await assert.rejects(
      async () => runCommand('repository.create', { name: 'x2', context: { profile: 'without-region' } }),
      { message: /No region is set for the profile: without-region/ },
    );
  });

  it('closes one and keeps the other', async () => {
    await runCommand('context.select', { profile: 'work', region: 'eu-west-1' });
    await runCommand('context.add', { profile: 'play', region: 'eu-west-2' });
    await runCommand('context.close', { context: { profile: 'work' } });
    // With one open, nothing is asked.
    await runCommand('repository.create', { name: 'of-play-too' });
    assert.deepEqual(await names('eu-west-2'), ['of-play', 'of-play-too']);
  });
});
