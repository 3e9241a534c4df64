import assert from 'node:assert/strict';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ECR } from '@aws-sdk/client-ecr';
import { ECS } from '@aws-sdk/client-ecs';
import * as vscode from 'vscode';
import { poll } from '../../src/base/delay';
import { run } from '../../src/base/process';
import type { Engine } from '../../src/containers/engine';
import { describeWithEngine } from '../support/engine';
import { runCommand } from './runCommand';
import { sandboxSettings } from './sandboxSettings';

const CLUSTER = 'main-job';
const FAMILY = 'main-job';

/** The one scenario that must always hold: from a Dockerfile to a running service, and what goes wrong on the way. */
describeWithEngine('the whole main job, by commands in the extension host', (engine) => {
  const settings = sandboxSettings('us-east-1');
  const ecs = new ECS(settings);
  const ecr = new ECR(settings);
  let folder: string;
  let first: { uri: string; digest: string };

  const push = (tag: string, createRepository = false): Thenable<{ uri: string; digest: string }> =>
    runCommand('image.push', {
      dockerfile: join(folder, 'Dockerfile'),
      repository: 'main-job/web',
      tag,
      createRepository,
    });
  const deploy = (
    answers: object,
  ): Thenable<{ taskDefinitionArn: string; deploymentId: string; outcome: string; reason?: string }> =>
    runCommand('service.deploy', { cluster: CLUSTER, service: 'web', confirm: false, ...answers });

  before(async () => {
    folder = join(vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '', 'web');
    await ecs.createCluster({ clusterName: CLUSTER });
  });

  after(async function () {
    this.timeout(60_000);
    const { serviceArns = [] } = await ecs.listServices({ cluster: CLUSTER });
    for (const service of serviceArns) {
      await ecs.deleteService({ cluster: CLUSTER, service, force: true });
    }
    // Nothing may be left on the engine: this settles only when the last container is gone.
    await poll(async () => ((await containersOf(engine())).length === 0 ? true : undefined), {
      interval: 200,
    });
  });

  it('builds and pushes: the digest is the one that ECR has', async () => {
    first = await push('v1', true);
    const { imageDetails } = await ecr.describeImages({
      repositoryName: 'main-job/web',
      imageIds: [{ imageTag: 'v1' }],
    });
    assert.equal(first.digest, imageDetails?.[0]?.imageDigest);
    assert.match(first.uri, /^127\.0\.0\.1:\d+\/main-job\/web:v1$/);
  });

  it('registers the task definition file and creates a service of it', async () => {
    const file = join(folder, 'task-definition.json');
    const definition = JSON.parse(await readFile(file, 'utf8')) as {
      family: string;
      containerDefinitions: { image: string }[];
    };
    const container = definition.containerDefinitions[0];
    assert.ok(container);
    container.image = first.uri;
    definition.family = FAMILY;
    await writeFile(file, JSON.stringify(definition, undefined, 2));
    const { taskDefinitionArn } = await runCommand<{ taskDefinitionArn: string }>('taskDefinition.register', {
      file,
      confirm: false,
    });
    assert.match(taskDefinitionArn, /task-definition\/main-job:1$/);
    await runCommand('service.create', {
      cluster: CLUSTER,
      service: 'web',
      taskDefinition: taskDefinitionArn,
      desiredCount: 1,
      subnets: ['subnet-0123456789abcdef0'],
    });
    await addressOfService();
  });

  it('deploys, and the running container answers', async () => {
    const result = await deploy({ image: { uri: first.uri } });
    assert.equal(result.outcome, 'completed');
    assert.match(result.deploymentId, /^ecs-svc\/\d+$/);
    assert.match(await bodyFrom(await addressOfService()), /<html|<h1|Hello/i);
  });

  it("streams the container's lines into an output channel", async () => {
    const { channel } = await runCommand<{ channel: string }>('logs.stream', {
      cluster: CLUSTER,
      service: 'web',
      since: 0,
    });
    await bodyFrom(await addressOfService());
    const text = await poll(
      async () => {
        const document = vscode.workspace.textDocuments.find(
          (each) => each.uri.scheme === 'output' && /127\.0\.0\.1|GET/.test(each.getText()),
        );
        return Promise.resolve(document?.getText());
      },
      { interval: 100 },
    );
    assert.match(text, /web/);
    await runCommand('logs.stop', { channel });
  });

  it('deploys a second version', async () => {
    await writeFile(join(folder, 'www', 'index.html'), '<h1>second version</h1>');
    const second = await push('v2');
    assert.notEqual(second.digest, first.digest);
    const result = await deploy({ image: { uri: second.uri } });
    assert.equal(result.outcome, 'completed');
    assert.match(await bodyFrom(await addressOfService()), /second version/);
  });

  it('reports a broken version as rolled back, with its reason', async function () {
    this.timeout(120_000);
    const dockerfile = join(folder, 'Dockerfile');
    await copyFile(dockerfile, `${dockerfile}.kept`);
    await writeFile(
      dockerfile,
      (await readFile(dockerfile, 'utf8')).replace(
        /^ENTRYPOINT.*$/m,
        'ENTRYPOINT ["/server", "--no-such-flag"]',
      ),
    );
    const broken = await push('broken');
    await copyFile(`${dockerfile}.kept`, dockerfile);
    const result = await deploy({ image: { uri: broken.uri } });
    assert.equal(result.outcome, 'rolledBack');
    assert.match(result.reason ?? '', /circuit breaker|failed to start|exit/i);
    assert.match(await bodyFrom(await addressOfService()), /second version/);
  });

  /** The address of the one running task of the newest revision. */
  async function addressOfService(): Promise<string> {
    return poll(
      async () => {
        const { services } = await ecs.describeServices({ cluster: CLUSTER, services: ['web'] });
        const { taskArns = [] } = await ecs.listTasks({ cluster: CLUSTER, serviceName: 'web' });
        if (taskArns.length !== 1) {
          return undefined;
        }
        const { tasks } = await ecs.describeTasks({ cluster: CLUSTER, tasks: taskArns });
        const task = tasks?.find(
          ({ lastStatus, taskDefinitionArn }) =>
            lastStatus === 'RUNNING' && taskDefinitionArn === services?.[0]?.taskDefinition,
        );
        const binding = task?.containers?.[0]?.networkBindings?.[0];
        return binding && `http://127.0.0.1:${binding.hostPort}/`;
      },
      { interval: 200 },
    );
  }
});

async function bodyFrom(url: string): Promise<string> {
  return poll(
    async () => {
      try {
        return await (await fetch(url)).text();
      } catch {
        // Published, but the program inside does not listen yet.
        return undefined;
      }
    },
    { interval: 100 },
  );
}

async function containersOf(engine: Engine): Promise<string[]> {
  const { stdout } = await run({
    file: engine.file,
    args: ['ps', '--all', '--filter', 'label=aws-containers.sandbox', '--format', '{{.Names}} {{.Labels}}'],
  });
  return stdout.split('\n').filter((line) => line.includes(CLUSTER));
}
