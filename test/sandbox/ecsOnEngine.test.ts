import assert from 'node:assert/strict';
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DeleteServiceCommand,
  DescribeServicesCommand,
  DescribeTasksCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
  type ContainerDefinition,
  type Service,
} from '@aws-sdk/client-ecs';
import { poll } from '../../src/base/delay';
import { run } from '../../src/base/process';
import { buildBusyboxImage, type BusyboxImage } from '../support/busyboxImage';
import { describeWithEngine } from '../support/engine';
import { startTestSandbox, type RunningTestSandbox } from '../support/sandboxClients';

/** Serves a word over HTTP, and ends at once when it is asked to. */
const SERVE = (word: string): string =>
  `mkdir -p /www && echo ${word} > /www/index.html && trap "exit 0" TERM; httpd -f -p 8080 -h /www & wait`;

describeWithEngine('the sandbox as ECS on an engine', (engine) => {
  let image: BusyboxImage | undefined;
  let sandbox: RunningTestSandbox | undefined;

  before(async function () {
    this.timeout(60_000);
    image = await buildBusyboxImage(this, engine());
    sandbox = await startTestSandbox({ engine: engine() });
    await sandbox.ecs.send(new CreateClusterCommand({}));
  });
  after(async function () {
    this.timeout(60_000);
    await sandbox?.close();
    await image?.remove();
  });

  const ecs = () => {
    assert.ok(sandbox);
    return sandbox.ecs;
  };

  /** Registers a revision of "web" that runs this script. */
  const register = async (script: string, members: Partial<ContainerDefinition> = {}): Promise<string> => {
    const { taskDefinition } = await ecs().send(
      new RegisterTaskDefinitionCommand({
        family: 'web',
        containerDefinitions: [
          {
            name: 'app',
            image: image?.reference,
            memory: 64,
            command: ['sh', '-c', script],
            portMappings: [{ containerPort: 8080 }],
            ...members,
          },
        ],
      }),
    );
    return taskDefinition?.taskDefinitionArn ?? '';
  };

  const serviceWhere = (wanted: (service: Service) => boolean): Promise<Service> =>
    poll(
      async () => {
        const { services } = await ecs().send(new DescribeServicesCommand({ services: ['web'] }));
        return services?.[0] && wanted(services[0]) ? services[0] : undefined;
      },
      { interval: 200, signal: AbortSignal.timeout(60_000) },
    );
  const completed = ({ deployments = [] }: Service): boolean =>
    deployments.length === 1 && deployments[0]?.rolloutState === 'COMPLETED';

  /** What the service's running task answers on the port that it shows. */
  const ask = async (): Promise<string> => {
    const { taskArns } = await ecs().send(new ListTasksCommand({ serviceName: 'web' }));
    const { tasks } = await ecs().send(new DescribeTasksCommand({ tasks: taskArns }));
    const running = tasks?.find(({ lastStatus }) => lastStatus === 'RUNNING');
    const binding = running?.containers?.[0]?.networkBindings?.[0];
    const response = await fetch(`http://${binding?.bindIP}:${binding?.hostPort}/`);
    return (await response.text()).trim();
  };

  it('runs, replaces, refuses to replace with what breaks, and leaves nothing behind', async function () {
    this.timeout(180_000);
    const first = await register(SERVE('one'));
    await ecs().send(
      new CreateServiceCommand({
        serviceName: 'web',
        taskDefinition: first,
        desiredCount: 1,
        deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
      }),
    );
    await serviceWhere(completed);
    assert.equal(await ask(), 'one');

    const second = await register(SERVE('two'), {
      healthCheck: {
        command: ['CMD-SHELL', 'wget -q -O - http://127.0.0.1:8080/'],
        interval: 5,
        timeout: 2,
      },
    });
    await ecs().send(new UpdateServiceCommand({ service: 'web', taskDefinition: second }));
    const good = await serviceWhere((service) => completed(service) && service.taskDefinition === second);
    assert.equal(await ask(), 'two');

    const broken = await register('echo cannot >&2; exit 3');
    const { service: updated } = await ecs().send(
      new UpdateServiceCommand({ service: 'web', taskDefinition: broken }),
    );
    const failedId = updated?.deployments?.[0]?.id ?? '';
    const after = await serviceWhere((service) => completed(service) && service.taskDefinition === second);
    assert.equal(after.deployments?.[0]?.id, good.deployments?.[0]?.id);
    assert.ok(
      after.events?.some(
        ({ message }) =>
          message === `(service web) (deployment ${failedId}) deployment failed: tasks failed to start.`,
      ),
    );
    assert.equal(await ask(), 'two');
    const stopped = await ecs().send(new ListTasksCommand({ startedBy: failedId, desiredStatus: 'STOPPED' }));
    const { tasks } = await ecs().send(new DescribeTasksCommand({ tasks: stopped.taskArns }));
    assert.deepEqual(
      tasks?.map(({ stopCode, containers }) => [stopCode, containers?.[0]?.exitCode]),
      Array.from({ length: 3 }, () => ['EssentialContainerExited', 3]),
    );

    await ecs().send(new DeleteServiceCommand({ service: 'web', force: true }));
    await serviceWhere(({ status }) => status === 'INACTIVE');
    const listed = await run({
      file: engine().file,
      args: ['ps', '--all', '--quiet', `--filter=ancestor=${image?.reference}`],
    });
    assert.equal(listed.stdout.trim(), '');
  });

  it('fails a deployment whose tasks do not become healthy', async function () {
    this.timeout(180_000);
    const first = await register(SERVE('one'));
    await ecs().send(
      new CreateServiceCommand({
        serviceName: 'web',
        taskDefinition: first,
        desiredCount: 1,
        deploymentConfiguration: {
          deploymentCircuitBreaker: {
            enable: true,
            rollback: true,
            thresholdConfiguration: { type: 'COUNT', value: 1 },
          },
        },
      }),
    );
    await serviceWhere(completed);
    const sick = await register(SERVE('sick'), {
      healthCheck: { command: ['CMD-SHELL', 'exit 1'], interval: 5, timeout: 2, retries: 1 },
    });
    await ecs().send(new UpdateServiceCommand({ service: 'web', taskDefinition: sick }));
    const after = await serviceWhere(
      (service) =>
        completed(service) &&
        service.taskDefinition === first &&
        service.events?.some(({ message = '' }) => message.includes('failed container health checks')) ===
          true,
    );
    assert.equal(after.runningCount, 1);
    assert.equal(await ask(), 'one');
    await ecs().send(new DeleteServiceCommand({ service: 'web', force: true }));
    await serviceWhere(({ status }) => status === 'INACTIVE');
  });
});
