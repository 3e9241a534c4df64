import assert from 'node:assert/strict';
import { resourceName } from '../../src/aws/arn';
import { TinyImages } from '../support/tinyImage';
import type { Sidebar } from './describeSidebar';

/** What a person does to keep a repository in order, in a window that is there already. */
export function careForImages({ sandbox, aws, open, labels }: Sidebar): void {
  describe('keeps a repository in order', () => {
    let used: string;
    let task: string;

    before(async () => {
      const { ecr, ecs } = aws();
      const { repositoryUri } = await ecr.createRepository({ repositoryName: 'care' });
      const images = new TinyImages(await ecr.authorization(), 'care');
      used = await images.push('used', 'v1');
      await images.push('free', 'v2');
      await images.push('nameless');
      await ecs.registerTaskDefinition({
        family: 'caring',
        containerDefinitions: [{ name: 'app', image: `${repositoryUri}:v1`, memory: 64 }],
      });
      const service = { cluster: 'main', serviceName: 'caring', taskDefinition: 'caring', desiredCount: 0 };
      await ecs.createService(service);
      const { items } = await ecs.runTask({ cluster: 'main', taskDefinition: 'caring' });
      task = resourceName(items[0]?.taskArn ?? '').slice(0, 8);
      const workbench = await open();
      for (const view of ['ECR', 'ECS', 'Task Definitions']) {
        await workbench.pressViewAction(view, 'Refresh');
      }
      await workbench.expand('ECR', 'care');
    });

    it('with one more tag on an image, once it is a tag', async () => {
      const workbench = await open();
      await workbench.chooseFromRowMenu('ECR', 'v2', 'Add Tag...');
      await workbench.answer('-wrong');
      await workbench.inputMessage(/A tag has up to 128 letters/);
      await workbench.answer('stable');
      await workbench.row('ECR', 'stable, v2');
    });

    it('with a tag that is taken from another image', async () => {
      const workbench = await open();
      await workbench.chooseFromRowMenu('ECR', 'v1', 'Move Tag Here...');
      await workbench.pick('stable');
      const { message, detail } = await workbench.dialog();
      assert.match(message, /Move the tag stable of care\?/);
      assert.match(detail, /From stable, v2 \(sha256:.*pushed.*To v1 \(sha256:/s);
      await workbench.pressDialogButton('Move Tag');
      await workbench.row('ECR', 'stable, v1');
      await workbench.row('ECR', 'v2');
    });

    it('by taking a tag off again', async () => {
      const workbench = await open();
      await workbench.chooseFromRowMenu('ECR', 'stable, v1', 'Remove Tag...');
      await workbench.quickPick(/Remove Tag/);
      await workbench.pick('stable');
      await workbench.row('ECR', 'v1');
      assert.deepEqual((await aws().ecr.image('care', { imageDigest: used }))?.imageTags, ['v1']);
    });

    it('knowing what uses an image, and going there', async () => {
      const workbench = await open();
      await workbench.chooseFromRowMenu('ECR', 'v1', 'Used By...');
      const { rows } = await workbench.quickPick(/care:v1 Is Used By/);
      assert.deepEqual(
        rows.map(({ label }) => label),
        ['caring:1', 'caring', task],
      );
      await workbench.pick('caring');
      const view = await workbench.view('ECS');
      await view.locator('.monaco-list-row.selected', { hasText: 'caring' }).waitFor({ timeout: 30_000 });
    });

    it('knowing what uses a revision, and going there', async () => {
      const workbench = await open();
      await workbench.expand('Task Definitions', 'caring');
      await workbench.chooseFromRowMenu('Task Definitions', 'caring:1', 'Used By...');
      const { rows } = await workbench.quickPick(/caring:1 Is Used By/);
      assert.deepEqual(
        rows.map(({ label }) => label),
        ['caring', task],
      );
      await workbench.pick(task);
      const view = await workbench.view('ECS');
      await view.locator('.monaco-list-row.selected', { hasText: task }).waitFor({ timeout: 30_000 });
    });

    it('by deleting what is selected, but for what is in use', async () => {
      const workbench = await open();
      await workbench.clickRow('ECR', 'v1');
      const other = await workbench.row('ECR', 'v2');
      await other.locator('.label-name').click({ modifiers: ['ControlOrMeta'] });
      await workbench.chooseFromRowMenu('ECR', 'v2', 'Delete Image...');
      const { message, detail, buttons } = await workbench.dialog();
      assert.match(message, /Delete 2 images, 1 of them in use\?/);
      assert.match(
        detail,
        /^In use: v1 of care, by service main\/caring, a task in main\s+Not in use: v2 of care/,
      );
      assert.deepEqual(buttons.sort(), ['Cancel', 'Delete 1, Keep 1 in Use', 'Delete All 2']);
      await workbench.pressDialogButton('Delete 1, Keep 1 in Use');
      await workbench.waitUntil('the other image to be gone', async () =>
        (await labels('ECR')).includes('v2') ? undefined : true,
      );
      assert.ok(await aws().ecr.image('care', { imageTag: 'v1' }));
    });

    it('warned where an image is in use, and where that cannot be told', async () => {
      const workbench = await open();
      await workbench.chooseFromRowMenu('ECR', 'v1', 'Delete Image...');
      const used = await workbench.dialog();
      assert.match(used.message, /The image v1 of care is in use\. Delete it all the same\?/);
      assert.deepEqual(used.buttons.sort(), ['Cancel', 'Delete All the Same']);
      await workbench.pressDialogButton('Cancel');
      await sandbox.control('POST', 'faults', { operation: 'ListClusters', kind: 'accessDenied' });
      try {
        await workbench.chooseFromRowMenu('ECR', 'v1', 'Delete Image...');
        const { message, detail } = await workbench.dialog();
        assert.match(message, /Delete the image v1 from care\?/);
        assert.match(detail, /^Whether anything uses them could not be found out\..*not permitted/);
      } finally {
        await sandbox.control('DELETE', 'faults');
      }
      await workbench.pressDialogButton('Cancel');
      assert.ok(await aws().ecr.image('care', { imageTag: 'v1' }));
    });

    it('without what has no tag', async () => {
      const workbench = await open();
      await workbench.chooseFromRowMenu('ECR', 'care', 'Clean Up Images...');
      await workbench.quickPick(/Clean Up Images of care/);
      await workbench.pick('All untagged images');
      const { message } = await workbench.dialog();
      assert.match(message, /Delete one untagged image of care, \d+ bytes\?/);
      await workbench.pressDialogButton('Delete 1');
      await workbench.waitUntil('the untagged image to be gone', async () =>
        (await labels('ECR')).some((label) => label.includes('‹untagged›')) ? undefined : true,
      );
    });
  });
}
