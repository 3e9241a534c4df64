import assert from 'node:assert/strict';
import { ECS } from '@aws-sdk/client-ecs';
import * as vscode from 'vscode';
import { poll } from '../../src/base/delay';

/** A region of its own: nothing here shows in another test's lists. */
const REGION = 'eu-south-1';

describe('what is below a service, by commands', () => {
  const settings = {
    endpoint: process.env.AWS_CONTAINERS_SANDBOX_ENDPOINT ?? '',
    region: REGION,
    credentials: { accessKeyId: 'AKIAEXAMPLEEXAMPLE', secretAccessKey: 'example' },
  };
  const context = {
    label: 'Local Sandbox',
    region: REGION,
    endpoint: settings.endpoint,
    source: { kind: 'static', accessKeyId: 'sandbox', secretAccessKey: 'sandbox' },
  };
  const answers = { context: { profile: 'sandbox', region: REGION }, cluster: 'far', service: 'parts' };
  const run = <T = unknown>(id: string, argument?: object): Promise<T> =>
    Promise.resolve(vscode.commands.executeCommand<T>(`awsContainers.${id}`, argument));
  let ecs: ECS;
  let former: string;
  let present: string;

  before(async () => {
    ecs = new ECS(settings);
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
    const compared = await run<{ before: string; after: string; changes: string[] }>(
      'deployment.compare',
      deployment,
    );
    assert.deepEqual([compared.before, compared.after], ['parts:1', 'parts:2']);
    assert.equal(compared.changes.length, 1);
    const { uri } = await run<{ uri: string }>('taskDefinition.open', deployment);
    assert.match(uri, /parts/);
    const copied = await run<string>('resource.copyJson', deployment);
    assert.deepEqual(JSON.parse(copied), deployment.deployment);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('says that no other revision is deployed', () =>
    assert.rejects(run('deployment.compare', answers), /No other revision than the present one is deployed/));

  it('copies what a service said last', async () => {
    const newest = await poll(
      async () => {
        const { services } = await ecs.describeServices({ cluster: 'far', services: ['parts'] });
        return services?.[0]?.events?.[0]?.message;
      },
      { interval: 100, signal: AbortSignal.timeout(10_000) },
    );
    const copied = await run<string>('event.copy', answers);
    assert.equal(`(service parts) ${copied}`, newest);
    assert.equal(await vscode.env.clipboard.readText(), copied);
  });

  it('copies the name and the ARN of what connects a service', async () => {
    const arn = `arn:aws:elasticloadbalancing:${REGION}:123456789012:targetgroup/web/0123456789abcdef`;
    const entry = { kind: 'networkEntry', id: 'any', context, entry: 'targetGroup', name: 'web', arn };
    assert.equal(await run('resource.copyName', entry), 'web');
    assert.equal(await run('resource.copyArn', entry), arn);
  });
});
