import assert from 'node:assert/strict';
import { ECS } from '@aws-sdk/client-ecs';
import * as vscode from 'vscode';
import { poll } from '../../src/base/delay';
import { sandboxContext } from '../support/sandboxContext';
import { runCommand } from './runCommand';
import { ENDPOINT, sandboxSettings } from './sandboxSettings';

/** A region of its own: nothing here shows in another test's lists. */
const REGION = 'eu-south-1';

describe('what is below a service, by commands', () => {
  const context = sandboxContext(ENDPOINT, REGION);
  const answers = { context: { profile: 'sandbox', region: REGION }, cluster: 'far', service: 'parts' };
  const ecs = new ECS(sandboxSettings(REGION));
  let former: string;
  let present: string;

  before(async () => {
    await ecs.createCluster({ clusterName: 'far' });
    const register = async (memory: number): Promise<string> => {
      const { taskDefinition } = await ecs.registerTaskDefinition({
        family: 'parts',
        containerDefinitions: [{ name: 'app', image: 'busybox', memory }],
      });
      return taskDefinition?.taskDefinitionArn ?? '';
    };
    former = await register(64);
    present = await register(128);
    await ecs.createService({
      cluster: 'far',
      serviceName: 'parts',
      taskDefinition: present,
      desiredCount: 0,
    });
  });

  it('compares what a former deployment runs with what the service has now', async () => {
    const deployment = {
      kind: 'deployment',
      id: 'any',
      context,
      clusterArn: `arn:aws:ecs:${REGION}:000000000000:cluster/far`,
      serviceName: 'parts',
      deployment: { id: 'ecs-svc/1', taskDefinition: former },
      present,
    };
    const compared = await runCommand<{ before: string; after: string; changes: string[] }>(
      'deployment.compare',
      deployment,
    );
    assert.deepEqual([compared.before, compared.after], ['parts:1', 'parts:2']);
    assert.equal(compared.changes.length, 1);
    const { uri } = await runCommand<{ uri: string }>('taskDefinition.open', deployment);
    assert.match(uri, /parts/);
    const copied = await runCommand<string>('resource.copyJson', deployment);
    assert.deepEqual(JSON.parse(copied), deployment.deployment);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('says that no other revision is deployed', () =>
    assert.rejects(
      runCommand('deployment.compare', answers),
      /No other revision than the present one is deployed/,
    ));

  it('copies what a service said last', async () => {
    const newest = await poll(
      async () => {
        const { services } = await ecs.describeServices({ cluster: 'far', services: ['parts'] });
        return services?.[0]?.events?.[0]?.message;
      },
      { interval: 100, signal: AbortSignal.timeout(10_000) },
    );
    const copied = await runCommand<string>('event.copy', answers);
    assert.equal(`(service parts) ${copied}`, newest);
    assert.equal(await vscode.env.clipboard.readText(), copied);
  });

  it('copies the name and the ARN of what connects a service', async () => {
    const arn = `arn:aws:elasticloadbalancing:${REGION}:123456789012:targetgroup/web/0123456789abcdef`;
    const entry = { kind: 'networkEntry', id: 'any', context, entry: 'targetGroup', name: 'web', arn };
    assert.equal(await runCommand('resource.copyName', entry), 'web');
    assert.equal(await runCommand('resource.copyArn', entry), arn);
  });

  it('forgets the stopped tasks that the tree has shown', async () => {
    const registry = new URL(ENDPOINT).host;
    await ecs.registerTaskDefinition({
      family: 'failing',
      containerDefinitions: [{ name: 'app', image: `${registry}/nothing-such:v1`, memory: 64 }],
    });
    await ecs.createService({
      cluster: 'far',
      serviceName: 'failing',
      taskDefinition: 'failing',
      desiredCount: 1,
    });
    const failing = { ...answers, service: 'failing' };
    const within = (): AbortSignal => AbortSignal.timeout(20_000);
    await poll(
      async () => {
        const { taskArns = [] } = await ecs.listTasks({
          cluster: 'far',
          serviceName: 'failing',
          desiredStatus: 'STOPPED',
        });
        return taskArns.length > 0 ? true : undefined;
      },
      { interval: 100, signal: within() },
    );
    await runCommand('context.select', answers.context);
    try {
      await runCommand('resource.goTo', { name: 'failing', kind: 'service' });
      const { forgotten } = await poll(
        async () => {
          const result = await runCommand<{ forgotten: number }>('task.forget', failing);
          return result.forgotten > 0 ? result : undefined;
        },
        { interval: 100, signal: within() },
      );
      assert.ok(forgotten > 0);
    } finally {
      await runCommand('context.select', { profile: 'sandbox', region: 'us-east-1' });
      await ecs.deleteService({ cluster: 'far', service: 'failing', force: true });
    }
    const parts = await runCommand<{ forgotten: number }>('task.forget', answers);
    assert.equal(parts.forgotten, 0);
  });
});
