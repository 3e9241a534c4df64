import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ECR } from '@aws-sdk/client-ecr';
import * as vscode from 'vscode';
import type { PushAndUseResult } from '../../src/editor/commands/pushAndUse';
import { describeWithEngine } from '../support/engine';
import { runCommand } from './runCommand';
import { sandboxSettings } from './sandboxSettings';

const TEXT = `{
  // Filled in by "Push and use...".
  "family": "push-and-use",
  "containerDefinitions": [
    { "name": "log", "image": "log:1" },
    { "name": "web",   "image": "IMAGE" }
  ]
}
`;

describeWithEngine('Pushing an image into a task definition', () => {
  const folder = path.join(vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '', 'web');
  // Each test has a file of its own: one that was changed behind an editor may be read again at any time.
  let file = '';
  const ecr = new ECR(sandboxSettings('us-east-1'));
  const run = (answers: object): Promise<PushAndUseResult> =>
    runCommand<PushAndUseResult>('image.pushAndUse', {
      file,
      container: 'web',
      dockerfile: path.join(folder, 'Dockerfile'),
      repository: 'push-and-use',
      tag: 'v1',
      ...answers,
    });

  const setAutoSave = (value: string | undefined): Thenable<void> =>
    vscode.workspace.getConfiguration('files').update('autoSave', value, vscode.ConfigurationTarget.Global);

  before(async () => {
    await setAutoSave('off');
    await ecr.createRepository({ repositoryName: 'push-and-use' });
  });
  after(() => setAutoSave(undefined));
  beforeEach(async function () {
    file = path.join(folder, `${this.currentTest?.title.replace(/\W+/g, '-')}.taskdef.json`);
    await writeFile(file, TEXT);
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('writes the URI into that container of the file, and changes nothing else of it', async () => {
    const result = await run({});
    const { imageDetails } = await ecr.describeImages({ repositoryName: 'push-and-use' });
    assert.deepEqual(result, {
      uri: result.uri,
      digest: imageDetails?.[0]?.imageDigest,
      file,
      container: 'web',
    });
    assert.match(result.uri, /^127\.0\.0\.1:\d+\/push-and-use:v1$/);
    assert.equal(await readFile(file, 'utf8'), TEXT.replace('IMAGE', result.uri));
  });

  it('keeps what was typed, and leaves it to the user to save', async () => {
    const document = await vscode.workspace.openTextDocument(file);
    await vscode.window.showTextDocument(document);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), '// typed\n');
    await vscode.workspace.applyEdit(edit);
    const { uri } = await run({ tag: 'v2' });
    assert.equal(document.getText(), `// typed\n${TEXT.replace('IMAGE', uri)}`);
    assert.equal(document.isDirty, true);
    assert.equal(await readFile(file, 'utf8'), TEXT);
  });

  it('pushes to the repository of the image that is there', async () => {
    const { repositories } = await ecr.describeRepositories({ repositoryNames: ['push-and-use'] });
    const old = `${repositories?.[0]?.repositoryUri}:old`;
    await writeFile(file, TEXT.replace('IMAGE', old));
    const { uri } = await run({ repository: undefined, tag: 'v3' });
    assert.equal(uri, old.replace(':old', ':v3'));
  });

  it('builds nothing for a container that is not there', async () => {
    await assert.rejects(run({ container: 'other' }), /There is no container other in/);
  });
});
