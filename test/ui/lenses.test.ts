import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ECS, type RegisterTaskDefinitionCommandInput } from '@aws-sdk/client-ecs';
import { describeInWorkbench } from './describeInWorkbench';

/** Task definitions from the tree and from the lenses, as a person uses them. */
describeInWorkbench('Task definitions in the editor', {}, (suite) => {
  let ecs: ECS;
  let definition: RegisterTaskDefinitionCommandInput;
  const newest = async (): Promise<string | undefined> =>
    (await ecs.describeTaskDefinition({ taskDefinition: 'web' })).taskDefinition?.taskDefinitionArn;

  before(async () => {
    const { stage } = suite();
    ecs = new ECS({
      endpoint: stage.sandbox?.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    const text = await readFile(path.join(stage.workspace, 'web', 'task-definition.json'), 'utf8');
    definition = JSON.parse(text) as RegisterTaskDefinitionCommandInput;
    await ecs.registerTaskDefinition(definition);
  });
  after(() => ecs.destroy());

  it('are compared with what is live by a lens', async () => {
    const { workbench, stage } = suite();
    const file = path.join(stage.workspace, 'web', 'task-definition.json');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('"web:latest"', '"web:v2"'));
    await workbench.editor.open('web/task-definition.json');
    assert.deepEqual(await workbench.editor.lenses('Push and use...'), [
      'Diff with live',
      'Verify',
      'Register',
      'Deploy...',
      'Push and use...',
    ]);
    await workbench.editor.pressLens('Diff with live');
    await workbench.page.locator('.tab.active', { hasText: /web:1 ↔ web.task-definition\.json/ }).waitFor();
    const changed = workbench.page.locator('.monaco-diff-editor .modified .view-line', { hasText: 'web:v2' });
    await changed.waitFor();
  });

  it('open from the tree, and are registered when they are saved', async () => {
    const { workbench } = suite();
    await workbench.openViewContainer('AWS Containers');
    await workbench.expand('Task Definitions', 'web');
    await (await workbench.row('Task Definitions', 'web:1')).click();
    await workbench.page.locator('.tab.active[data-resource-name="web:1.task-definition.json"]').waitFor();
    await workbench.editor.lenses('Compare...');
    await workbench.editor.goTo(1);
    await workbench.editor.replaceAll(JSON.stringify({ ...definition, memory: '1024' }, undefined, 2));
    await workbench.page.keyboard.press('ControlOrMeta+S');
    const { rows } = await workbench.quickPick(/Register the Next Revision of web\?/);
    assert.ok(
      rows.some(({ label }) => label === 'memory: 512 → 1024'),
      JSON.stringify(rows),
    );
    await workbench.pick('Register the next revision of web');
    await workbench.notification(/Registered web:2/);
    await workbench.page.locator('.tab.active[data-resource-name="web:2.task-definition.json"]').waitFor();
    assert.match((await newest()) ?? '', /web:2$/);
    await workbench.row('Task Definitions', 'web:2');
  });

  it('say what is in use before they are deregistered', async () => {
    const { workbench } = suite();
    await workbench.clearNotifications();
    await ecs.createService({
      cluster: 'demo',
      serviceName: 'web',
      taskDefinition: 'web:1',
      desiredCount: 0,
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0123456789abcdef0'] } },
    });
    await workbench.chooseFromRowMenu('Task Definitions', 'web:1', 'Deregister Revision...');
    const { detail } = await workbench.dialog();
    assert.match(detail, /web:1 is in use: service demo\/web/);
    await workbench.pressDialogButton('Cancel');
    assert.match((await newest()) ?? '', /web:2$/);
  });
});
