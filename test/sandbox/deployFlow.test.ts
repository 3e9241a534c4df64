import assert from 'node:assert/strict';
import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import { createEcsGateway, type EcsGateway } from '../../src/aws/ecsGateway';
import { createLogsGateway, type LogsGateway } from '../../src/aws/logsGateway';
import type { DeployEvent, DeployOutcome } from '../../src/deploy/deployEvent';
import type { DeploymentPlan, DeployRequest } from '../../src/deploy/deploymentPlan';
import { executeDeployment } from '../../src/deploy/executeDeployment';
import { planDeployment } from '../../src/deploy/planDeployment';
import { rollBack } from '../../src/deploy/rollBack';
import { startTestSandbox, type RunningTestSandbox } from '../support/sandboxClients';
import { sandboxContext } from '../support/sandboxContext';

const BREAKER: DeploymentConfiguration = { deploymentCircuitBreaker: { enable: true, rollback: true } };
const WITHOUT_ROLLBACK: DeploymentConfiguration = {
  deploymentCircuitBreaker: { enable: true, rollback: false },
};

describe('deploying to the sandbox', function () {
  this.timeout(60_000);
  let sandbox: RunningTestSandbox;
  let ecs: EcsGateway;
  let logs: LogsGateway;
  let services = 0;

  before(async () => {
    sandbox = await startTestSandbox();
    const context = sandboxContext(sandbox.endpoint);
    ecs = createEcsGateway(context);
    logs = createLogsGateway(context);
    await ecs.createCluster({ clusterName: 'main' });
  });
  after(async () => {
    ecs.dispose();
    logs.dispose();
    await sandbox.close();
  });
  afterEach(() => sandbox.control('DELETE', 'faults'));

  const fault = (members: object): Promise<unknown> => sandbox.control('POST', 'faults', members);

  /** A service whose first deployment has completed. */
  async function startService(configuration: DeploymentConfiguration = {}, count = 1): Promise<string> {
    const name = `web-${++services}`;
    await ecs.registerTaskDefinition({
      family: name,
      containerDefinitions: [{ name: 'web', image: 'public.example/web:1', memory: 64 }],
    });
    await ecs.createService({
      cluster: 'main',
      serviceName: name,
      taskDefinition: name,
      desiredCount: count,
      deploymentConfiguration: configuration,
    });
    const deadline = Date.now() + 20_000;
    while ((await ecs.service('main', name)).deployments?.[0]?.rolloutState !== 'COMPLETED') {
      assert.ok(Date.now() < deadline, 'the first deployment never completed');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return name;
  }

  async function planFor(service: string, request: Partial<DeployRequest>): Promise<DeploymentPlan> {
    const plan = await planDeployment(ecs, { cluster: 'main', service, ...request });
    assert.equal(plan.kind, 'plan');
    return plan;
  }

  async function execute(
    plan: DeploymentPlan,
    onEvent: (event: DeployEvent) => unknown = () => undefined,
    signal = new AbortController().signal,
    giveUpAfterFailedTasks?: number,
  ): Promise<{ events: DeployEvent[]; outcome: DeployOutcome }> {
    const running = executeDeployment({ ecs, logs }, plan, {
      signal,
      pollMs: 50,
      ...(giveUpAfterFailedTasks === undefined ? {} : { giveUpAfterFailedTasks }),
    });
    const events: DeployEvent[] = [];
    for (;;) {
      const next = await running.next();
      if (next.done) {
        return { events, outcome: next.value };
      }
      events.push(next.value);
      await onEvent(next.value);
    }
  }

  const missing = (): string => `${sandbox.registry}/absent:1`;

  it('registers, updates and watches to the completion of that deployment', async () => {
    const service = await startService();
    const { events, outcome } = await execute(
      await planFor(service, { image: { uri: 'public.example/web:2' } }),
    );
    assert.equal(outcome.outcome, 'completed');
    assert.match(outcome.taskDefinitionArn, new RegExp(`task-definition/${service}:2$`));
    assert.match(outcome.deploymentId, /^ecs-svc\/\d+$/);
    const kinds = events.map(({ kind }) => kind);
    assert.deepEqual(kinds.slice(0, 2), ['registered', 'updated']);
    assert.ok(events.some((event) => event.kind === 'progress' && event.running === 1));
    const ids = events.flatMap((event) => (event.kind === 'event' ? [event.id] : []));
    assert.ok(ids.length > 0, 'service events are told');
    assert.equal(new Set(ids).size, ids.length, 'each event once');
    const described = await ecs.service('main', service);
    assert.equal(described.deployments?.[0]?.id, outcome.deploymentId);
  });

  it('starts the same revision anew when nothing differs', async () => {
    const service = await startService();
    const plan = await planFor(service, {});
    assert.equal(plan.forceNewDeployment, true);
    const { outcome, events } = await execute(plan);
    assert.equal(outcome.outcome, 'completed');
    assert.match(outcome.taskDefinitionArn, new RegExp(`task-definition/${service}:1$`));
    assert.ok(!events.some(({ kind }) => kind === 'registered'));
  });

  it('reports a broken version as rolled back, with the reason', async () => {
    const service = await startService(BREAKER);
    const { events, outcome } = await execute(await planFor(service, { image: { uri: missing() } }));
    assert.equal(outcome.outcome, 'rolledBack');
    assert.match(outcome.reason ?? '', /circuit breaker/);
    assert.match(outcome.failure?.summary ?? '', /CannotPullContainerError/);
    assert.match(outcome.failure?.tasks[0]?.hint ?? '', /image/);
    const kinds = events.map(({ kind }) => kind);
    assert.ok(kinds.includes('taskFailed') && kinds.includes('rollingBack'), kinds.join(' '));
    const described = await ecs.service('main', service);
    assert.match(described.taskDefinition ?? '', /:1$/);
  });

  it('judges by the rollout state where service deployments may not be read', async () => {
    const service = await startService(BREAKER);
    await fault({ operation: 'ListServiceDeployments', kind: 'accessDenied' });
    const { events, outcome } = await execute(await planFor(service, { image: { uri: missing() } }));
    assert.equal(outcome.outcome, 'rolledBack');
    assert.equal(events.filter(({ kind }) => kind === 'notice').length, 1);
    const good = await execute(await planFor(service, { image: { uri: 'public.example/web:3' } }));
    assert.equal(good.outcome.outcome, 'completed');
  });

  it('reports a failure without rollback as failed', async () => {
    const service = await startService(WITHOUT_ROLLBACK);
    const { outcome } = await execute(await planFor(service, { image: { uri: missing() } }));
    assert.equal(outcome.outcome, 'failed');
    assert.match(outcome.failure?.summary ?? '', /CannotPullContainerError/);
  });

  it('tells of failing tasks and gives up where no circuit breaker ends the deployment', async () => {
    const service = await startService();
    const plan = await planFor(service, { image: { uri: missing() } });
    const { events, outcome } = await execute(plan, undefined, undefined, 2);
    assert.equal(outcome.outcome, 'failed');
    assert.match(outcome.reason ?? '', /goes on trying/);
    assert.ok(events.filter(({ kind }) => kind === 'taskFailed').length >= 2);
  });

  it('reports a deployment that another takes the place of as superseded', async () => {
    const service = await startService(BREAKER, 1);
    const plan = await planFor(service, { image: { uri: missing() } });
    let superseded = false;
    const { outcome } = await execute(plan, async ({ kind }) => {
      if (kind === 'updated' && !superseded) {
        superseded = true;
        await ecs.updateService({ cluster: 'main', service, taskDefinition: `${service}:1` });
      }
    });
    assert.equal(outcome.outcome, 'failed');
    assert.match(outcome.reason ?? '', /superseded/);
  });

  it('goes on watching through throttling, dropped connections and expired credentials', async () => {
    const service = await startService();
    const plan = await planFor(service, { image: { uri: 'public.example/web:4' } });
    let disturbed = false;
    const { outcome } = await execute(plan, async ({ kind }) => {
      if (kind === 'updated' && !disturbed) {
        disturbed = true;
        await fault({ operation: 'DescribeServices', kind: 'expiredToken', count: 3 });
        await fault({ operation: 'DescribeServices', kind: 'drop', count: 1 });
        await fault({ operation: 'DescribeServices', kind: 'throttle', count: 2 });
        await fault({ operation: 'DescribeServiceDeployments', kind: 'error', count: 2 });
      }
    });
    assert.equal(outcome.outcome, 'completed');
  });

  it('says that the deployment goes on when the watch is ended, and leaves it running', async () => {
    const service = await startService();
    const abort = new AbortController();
    const plan = await planFor(service, { image: { uri: 'public.example/web:5' } });
    await assert.rejects(
      execute(plan, ({ kind }) => kind === 'updated' && abort.abort(), abort.signal),
      (error: Error & { reason?: string }) =>
        error.reason === 'cancelled' && error.message.includes('goes on'),
    );
    const described = await ecs.service('main', service);
    assert.match(described.taskDefinition ?? '', /:2$/);
  });

  it('says that the revision remains when the service cannot be updated', async () => {
    const service = await startService();
    const plan = await planFor(service, { image: { uri: 'public.example/web:6' } });
    await fault({ operation: 'UpdateService', kind: 'accessDenied' });
    await assert.rejects(execute(plan), /was registered and remains.*web-\d+:2/);
  });

  it('ends clearly when the service is deleted elsewhere', async () => {
    const service = await startService();
    const plan = await planFor(service, { image: { uri: missing() } });
    const { outcome } = await execute(plan, ({ kind }) =>
      kind === 'updated' ? ecs.deleteService('main', service, true) : undefined,
    );
    assert.equal(outcome.outcome, 'failed');
    assert.match(outcome.reason ?? '', /deleted/);
  });

  it('rolls back a deployment that is under way', async () => {
    const service = await startService();
    const plan = await planFor(service, { image: { uri: missing() } });
    let asked = false;
    const { outcome } = await execute(plan, async ({ kind }) => {
      if (kind === 'taskFailed' && !asked) {
        asked = true;
        const result = await rollBack(ecs, { cluster: 'main', service });
        assert.equal(result.kind, 'stopping');
      }
    });
    assert.equal(outcome.outcome, 'rolledBack');
  });

  it('plans the revision that ran before when nothing is under way', async () => {
    const service = await startService();
    await execute(await planFor(service, { image: { uri: 'public.example/web:7' } }));
    const result = await rollBack(ecs, { cluster: 'main', service });
    assert.equal(result.kind, 'plan');
    const { outcome } = await execute(result.plan);
    assert.equal(outcome.outcome, 'completed');
    assert.match(outcome.taskDefinitionArn, new RegExp(`task-definition/${service}:1$`));
  });

  it('has nothing to go back to after the first deployment', async () => {
    const service = await startService();
    await assert.rejects(rollBack(ecs, { cluster: 'main', service }), { reason: 'noDeployment' });
  });

  it('completes a deployment of a service that wants no tasks', async () => {
    const service = await startService({}, 0);
    const plan = await planFor(service, { image: { uri: 'public.example/web:8' } });
    assert.match(plan.notices.join(' '), /desired count 0/);
    assert.equal((await execute(plan)).outcome.outcome, 'completed');
  });
});
