import assert from 'node:assert/strict';
import { ECR } from '@aws-sdk/client-ecr';
import { ECS } from '@aws-sdk/client-ecs';
import * as vscode from 'vscode';
import { sandboxContext } from '../support/sandboxContext';
import { runCommand } from './runCommand';
import { ENDPOINT, sandboxSettings } from './sandboxSettings';

/** A region of its own: nothing here shows in another test's lists. */
const REGION = 'eu-north-1';

describe('the explorer, by commands', () => {
  const settings = sandboxSettings(REGION);
  const context = { profile: 'sandbox', region: REGION };

  before(async () => {
    const ecr = new ECR(settings);
    const ecs = new ECS(settings);
    for (const repositoryName of ['team/web', 'team/api', 'cron']) {
      await ecr.createRepository({ repositoryName });
    }
    await ecs.createCluster({ clusterName: 'far' });
    await ecs.registerTaskDefinition({
      family: 'far-web',
      containerDefinitions: [{ name: 'app', image: 'busybox', memory: 64 }],
    });
    await ecs.createService({
      cluster: 'far',
      serviceName: 'far-service',
      taskDefinition: 'far-web',
      desiredCount: 0,
    });
    await runCommand('context.select', context);
  });
  after(() => runCommand('context.select', { profile: 'sandbox', region: 'us-east-1' }));

  for (const found of [
    { kind: 'repository', name: 'team/web' },
    { kind: 'cluster', name: 'far' },
    { kind: 'service', name: 'far-service', cluster: 'far' },
    { kind: 'family', name: 'far-web' },
  ]) {
    it(`goes to a ${found.kind} by its name`, async () => {
      assert.deepEqual(await runCommand('resource.goTo', { name: found.name }), found);
    });
  }

  it('goes to what has just been made, though all names were asked for before', async () => {
    await runCommand('cluster.create', { name: 'just-made', context });
    assert.deepEqual(await runCommand('resource.goTo', { name: 'just-made' }), {
      kind: 'cluster',
      name: 'just-made',
    });
  });

  it('says that nothing has a name', () =>
    assert.rejects(
      runCommand('resource.goTo', { name: 'nothing-such' }),
      /Nothing in the open profiles has this name/,
    ));

  it('filters and sorts a view, and goes to what the filter leaves out', async () => {
    assert.equal(await runCommand('repository.filter', { text: ' team ' }), 'team');
    assert.equal(await runCommand('repository.sort', { order: 'newest' }), 'newest');
    await runCommand('resource.goTo', { name: 'cron', kind: 'repository' });
    // The prompt would offer what the filter is now.
    assert.equal(await runCommand('repository.filter', { text: '' }), '');
    assert.equal(await runCommand('repository.sort', { order: 'name' }), 'name');
  });

  it('sorts a view by none but its own orders', () =>
    assert.rejects(runCommand('repository.sort', { order: 'state' }), /The order is one of name, newest\./));

  it('copies a resource as JSON', async () => {
    const ecs = new ECS(settings);
    const { services } = await ecs.describeServices({ cluster: 'far', services: ['far-service'] });
    const text = await runCommand<string>('resource.copyJson', {
      kind: 'service',
      id: 'any',
      context: { label: 'Local Sandbox', region: REGION },
      service: services?.[0],
    });
    assert.equal(await vscode.env.clipboard.readText(), text);
    const copied = JSON.parse(text) as { serviceArn?: string; createdAt?: string };
    assert.equal(copied.serviceArn, services?.[0]?.serviceArn);
    assert.equal(copied.createdAt, services?.[0]?.createdAt?.toISOString());
  });

  it('says that the console does not show what is in the sandbox', async () => {
    const [error] = await Promise.allSettled([
      runCommand('resource.openInConsole', {
        kind: 'cluster',
        id: 'any',
        name: 'far',
        arn: 'arn:aws:ecs:eu-north-1:000000000000:cluster/far',
        cluster: {},
        context: sandboxContext(ENDPOINT, REGION),
      }),
    ]);
    // Called on a row, as a person would: the message is shown, and nothing is opened.
    assert.equal(error.status === 'fulfilled' ? error.value : error.reason, undefined);
  });
});
