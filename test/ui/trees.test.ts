import assert from 'node:assert/strict';
import { createSession, type AwsSession } from '../../src/aws/session';
import { useSandbox } from '../support/sandboxClients';
import { TinyImages } from '../support/tinyImage';
import { describeInWorkbench } from './describeInWorkbench';
import type { WorkbenchPage } from './workbenchPage';

const REGION = 'us-east-1';

describe('The sidebar', () => {
  const sandbox = useSandbox();
  let aws: AwsSession;

  before(async () => {
    aws = createSession({
      label: 'Local Sandbox',
      source: { kind: 'static', accessKeyId: 'sandbox', secretAccessKey: 'sandbox' },
      region: REGION,
      endpoint: sandbox.endpoint,
    });
    await aws.ecr.createRepository({ repositoryName: 'team/web' });
    await aws.ecr.createRepository({ repositoryName: 'old' });
    const images = new TinyImages(await aws.ecr.authorization(), 'team/web');
    await images.push('first', 'v1');
    await images.push('second', 'v2', 'latest');
    await new TinyImages(await aws.ecr.authorization(), 'old').push('only', 'v1');
    await aws.ecs.createCluster({ clusterName: 'main' });
    await aws.ecs.registerTaskDefinition({
      family: 'web',
      containerDefinitions: [{ name: 'app', image: 'busybox', memory: 64 }],
    });
    await aws.ecs.createService({
      cluster: 'main',
      serviceName: 'web',
      taskDefinition: 'web',
      desiredCount: 1,
    });
  });
  after(() => aws.dispose());

  const options = {
    sandbox: false,
    // Read when the window starts: the sandbox's port is known by then.
    get env() {
      return { AWS_CONTAINERS_SANDBOX_ENDPOINT: sandbox.endpoint, AWS_REGION: REGION };
    },
  };

  describeInWorkbench('of a window on a sandbox', options, (suite) => {
    const open = async (): Promise<WorkbenchPage> => {
      const { workbench } = suite();
      await workbench.openViewContainer('AWS Containers');
      return workbench;
    };
    const labels = async (view: string): Promise<string[]> =>
      (await suite().workbench.rows(view)).map(({ label }) => label);
    // A dialog or prompt that a failed test left open would be in the way of all others.
    afterEach(() => suite().workbench.page.keyboard.press('Escape'));

    const gone = (view: string, label: string): Promise<true> =>
      suite().workbench.waitUntil(`${label} to be gone`, async () =>
        (await labels(view)).includes(label) ? undefined : true,
      );

    it('shows repositories and images, with size and age', async () => {
      const workbench = await open();
      await workbench.row('ECR', 'team/web');
      assert.deepEqual(await labels('ECR'), ['old', 'team/web']);
      await workbench.expand('ECR', 'team/web');
      await workbench.row('ECR', 'latest, v2');
      const rows = await workbench.rows('ECR');
      const image = rows.find(({ label }) => label === 'latest, v2');
      assert.match(image?.description ?? '', /bytes · just now|minute/);
      assert.equal(image?.level, 2);
    });

    it('copies the URI of an image from its menu', async () => {
      const workbench = await open();
      await workbench.chooseFromRowMenu('ECR', 'v1', 'Copy Image URI');
      const uri = await workbench.waitUntil('the URI in the clipboard', async () => {
        const text = await workbench.readClipboard();
        return text.endsWith(':v1') ? text : undefined;
      });
      assert.equal(uri, `${sandbox.registry}/team/web:v1`);
    });

    it('asks before it deletes an image, and leaves it when the answer is no', async () => {
      const workbench = await open();
      await workbench.chooseFromRowMenu('ECR', 'v1', 'Delete Image...');
      const { message, buttons } = await workbench.dialog();
      assert.match(message, /Delete the image v1 from team\/web\?/);
      assert.deepEqual(buttons.sort(), ['Cancel', 'Delete']);
      await workbench.pressDialogButton('Cancel');
      assert.ok(await aws.ecr.image('team/web', { imageTag: 'v1' }));
    });

    it('deletes an image once it may', async () => {
      const workbench = await open();
      await workbench.chooseFromRowMenu('ECR', 'v1', 'Delete Image...');
      await workbench.pressDialogButton('Delete');
      await gone('ECR', 'v1');
      assert.equal(await aws.ecr.image('team/web', { imageTag: 'v1' }), undefined);
    });

    it('removes one tag of an image that has several', async () => {
      const workbench = await open();
      await workbench.chooseFromRowMenu('ECR', 'latest, v2', 'Delete Image...');
      await workbench.pick('Remove only the tag latest');
      await workbench.row('ECR', 'v2');
      assert.ok(await aws.ecr.image('team/web', { imageTag: 'v2' }));
    });

    it('creates a repository, refusing a bad name while it is typed', async () => {
      const workbench = await open();
      await workbench.pressViewAction('ECR', 'Create Repository');
      await workbench.answer('Bad Name');
      await suite().workbench.inputMessage(/lower-case letters/);
      await workbench.answer('team/new');
      await workbench.pick('Tags are immutable');
      await workbench.row('ECR', 'team/new');
      const created = await aws.ecr.repository('team/new');
      assert.equal(created.imageTagMutability, 'IMMUTABLE');
    });

    it('has the name typed before a repository with images is deleted', async () => {
      const workbench = await open();
      await workbench.chooseFromRowMenu('ECR', 'old', 'Delete Repository...');
      await workbench.answer('ol', /are lost with it/);
      await suite().workbench.inputMessage(/Type old to confirm/);
      await workbench.answer('old');
      await gone('ECR', 'old');
      await assert.rejects(aws.ecr.repository('old'), { reason: 'notFound' });
    });

    it('shows clusters, services, tasks and containers', async () => {
      const workbench = await open();
      await workbench.expand('ECS', 'main');
      await workbench.row('ECS', 'Tasks without a service');
      await workbench.expand('ECS', 'web');
      const task = await workbench.waitUntil('a running task', async () => {
        const row = (await workbench.rows('ECS')).find(({ level }) => level === 3);
        if (row?.description.includes('running')) {
          return row;
        }
        await workbench.pressRowAction('ECS', 'web', 'Refresh');
        return undefined;
      });
      assert.match(task.description, /running · rev\. 1/);
      await workbench.expand('ECS', task.label);
      await workbench.row('ECS', 'app');
    });

    it('says of a task that it is simulated where there is no engine', async () => {
      const workbench = await open();
      const rows = (await workbench.rows('ECS')).filter(
        ({ level, label }) => level >= 3 && label !== 'Stopped tasks',
      );
      assert.ok(rows.length > 0);
      for (const { label, description } of rows) {
        assert.match(description, /^simulated · /, label);
      }
    });

    it('asks before it stops a task, and shows the one that takes its place', async () => {
      const workbench = await open();
      const task = (await workbench.rows('ECS')).find(({ level }) => level === 3);
      assert.ok(task);
      await workbench.chooseFromRowMenu('ECS', task.label, 'Stop Task...');
      const { detail } = await workbench.dialog();
      assert.match(detail, /The service web will start another/);
      await workbench.pressDialogButton('Stop Task');
      await workbench.waitUntil('another task', async () => {
        await workbench.pressRowAction('ECS', 'web', 'Refresh');
        const rows = (await workbench.rows('ECS')).filter(({ level }) => level === 3);
        return rows.length > 0 && rows.every(({ label }) => label !== task.label) ? true : undefined;
      });
    });

    it('shows families and their revisions', async () => {
      const workbench = await open();
      await workbench.expand('Task Definitions', 'web');
      const row = await workbench.row('Task Definitions', 'web:1');
      assert.match(await row.innerText(), /latest/);
    });

    it('says in a row why a listing failed, and loads it when the row is clicked', async () => {
      const workbench = await open();
      await sandbox.control('POST', 'faults', {
        operation: 'DescribeRepositories',
        kind: 'error',
        count: 6,
      });
      await workbench.pressViewAction('ECR', 'Refresh');
      const message = /^Could not list the ECR repositories/;
      await workbench.row('ECR', message);
      await sandbox.control('DELETE', 'faults');
      await workbench.clickRow('ECR', message);
      await workbench.row('ECR', 'team/web');
    });
  });
});
