import assert from 'node:assert/strict';
import type { Frame } from 'playwright-core';
import type { AwsSession } from '../../src/aws/session';
import { TinyImages } from '../support/tinyImage';
import { describeSidebar } from './describeSidebar';
import type { WorkbenchPage } from './workbenchPage';

async function populate({ ecr }: AwsSession): Promise<void> {
  await ecr.createRepository({
    repositoryName: 'team/web',
    tags: [{ Key: 'sandbox:findings', Value: '12' }],
  });
  const images = new TinyImages(await ecr.authorization(), 'team/web');
  await images.push('first');
  await images.push('second');
  await images.push('third', 'v1');
}

/** The document of Markdown's preview that has this heading. */
function previewed(workbench: WorkbenchPage, heading: RegExp): Promise<Frame> {
  return workbench.waitUntil(`the preview of ${heading.source}`, async () => {
    for (const frame of workbench.page.frames()) {
      const found = await frame
        .locator('h1')
        .allInnerTexts()
        .catch(() => []);
      if (found.some((text) => heading.test(text))) {
        return frame;
      }
    }
    return undefined;
  });
}

describeSidebar('Policies and findings in the page', populate, ({ aws, open }) => {
  it('a lifecycle policy is begun, previewed, refused with ECR’s reason, and saved', async () => {
    const workbench = await open();
    const { ecr } = aws();
    const save = (): Promise<void> => workbench.page.keyboard.press('ControlOrMeta+S');
    await workbench.chooseFromRowMenu('ECR', 'team/web', 'Edit Lifecycle Policy');
    const editor = workbench.page.locator('.editor-instance .monaco-editor:visible').first();
    await editor.locator('.view-line', { hasText: 'sinceImagePushed' }).waitFor();
    await editor.click();

    const keepOne = (tagStatus: string): string =>
      JSON.stringify(
        {
          rules: [
            {
              rulePriority: 1,
              selection: { tagStatus, countType: 'imageCountMoreThan', countNumber: 1 },
              action: { type: 'expire' },
            },
          ],
        },
        undefined,
        2,
      );
    await workbench.editor.replaceAll(keepOne('tagged'));
    await save();
    await workbench.pick('Save the lifecycle policy of team/web');
    assert.match(
      await workbench.notification(/Failed to save/),
      /Lifecycle policy validation failure.*tagPrefixList or tagPatternList/,
    );
    assert.equal(await ecr.lifecyclePolicy('team/web'), undefined);

    await editor.click();
    await workbench.editor.replaceAll(keepOne('untagged'));
    await workbench.runCommand('ECR: Preview Lifecycle Policy');
    const frame = await previewed(workbench, /Lifecycle preview of team\/web/);
    const text = await frame.locator('body').innerText();
    assert.match(text, /not saved, would now delete 1 image \(\d+ bytes\)/);

    await workbench.page.locator('.tab', { hasText: 'web.lifecycle-policy.json' }).first().click();
    await editor.click();
    await save();
    const { rows } = await workbench.quickPick(/Save the lifecycle policy/);
    assert.ok(
      rows.some(({ label }) => label === 'Rule 1 is added: expire all but the newest 1 of untagged images'),
      JSON.stringify(rows),
    );
    await workbench.pick('Save the lifecycle policy of team/web');
    await workbench.waitUntil('the policy to be saved', () => ecr.lifecyclePolicy('team/web'));
    assert.equal(await ecr.lifecyclePolicy('team/web'), keepOne('untagged'));
  });

  it('an image is scanned, its row says how it fares, and its findings can be read', async () => {
    const workbench = await open();
    await workbench.expand('ECR', 'team/web');
    await workbench.chooseFromRowMenu('ECR', 'v1', 'Start Scan');
    const frame = await previewed(workbench, /Scan of team\/web: v1/);
    assert.match(await frame.locator('body').innerText(), /12 findings/);
    const link = frame.locator('td a').first();
    assert.match(
      (await link.getAttribute('href')) ?? '',
      /^https:\/\/www\.cve\.org\/CVERecord\?id=CVE-1900-/,
    );
    const row = await workbench.waitUntil('the severities on the row', async () =>
      (await workbench.rows('ECR')).find(({ description }) => /\d critical, \d high/.test(description)),
    );
    assert.equal(row.label, 'v1');
  });
});
