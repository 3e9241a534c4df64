import assert from 'node:assert/strict';
import { chunk } from '../../src/aws/page';
import { createSession, type AwsSession } from '../../src/aws/session';
import { useSandbox } from '../support/sandboxClients';
import { describeInWorkbench } from './describeInWorkbench';
import type { WorkbenchPage } from './workbenchPage';

const REGION = 'us-east-1';
const REPOSITORIES = 5000;

describe('The sidebar of a large account', () => {
  const sandbox = useSandbox();
  let aws: AwsSession;

  before(async function () {
    this.timeout(180_000);
    aws = createSession({
      label: 'Local Sandbox',
      source: { kind: 'static', accessKeyId: 'sandbox', secretAccessKey: 'sandbox' },
      region: REGION,
      endpoint: sandbox.endpoint,
    });
    const names = Array.from(
      { length: REPOSITORIES },
      (_, index) => `team/r${String(index).padStart(4, '0')}`,
    );
    for (const some of chunk(names, 20)) {
      await Promise.all(some.map((repositoryName) => aws.ecr.createRepository({ repositoryName })));
    }
    await aws.ecs.createCluster({ clusterName: 'main' });
    const containerDefinitions = [{ name: 'app', image: 'busybox', memory: 64 }];
    await aws.ecs.registerTaskDefinition({ family: 'web', containerDefinitions });
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

  describeInWorkbench('in a window', options, (suite) => {
    const open = async (): Promise<WorkbenchPage> => {
      const { workbench } = suite();
      await workbench.openViewContainer('AWS Containers');
      return workbench;
    };
    const labels = async (view: string): Promise<string[]> =>
      (await suite().workbench.rows(view)).map(({ label }) => label);
    const rowsAt = async (key: 'Home' | 'End'): Promise<string[]> => {
      const { workbench } = suite();
      await (await workbench.view('ECR')).locator('.monaco-list').first().focus();
      await workbench.page.keyboard.press(key);
      return labels('ECR');
    };
    afterEach(() => suite().workbench.page.keyboard.press('Escape'));

    it('shows the first thousand of 5,000 repositories, how many more there are, and all on a click', async () => {
      const workbench = await open();
      await workbench.waitUntil('the end of the first thousand', async () =>
        (await rowsAt('End')).includes('4,000 more') ? true : undefined,
      );
      assert.deepEqual((await labels('ECR')).slice(-2), ['team/r0999', '4,000 more']);
      assert.equal((await rowsAt('Home'))[0], 'team/r0000');
      await rowsAt('End');
      await workbench.clickRow('ECR', '4,000 more');
      await workbench.waitUntil('the last of all', async () =>
        (await rowsAt('End')).at(-1) === 'team/r4999' ? true : undefined,
      );
    });

    it('filters them by name, says so, and how many that leaves out', async () => {
      const workbench = await open();
      await workbench.pressViewAction('ECR', 'Filter...');
      await workbench.answer('R123');
      const last = await workbench.waitUntil('the rows that are left', async () => {
        const rows = await rowsAt('End');
        return rows.some((label) => label.endsWith('filtered out')) ? rows : undefined;
      });
      assert.deepEqual(last.slice(-2), ['team/r1239', '4,990 filtered out']);
      assert.equal((await rowsAt('Home'))[0], 'team/r1230');
      assert.match(await (await workbench.view('ECR')).innerText(), /Filtered: R123/);
      await workbench.pressViewAction('ECR', 'Clear Filter');
      await workbench.waitUntil('all rows', async () =>
        (await rowsAt('Home'))[0] === 'team/r0000' ? true : undefined,
      );
    });

    it('goes to a repository by some letters of its name', async () => {
      const workbench = await open();
      await workbench.runCommand('AWS Containers: Go to Resource...');
      await workbench.quickPick(/Go to Resource/);
      await workbench.page.keyboard.type('tr4321');
      await workbench.waitUntil('the repository to be the first answer', async () => {
        const { rows } = await workbench.quickPick(/Go to Resource/);
        return rows[0]?.label.includes('team/r4321') ? true : undefined;
      });
      await workbench.page.keyboard.press('Enter');
      const view = await workbench.view('ECR');
      await view.locator('.monaco-list-row.selected', { hasText: 'team/r4321' }).waitFor({ timeout: 30_000 });
    });

    it('shows how a service comes to what it is to be, with nobody asking', async () => {
      const workbench = await open();
      await workbench.expand('ECS', 'main');
      await workbench.chooseFromRowMenu('ECS', 'web', 'Set Desired Count...');
      await workbench.answer('3');
      await workbench.waitUntil('three running tasks', async () => {
        const row = (await workbench.rows('ECS')).find(({ label }) => label === 'web');
        return row?.description.startsWith('3/3 running') ? true : undefined;
      });
    });

    it('loses a deleted service by itself once its tasks have ended', async () => {
      const workbench = await open();
      await workbench.chooseFromRowMenu('ECS', 'web', 'Delete Service...');
      await workbench.pressDialogButton('Delete');
      await workbench.waitUntil('the service to be gone', async () =>
        (await labels('ECS')).includes('web') ? undefined : true,
      );
    });
  });
});
