import assert from 'node:assert/strict';
import { describeInWorkbench } from './describeInWorkbench';

describeInWorkbench('The page object', { sandbox: false }, (suite) => {
  it('opens a file, types, saves and reads it back', async () => {
    const { editor } = suite().workbench;
    await editor.open('index.html');
    await editor.replaceAll('<p>Version 2</p>\n');
    await editor.save();
    assert.match(await editor.visibleText(), /<p>Version 2<\/p>/);
  });

  it('reads the suggestions at the cursor', async () => {
    const { editor } = suite().workbench;
    await editor.open('index.html');
    await editor.replaceAll('<di');
    assert.ok((await editor.suggestions('div')).includes('div'));
    await editor.acceptSuggestion('div');
    assert.match(await editor.visibleText(), /<div/);
  });

  it('runs a command by its title and answers the prompt', async () => {
    const { workbench } = suite();
    await workbench.runCommand('Preferences: Color Theme');
    const { rows } = await workbench.quickPick();
    assert.ok(
      rows.some(({ label }) => label === 'Light Modern'),
      JSON.stringify(rows),
    );
    await workbench.pick('Light Modern');
    await workbench.page.locator('.monaco-workbench.vs').waitFor();
  });

  it('reads the whole of an output channel, beyond what is in sight', async () => {
    const { workbench } = suite();
    await workbench.runCommand('workbench.action.setLogLevel');
    await workbench.pick(/^Trace/);
    const text = await workbench.outputMatching('Window', /\[info\]/);
    assert.ok(text.split('\n').length > 3, text);
  });

  it("opens a file's menu and chooses from it", async () => {
    const { workbench } = suite();
    await workbench.runCommand('workbench.view.explorer');
    await workbench.chooseFromFileMenu('Dockerfile', 'Copy Path');
    assert.match(await workbench.readClipboard(), /Dockerfile$/);
  });

  it('reads and presses a dialog', async () => {
    const { workbench } = suite();
    await workbench.chooseFromFileMenu('Dockerfile', 'Delete Permanently');
    const dialog = await workbench.dialog();
    assert.match(dialog.message, /Dockerfile/);
    await workbench.pressDialogButton('Cancel');
  });
});
