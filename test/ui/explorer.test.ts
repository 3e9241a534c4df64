import assert from 'node:assert/strict';
import { chunk } from '../../src/aws/page';
import type { AwsSession } from '../../src/aws/session';
import { describeSidebar } from './describeSidebar';

const REPOSITORIES = 5000;

async function populate({ ecr }: AwsSession): Promise<void> {
  const names = Array.from({ length: REPOSITORIES }, (_, index) => `team/r${String(index).padStart(4, '0')}`);
  for (const some of chunk(names, 20)) {
    await Promise.all(some.map((repositoryName) => ecr.createRepository({ repositoryName })));
  }
}

describeSidebar('The sidebar of a large account', populate, ({ open, labels }) => {
  const rowsAt = async (key: 'Home' | 'End'): Promise<string[]> => {
    const workbench = await open();
    await (await workbench.view('ECR')).locator('.monaco-list').first().focus();
    await workbench.page.keyboard.press(key);
    return labels('ECR');
  };

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
