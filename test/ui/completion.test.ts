import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { createEcrGateway } from '../../src/aws/ecrGateway';
import { sandboxContext } from '../support/sandboxContext';
import { TinyImages } from '../support/tinyImage';
import { describeInWorkbench } from './describeInWorkbench';

/** Completion as a person meets it: in the list below the cursor. */
describeInWorkbench('Typing in a task definition', {}, (suite) => {
  let file: string;
  let lines: string[];

  before(async () => {
    const { stage } = suite();
    const ecr = createEcrGateway(sandboxContext(stage.sandbox?.endpoint ?? '', 'us-east-1'));
    const images = new TinyImages(await ecr.authorization(), 'web');
    await images.push('the older one', 'v1');
    await images.push('the newer one', 'v2');
    ecr.dispose();
    file = path.join(stage.workspace, 'web', 'task-definition.json');
    const text = (await readFile(file, 'utf8'))
      .replace('"cpu": "256"', '"cpu": "512"')
      .replace('"memory": "512"', '"memory": ')
      .replace('"image": "web:latest"', '"image": ""');
    await writeFile(file, text);
    lines = text.split('\n');
    await suite().workbench.editor.open('web/task-definition.json');
  });

  const goTo = (text: string): Promise<void> => {
    const line = lines.findIndex((each) => each.includes(text));
    return suite().workbench.editor.goTo(line + 1, (lines[line] ?? '').indexOf(text) + text.length + 1);
  };
  const suggestion = (label: string): Locator => {
    const { page } = suite().workbench;
    const name = page.locator('.label-name').getByText(label, { exact: true });
    return page.locator('.suggest-widget.visible .monaco-list-row', { has: name });
  };
  /** The text of the file, once it has been saved with this in it. */
  const savedWith = (expected: RegExp): Promise<string> => {
    const { workbench } = suite();
    return workbench.waitUntil(`${expected} in the file`, async () => {
      await workbench.editor.save();
      const text = await readFile(file, 'utf8');
      // A file that is just being written may end early.
      return expected.test(text) && text.trimEnd().endsWith('}') ? text : undefined;
    });
  };

  it('completes the memory that goes with the cpu', async () => {
    const { editor } = suite().workbench;
    await goTo('"memory": ');
    await editor.type('"');
    const labels = await editor.suggestions('"1024"');
    assert.deepEqual(
      labels.filter((label) => /\d/.test(label)),
      ['"1024"', '"2048"', '"3072"', '"4096"'],
    );
    await suggestion('"2048"').click();
    await savedWith(/"memory": "2048",/);
  });

  it('completes an image: the repository, then its newest tag', async () => {
    const { editor, page } = suite().workbench;
    await goTo('"image": "');
    await editor.suggestions('web');
    await suggestion('web').click();
    // The tags come by themselves.
    await suggestion('v1').waitFor();
    const tags = await page.locator('.suggest-widget.visible .label-name').allInnerTexts();
    assert.deepEqual(tags.slice(0, 2), ['v2', 'v1']);
    await suggestion('v2').click();
    await savedWith(/"image": "127\.0\.0\.1:\d+\/web:v2",/);
  });

  it('inserts a health check, with what a person would fill in', async () => {
    const { editor } = suite().workbench;
    await goTo('"essential": true,');
    await editor.type('\nHealth');
    await editor.suggestions('Health check');
    await suggestion('Health check').click();
    await editor.type('wget -q localhost:8000');
    const text = await savedWith(/wget/);
    const { containerDefinitions } = JSON.parse(text) as {
      containerDefinitions: { healthCheck?: { command: string[]; retries: number } }[];
    };
    assert.deepEqual(containerDefinitions[0]?.healthCheck?.command, ['CMD-SHELL', 'wget -q localhost:8000']);
    assert.equal(containerDefinitions[0].healthCheck.retries, 3);
  });
});
