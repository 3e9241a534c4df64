import assert from 'node:assert/strict';
import { CreateTargetGroupCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { AwsSession } from '../../src/aws/session';
import { TinyImages } from '../support/tinyImage';
import { careForImages } from './careForImages';
import { describeSidebar } from './describeSidebar';

async function populate({ ecr }: AwsSession): Promise<void> {
  await ecr.createRepository({ repositoryName: 'team/web' });
  await ecr.createRepository({ repositoryName: 'old' });
  const images = new TinyImages(await ecr.authorization(), 'team/web');
  await images.push('first', 'v1');
  await images.push('second', 'v2', 'latest');
  await new TinyImages(await ecr.authorization(), 'old').push('only', 'v1');
}

describeSidebar('The sidebar', populate, ({ sandbox, aws, open, labels }) => {
  const gone = async (view: string, label: string): Promise<true> =>
    (await open()).waitUntil(`${label} to be gone`, async () =>
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
    assert.ok(await aws().ecr.image('team/web', { imageTag: 'v1' }));
  });

  it('deletes an image once it may', async () => {
    const workbench = await open();
    await workbench.chooseFromRowMenu('ECR', 'v1', 'Delete Image...');
    await workbench.pressDialogButton('Delete');
    await gone('ECR', 'v1');
    assert.equal(await aws().ecr.image('team/web', { imageTag: 'v1' }), undefined);
  });

  it('removes one tag of an image that has several', async () => {
    const workbench = await open();
    await workbench.chooseFromRowMenu('ECR', 'latest, v2', 'Delete Image...');
    await workbench.pick('Remove only the tag latest');
    await workbench.row('ECR', 'v2');
    assert.ok(await aws().ecr.image('team/web', { imageTag: 'v2' }));
  });

  it('creates a repository, refusing a bad name while it is typed', async () => {
    const workbench = await open();
    await workbench.pressViewAction('ECR', 'Create Repository');
    await workbench.answer('Bad Name');
    await workbench.inputMessage(/lower-case letters/);
    await workbench.answer('team/new');
    await workbench.pick('Tags are immutable');
    await workbench.row('ECR', 'team/new');
    const created = await aws().ecr.repository('team/new');
    assert.equal(created.imageTagMutability, 'IMMUTABLE');
  });

  it('has the name typed before a repository with images is deleted', async () => {
    const workbench = await open();
    await workbench.chooseFromRowMenu('ECR', 'old', 'Delete Repository...');
    await workbench.answer('ol', /are lost with it/);
    await workbench.inputMessage(/Type old to confirm/);
    await workbench.answer('old');
    await gone('ECR', 'old');
    await assert.rejects(aws().ecr.repository('old'), { reason: 'notFound' });
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
      ({ level, label }) => level >= 3 && /^([0-9a-f]{8}|app)$/.test(label),
    );
    assert.ok(rows.length > 0);
    for (const { label, description } of rows) {
      assert.match(description, /^simulated · /, label);
    }
  });

  it('shows what a service deployed and said, folded below its tasks', async () => {
    const workbench = await open();
    const section = (label: string): Promise<string> =>
      workbench.waitUntil(`${label} below the service`, async () => {
        const row = (await workbench.rows('ECS')).find((each) => each.label === label);
        return row?.level === 3 && row.expanded === false ? row.description : undefined;
      });
    assert.equal(await section('Deployments'), 'completed');
    assert.match(await section('Events'), /just now|ago/);
    await workbench.expand('ECS', 'Deployments');
    await workbench.row('ECS', 'web:1');
    const deployment = (await workbench.rows('ECS')).find(({ label }) => label === 'web:1');
    assert.match(deployment?.description ?? '', /^primary · 1\/1 running · completed/);
    await workbench.expand('ECS', 'Events');
    const event = await workbench.waitUntil('the event of a steady state', async () =>
      (await workbench.rows('ECS')).find(({ description }) => description.endsWith('a steady state.')),
    );
    assert.match(event.label, /^\d\d:\d\d:\d\d$/);
    assert.equal(event.level, 4);
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

  it('shows the tasks that stopped, which can be forgotten', async () => {
    const workbench = await open();
    await workbench.waitUntil('the service to be at rest', async () => {
      await workbench.pressRowAction('ECS', 'web', 'Refresh');
      return (await labels('ECS')).includes('Stopped tasks') ? true : undefined;
    });
    await workbench.expand('ECS', 'Stopped tasks');
    const task = await workbench.waitUntil('the task that was stopped', async () =>
      (await workbench.rows('ECS')).find(
        ({ level, description }) => level === 4 && description.includes('stopped'),
      ),
    );
    assert.match(task.description, /^simulated · stopped · rev\. 1/);
    assert.ok((await workbench.openRowMenu('ECS', 'Stopped tasks')).includes('Forget Stopped Tasks'));
  });

  it('shows tasks without a service in groups, where they are of several', async () => {
    const workbench = await open();
    const { ecs } = aws();
    await ecs.runTask({ cluster: 'main', taskDefinition: 'web', startedBy: 'chronos-schedule/nightly' });
    await ecs.runTask({ cluster: 'main', taskDefinition: 'web', group: 'migrations' });
    await workbench.expand('ECS', 'Tasks without a service');
    await workbench.row('ECS', 'nightly');
    const groups = (await workbench.rows('ECS')).filter(({ label }) =>
      ['nightly', 'migrations'].includes(label),
    );
    assert.deepEqual(
      groups.map(({ label, description }) => `${label}: ${description}`),
      ['migrations: group · 1 task', 'nightly: schedule · 1 task'],
    );
  });

  it('shows what connects a service, and how the targets of its target group fare', async () => {
    const workbench = await open();
    const { ecs } = aws();
    const { elb } = sandbox.clients({ region: ecs.context.region });
    const made = await elb.send(new CreateTargetGroupCommand({ Name: 'shop-blue', TargetType: 'ip' }));
    const targetGroupArn = made.TargetGroups?.[0]?.TargetGroupArn ?? '';
    const portMappings = [{ containerPort: 8080 }];
    await ecs.registerTaskDefinition({
      family: 'shop',
      networkMode: 'awsvpc',
      containerDefinitions: [{ name: 'app', image: 'busybox', memory: 64, portMappings }],
    });
    await ecs.createService({
      cluster: 'main',
      serviceName: 'shop',
      taskDefinition: 'shop',
      desiredCount: 1,
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
      loadBalancers: [{ targetGroupArn, containerName: 'app', containerPort: 8080 }],
    });
    await workbench.pressViewAction('ECS', 'Collapse All');
    await workbench.pressRowAction('ECS', 'main', 'Refresh');
    await workbench.expand('ECS', 'main');
    await workbench.expand('ECS', 'shop');
    await workbench.expand('ECS', 'Networking');
    await workbench.row('ECS', 'subnet-1');
    await workbench.expand('ECS', 'shop-blue');
    await workbench.waitUntil('a healthy target', async () => {
      const target = (await workbench.rows('ECS')).find(({ label }) => label === '127.0.0.1:8080');
      if (target?.description.startsWith('healthy · us-east-1a')) {
        return true;
      }
      await workbench.pressRowAction('ECS', 'shop-blue', 'Refresh');
      return undefined;
    });
  });

  it('shows families with their revisions, those that were deregistered folded', async () => {
    const workbench = await open();
    const containerDefinitions = [{ name: 'app', image: 'busybox', memory: 128 }];
    await aws().ecs.registerTaskDefinition({ family: 'web', containerDefinitions });
    await aws().ecs.deregisterTaskDefinition('web:2');
    await workbench.expand('Task Definitions', 'web');
    const row = await workbench.row('Task Definitions', 'web:1');
    assert.match(await row.innerText(), /latest/);
    await workbench.expand('Task Definitions', 'Inactive');
    await workbench.row('Task Definitions', 'web:2');
    const rows = await workbench.rows('Task Definitions');
    assert.deepEqual(
      rows.map(({ label, level }) => `${level} ${label}`),
      ['1 web', '2 web:1', '2 Inactive', '3 web:2'],
    );
    const items = await workbench.openRowMenu('Task Definitions', 'web:2');
    assert.ok(items.includes('Open Task Definition'));
    assert.ok(!items.includes('Deregister Revision...'), items.join());
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

  careForImages({ sandbox, aws, open, labels });
});
