import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { poll } from '../../src/base/delay';

const URL = 'aws-containers-schema:/task-definition.json';

interface Entry {
  readonly fileMatch: readonly string[];
  readonly url: string;
}

describe('Globs of task definitions in json.schemas', () => {
  let folder: string;
  const set = (section: string, key: string, value: unknown): Thenable<void> =>
    vscode.workspace.getConfiguration(section).update(key, value, vscode.ConfigurationTarget.Global);
  const entries = (): readonly Entry[] =>
    vscode.workspace.getConfiguration('json').inspect<readonly Entry[]>('schemas')?.globalValue ?? [];
  const until = (condition: () => Promise<boolean> | boolean): Promise<true> =>
    poll(async () => (await condition()) || undefined, {
      interval: 100,
      signal: AbortSignal.timeout(20_000),
    });
  const other = { fileMatch: ['*.other'], url: './other.json' };

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'globs-'));
    // As it is once the user has agreed.
    await set('json', 'schemas', [other, { fileMatch: ['**/*.old.json'], url: URL }]);
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await set('awsContainers', 'taskDefinition.files', undefined);
    await until(() => !entries().some(({ url }) => url === URL));
    await set('json', 'schemas', undefined);
    await rm(folder, { recursive: true, force: true });
  });

  it('follow the setting, and give its files the schema', async () => {
    await set('awsContainers', 'taskDefinition.files', ['*.ecs.json']);
    await until(() =>
      entries().some(({ url, fileMatch }) => url === URL && fileMatch[0] === '**/*.ecs.json'),
    );
    assert.deepEqual(entries()[0], other);
    const file = path.join(folder, 'web.ecs.json');
    await writeFile(file, '{ "family": "web", "" }');
    const document = await vscode.workspace.openTextDocument(file);
    await vscode.window.showTextDocument(document);
    await until(async () => {
      const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        document.uri,
        document.positionAt(document.getText().indexOf('""') + 1),
      );
      return items.some(
        ({ label }) => (typeof label === 'string' ? label : label.label) === 'runtimePlatform',
      );
    });
  });

  it('are not written without consent', async () => {
    await set('json', 'schemas', [other]);
    await set('awsContainers', 'taskDefinition.files', ['*.more.json']);
    const file = path.join(folder, 'web.more.json');
    await writeFile(file, '{ "containerDefinitions": [] }');
    const document = await vscode.workspace.openTextDocument(file);
    await vscode.window.showTextDocument(document);
    // The rules have taken the setting over: whatever follows it has been done.
    await until(() => vscode.languages.getDiagnostics(document.uri).some(({ source }) => source === 'ECS'));
    assert.deepEqual(entries(), [other]);
  });
});
