import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ECS } from '@aws-sdk/client-ecs';
import { poll } from '../../src/base/delay';
import { run } from '../../src/base/process';
import { readSandboxId } from '../../src/sandbox/tasks/sandboxId';
import { describeWithEngine } from '../support/engine';
import { describeInWorkbench } from './describeInWorkbench';

/** Long enough for a build and a push, or a rollout, on a machine that has other things to do. */
const WORK = 90_000;

/** The main job as a person does it: by menus, prompts, messages and the output, in one window. */
describeWithEngine('The whole main job, by hand', (engine) => {
  describeInWorkbench('in a window on a sandbox', {}, (suite) => {
    let ecs: ECS;
    const inWorkspace = (...names: string[]): string => path.join(suite().stage.workspace, ...names);

    before(() => {
      ecs = new ECS({
        endpoint: suite().stage.sandbox?.endpoint,
        region: 'us-east-1',
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      });
    });
    after(() => ecs.destroy());

    it('pushes a Dockerfile from its menu, asking for repository and tag', async function () {
      this.timeout(WORK + 30_000);
      const { workbench } = suite();
      await workbench.chooseFromFileMenu('web/Dockerfile', 'Push to ECR...');
      await workbench.pick('web');
      await workbench.pick('Type a Tag...');
      await workbench.answer('not a tag');
      await workbench.inputMessage(/A tag has up to 128/);
      await workbench.answer('v1');
      await workbench.notification(/Pushed 127\.0\.0\.1:\d+\/web:v1/, WORK);
      assert.match(
        await workbench.outputMatching('AWS Containers: Build and Push', /sha256:[0-9a-f]{64}/),
        /Dockerfile/,
      );
      await workbench.openViewContainer('AWS Containers');
      await workbench.expand('ECR', 'web');
      await workbench.row('ECR', 'v1');
    });

    it('needs one confirmation for the second push', async function () {
      this.timeout(WORK + 30_000);
      const { workbench } = suite();
      await workbench.clearNotifications();
      await workbench.page.keyboard.press('ControlOrMeta+Shift+E');
      await workbench.chooseFromFileMenu('web/Dockerfile', 'Push to ECR...');
      await workbench.pick('Push web:v1');
      await workbench.notification(/Pushed .*\/web:v1/, WORK);
    });

    it('completes and explains a task definition, and registers it', async () => {
      const { workbench } = suite();
      await workbench.clearNotifications();
      const file = inWorkspace('web', 'task-definition.json');
      const text = (await readFile(file, 'utf8')).replace(
        '"web:latest"',
        `"${suite().stage.sandbox?.registry}/web:v1"`,
      );
      await writeFile(file, text);
      await workbench.editor.open('web/task-definition.json');
      const lines = text.split('\n');
      const line = lines.findIndex((each) => each.includes('"essential"'));
      await workbench.editor.goTo(line + 1, (lines[line] ?? '').length + 1);
      await workbench.editor.type('\n"health');
      assert.ok((await workbench.editor.suggestions('healthCheck')).includes('healthCheck'));
      await workbench.page.keyboard.press('Escape');
      await workbench.editor.replaceAll(text);
      await workbench.editor.save();
      await workbench.editor.goTo(lines.findIndex((each) => each.includes('"cpu"')) + 1, 5);
      assert.match(await workbench.editor.hover(), /number of CPU units used by the task/);
      await workbench.runCommand('Task Definition: Register...');
      await workbench.pressDialogButton('Register');
      await workbench.notification(/Registered web:1/);
    });

    it('creates a service from the menu of the cluster, and the container answers', async function () {
      this.timeout(WORK + 30_000);
      const { workbench } = suite();
      await workbench.clearNotifications();
      await workbench.openViewContainer('AWS Containers');
      await workbench.chooseFromRowMenu('ECS', 'demo', 'Create Service...');
      await workbench.pick('web');
      await workbench.answer('web', /255/);
      await workbench.answer('1', /keeps this many/);
      await workbench.answer('subnet-0123456789abcdef0', /subnets/);
      await workbench.answer('', /Ids separated/);
      await workbench.notification(/Created the service web/);
      assert.match(await answerOfService(), /<h1/);
      await workbench.expand('ECS', 'demo');
      await workbench.waitUntil('the service to run', async () => {
        await workbench.pressViewAction('ECS', 'Refresh');
        const rows = await workbench.rows('ECS');
        return (
          rows.some(({ label, description }) => label === 'web' && description.includes('1/1 running')) ||
          undefined
        );
      });
    });

    it("streams the service's logs into an output channel", async () => {
      const { workbench } = suite();
      await workbench.pressRowAction('ECS', 'web', 'Stream Logs');
      await answerOfService();
      const text = await workbench.outputMatching('Logs: demo/web', /GET/);
      assert.match(text, /Local Sandbox · us-east-1/);
    });

    it('deploys a second version from the message of its push, after showing the difference', async function () {
      this.timeout(2 * WORK);
      const { workbench } = suite();
      await writeFile(inWorkspace('web', 'www', 'index.html'), '<h1>the second version</h1>');
      await workbench.openViewContainer('AWS Containers');
      await workbench.pressRowAction('ECR', 'web', 'Push to ECR');
      await workbench.pick('Change...');
      await workbench.pick('Type a Tag...');
      await workbench.answer('v2');
      await workbench.pressNotificationButton(/Pushed .*\/web:v2/, 'Deploy...', WORK);
      await workbench.pick('demo');
      await workbench.pick('web');
      const { rows } = await workbench.quickPick(/Deploy to web\?/);
      assert.ok(
        rows.some(({ label }) => /v1.*v2/.test(label)),
        JSON.stringify(rows),
      );
      await workbench.pick('Deploy to web');
      await workbench.notification(/web runs web:2 now/, WORK);
      assert.match(await answerOfService(), /the second version/);
    });

    it('says why a broken version failed, and that it was rolled back', async function () {
      this.timeout(2 * WORK);
      const { workbench } = suite();
      await workbench.clearNotifications();
      const dockerfile = inWorkspace('web', 'Dockerfile');
      const text = await readFile(dockerfile, 'utf8');
      await writeFile(
        dockerfile,
        text.replace(/^ENTRYPOINT.*$/m, 'ENTRYPOINT ["/server", "--no-such-flag"]'),
      );
      await workbench.pressRowAction('ECR', 'web', 'Push to ECR');
      await workbench.pick('Change...');
      await workbench.pick('Type a Tag...');
      await workbench.answer('broken');
      await workbench.pressNotificationButton(/Pushed .*\/web:broken/, 'Deploy...', WORK);
      await workbench.pick('demo');
      await workbench.pick('web');
      await workbench.pick('Deploy to web');
      await workbench.pressNotificationButton(/failed and was rolled back/, 'Show Details', WORK);
      const details = await workbench.outputMatching(
        'AWS Containers: Deployments',
        /failed and was rolled back/,
      );
      assert.match(details, /exit code 1/);
      assert.match(details, /no-such-flag/);
      assert.match(await answerOfService(), /the second version/);
    });

    it('builds nothing when the Dockerfile is wrong, and shows the line', async function () {
      this.timeout(WORK + 30_000);
      const { workbench } = suite();
      await workbench.clearNotifications();
      await writeFile(inWorkspace('web', 'Dockerfile'), 'FROM scratch\nCOPY no-such-file /\n');
      await workbench.pressRowAction('ECR', 'web', 'Push to ECR');
      await workbench.pick(/^Push web:/);
      assert.match(await workbench.notification(/could not be built/, WORK), /line 2 of Dockerfile/);
      await workbench.page.locator('.tab.active[data-resource-name="Dockerfile"]').waitFor();
    });

    it('deletes the service from its menu, and leaves nothing on the engine', async function () {
      this.timeout(WORK);
      const { workbench } = suite();
      await workbench.openViewContainer('AWS Containers');
      assert.notEqual(await containersOfSandbox(), '');
      await workbench.chooseFromRowMenu('ECS', 'web', 'Delete Service...');
      assert.match((await workbench.dialog()).message, /Delete the service web of cluster demo\?/);
      await workbench.pressDialogButton('Delete');
      // It drains until its task has stopped.
      await workbench.waitUntil(
        'the row of the service to be gone',
        async () => {
          await workbench.pressViewAction('ECS', 'Refresh');
          return (await workbench.rows('ECS')).some(({ label }) => label === 'web') ? undefined : true;
        },
        undefined,
        WORK / 2,
      );
      await poll(async () => ((await containersOfSandbox()) === '' ? true : undefined), { interval: 200 });
    });

    /** The ids of all containers of this sandbox, also of those that ended. */
    async function containersOfSandbox(): Promise<string> {
      const id = readSandboxId(path.join(suite().stage.workspace, '..', 'sandbox'));
      const { stdout } = await run({
        file: engine().file,
        args: ['ps', '--all', '--quiet', '--filter', `label=aws-containers.sandbox=${id}`],
      });
      return stdout.trim();
    }

    /** What the newest running task of the service answers on the port that it publishes. */
    function answerOfService(): Promise<string> {
      return poll(
        async () => {
          const { services } = await ecs.describeServices({ cluster: 'demo', services: ['web'] });
          const { taskArns: tasks = [] } = await ecs.listTasks({ cluster: 'demo', serviceName: 'web' });
          if (tasks.length !== 1) {
            return undefined;
          }
          const [task] = (await ecs.describeTasks({ cluster: 'demo', tasks })).tasks ?? [];
          const port = task?.containers?.[0]?.networkBindings?.[0]?.hostPort;
          if (port === undefined || task?.taskDefinitionArn !== services?.[0]?.taskDefinition) {
            return undefined;
          }
          return fetch(`http://127.0.0.1:${port}/`).then(
            (response) => response.text(),
            // Published, but the program inside does not listen yet.
            () => undefined,
          );
        },
        { interval: 200 },
      );
    }
  });
});
