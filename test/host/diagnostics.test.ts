import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { poll } from '../../src/base/delay';

const TEXT = `{
  "family": "web",
  "requiresCompatibilities": ["FARGATE"],
  "networkMode": "awsvpc",
  "cpu": "256",
  "memory": "4096",
  "revision": 3,
  "containerDefinitions": [{ "name": "web", "image": "nginx:1" }]
}
`;

describe('An open task definition', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'taskdef-'));
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.workspace
      .getConfiguration('awsContainers')
      .update('taskDefinition.rules', undefined, vscode.ConfigurationTarget.Global);
    await rm(folder, { recursive: true, force: true });
  });

  async function open(name: string, text = TEXT): Promise<vscode.TextDocument> {
    const file = path.join(folder, name);
    await writeFile(file, text);
    const document = await vscode.workspace.openTextDocument(file);
    await vscode.window.showTextDocument(document);
    return document;
  }
  const ours = ({ uri }: vscode.TextDocument): vscode.Diagnostic[] =>
    vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'ECS');
  const idOf = ({ code }: vscode.Diagnostic): unknown => (typeof code === 'object' ? code.value : code);
  const ids = (document: vscode.TextDocument): unknown[] => ours(document).map(idOf).sort();
  const until = async (document: vscode.TextDocument, expected: readonly string[]): Promise<void> => {
    const signal = AbortSignal.timeout(20_000);
    const reached = async (): Promise<true | undefined> =>
      JSON.stringify(ids(document)) === JSON.stringify(expected) ? true : undefined;
    await poll(reached, { interval: 50, signal }).catch(() => assert.deepEqual(ids(document), expected));
  };
  const ALL = ['fargate-cpu-memory', 'fargate-platform', 'read-only-member'];

  it('lists its problems with id, page, exact token and the other end', async () => {
    const document = await open('task-definition.json');
    await until(document, ALL);
    const memory = ours(document).find((each) => idOf(each) === 'fargate-cpu-memory');
    assert.ok(memory);
    assert.equal(document.getText(memory.range), '"4096"');
    assert.equal(memory.severity, vscode.DiagnosticSeverity.Error);
    assert.match(
      String((memory.code as { target: vscode.Uri }).target),
      /^https:\/\/docs\.aws\.amazon\.com\//,
    );
    const [related] = memory.relatedInformation ?? [];
    assert.equal(document.getText(related?.location.range), '"256"');
  });

  it('is fixed by its light bulb, one problem or all', async () => {
    const document = await open('taskdef.json');
    await until(document, ALL);
    const range = ours(document).find((each) => idOf(each) === 'fargate-cpu-memory')?.range;
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      range,
    );
    const fix = actions.find(({ title }) => title === 'Change memory to "2048"');
    assert.ok(fix?.edit, `offered: ${actions.map(({ title }) => title).join(', ')}`);
    await vscode.workspace.applyEdit(fix.edit);
    await until(document, ['fargate-platform', 'read-only-member']);
    assert.equal(document.getText(), TEXT.replace('4096', '2048'));
    const [all] = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      new vscode.Range(0, 0, 0, 0),
      'source.fixAll.awsContainers',
    );
    assert.ok(all?.edit);
    await vscode.workspace.applyEdit(all.edit);
    await until(document, ['fargate-platform']);
    assert.equal(document.getText(), TEXT.replace('4096', '2048').replace('  "revision": 3,\n', ''));
  });

  it('heeds the severities of the settings', async () => {
    const document = await open('ecs-task-def.json');
    await until(document, ALL);
    await vscode.workspace
      .getConfiguration('awsContainers')
      .update('taskDefinition.rules', { 'fargate-platform': 'off' }, vscode.ConfigurationTarget.Global);
    await until(document, ['fargate-cpu-memory', 'read-only-member']);
  });

  it('has no problems under another name', async () => {
    const other = await open('something.json');
    await until(await open('task_definition.json'), ['fargate-cpu-memory', 'read-only-member']);
    assert.deepEqual(ids(other), []);
  });
});
