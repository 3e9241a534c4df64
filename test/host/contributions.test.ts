import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { CONTEXT_TOKENS } from '../../src/explorer/row';

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string; readonly when?: string }[]>>;
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
  };
}

describe('what the manifest contributes', () => {
  let manifest: Manifest;
  before(async () => {
    const extension = vscode.extensions.getExtension('aws-containers.aws-containers');
    assert.ok(extension, 'the extension is installed');
    await extension.activate();
    manifest = extension.packageJSON as Manifest;
  });

  it('declares every command that is registered, and registers every command that is declared', async () => {
    const registered = (await vscode.commands.getCommands(true)).filter((id) =>
      /^awsContainers\.\w+\.\w+$/.test(id),
    );
    // VS Code registers commands of its own for each view.
    const ofViews = Object.values(manifest.contributes.views)
      .flat()
      .flatMap(({ id }) => registered.filter((command) => command.startsWith(`${id}.`)));
    const own = registered.filter((id) => !ofViews.includes(id)).sort();
    assert.deepEqual(own, manifest.contributes.commands.map(({ command }) => command).sort());
  });

  it('uses in menus only commands that are declared', () => {
    const declared = new Set(manifest.contributes.commands.map(({ command }) => command));
    const used = Object.values(manifest.contributes.menus).flat();
    assert.ok(used.length > 20);
    assert.deepEqual(
      used.filter(({ command }) => !declared.has(command)),
      [],
    );
  });

  it('matches in `when` clauses only context values that rows have', () => {
    const tokens = new Set<string>(CONTEXT_TOKENS);
    const patterns = Object.values(manifest.contributes.menus)
      .flat()
      .flatMap(({ when = '' }) =>
        [...when.matchAll(/viewItem =~ \/(.+?)\/(?: |$|\))/g)].map((match) => match[1] ?? ''),
      );
    assert.ok(patterns.length > 20);
    const unknown = patterns
      .flatMap((pattern) => pattern.replace(/\\b/g, ' ').match(/[a-zA-Z]+/g) ?? [])
      .filter((word) => !tokens.has(word));
    assert.deepEqual(unknown, []);
  });

  it('gives every title in words', () => {
    for (const { title, command } of manifest.contributes.commands) {
      assert.doesNotMatch(title, /^%/, command);
    }
  });
});
