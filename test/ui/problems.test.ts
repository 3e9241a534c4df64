import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describeInWorkbench } from './describeInWorkbench';

/** What the editor says of a task definition, and what a person does about it. */
describeInWorkbench('Problems of a task definition', {}, (suite) => {
  let file: string;

  before(async () => {
    const { stage, workbench } = suite();
    file = path.join(stage.workspace, 'web', 'task-definition.json');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('"memory": "512"', '"memory": "600"'));
    await workbench.editor.open('web/task-definition.json');
  });

  it('are fixed by the light bulb', async () => {
    const { workbench } = suite();
    await workbench.editor.goTo(6, 15);
    const fixes = await workbench.editor.fixes();
    assert.ok(fixes.includes('Fix all in this task definition'), fixes.join(' | '));
    await workbench.editor.applyFix(/Change memory to "512"/);
    const text = await workbench.waitUntil('the fix in the file', async () => {
      await workbench.editor.save();
      const saved = await readFile(file, 'utf8');
      return saved.includes('"600"') ? undefined : saved;
    });
    assert.match(text, /^ {2}"memory": "512",$/m);
  });

  it('are also what AWS does not have, once a lens asked it', async () => {
    const { workbench } = suite();
    const text = await readFile(file, 'utf8');
    const registry = suite().stage.sandbox?.registry ?? '';
    await workbench.editor.replaceAll(text.replace('"web:latest"', `"${registry}/web:v9"`));
    await workbench.editor.goTo(1);
    await workbench.editor.lenses('Verify');
    await workbench.editor.pressLens('Verify');
    await workbench.notification(/Verified/);
    await workbench.waitUntil(
      'ECR has no image v9',
      async () =>
        (await workbench.editor.problems()).some((problem) => problem.includes('ECR has no image v9')) ||
        undefined,
      async () => (await workbench.editor.problems()).join('\n'),
    );
  });
});
