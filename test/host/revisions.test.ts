import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ECS, type ContainerDefinition, type RegisterTaskDefinitionCommandInput } from '@aws-sdk/client-ecs';
import * as vscode from 'vscode';
import { poll } from '../../src/base/delay';
import { formatTaskDefinition } from '../../src/taskdef/formatTaskDefinition';
import { runCommand } from './runCommand';
import { sandboxSettings } from './sandboxSettings';

/** A region of its own: nothing here shows in another test's lists. */
const context = { profile: 'sandbox', region: 'ap-northeast-2' };
const FAMILY = 'revisions';

describe('Revisions of task definitions', () => {
  const clientOf = (region: string): ECS => new ECS(sandboxSettings(region));
  const ecs = clientOf(context.region);
  let folder: string;

  const definition = (image: string, members: object = {}): RegisterTaskDefinitionCommandInput => ({
    family: FAMILY,
    requiresCompatibilities: ['FARGATE'],
    networkMode: 'awsvpc',
    cpu: '256',
    memory: '512',
    tags: [{ key: 'team', value: 'web' }],
    containerDefinitions: [{ name: 'web', image, environment: [{ name: 'TOKEN', value: 'secret' }] }],
    ...members,
  });
  const run = <T = unknown>(id: string, answers: object): Promise<T> =>
    runCommand<T>(id, { context, ...answers });
  const open = async (taskDefinition: string, answers: object = {}): Promise<vscode.TextDocument> => {
    const { uri } = await run<{ uri: string }>('taskDefinition.open', { taskDefinition, ...answers });
    return vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
  };
  const newest = async (): Promise<string> => {
    const { taskDefinition } = await ecs.describeTaskDefinition({ taskDefinition: FAMILY });
    return `${FAMILY}:${taskDefinition?.revision}`;
  };
  const until = <T>(what: string, probe: () => T | undefined): Promise<T> =>
    poll(() => Promise.resolve(probe()), { interval: 50, signal: AbortSignal.timeout(20_000) }).catch(() =>
      assert.fail(`waited for ${what}`),
    );
  const diffTab = (): vscode.Tab | undefined =>
    vscode.window.tabGroups.all
      .flatMap(({ tabs }) => tabs)
      .find(({ input }) => input instanceof vscode.TabInputTextDiff);
  const replaceText = async (document: vscode.TextDocument, from: string, to: string): Promise<void> => {
    const offset = document.getText().indexOf(from);
    assert.ok(offset >= 0, document.getText());
    const edit = new vscode.WorkspaceEdit();
    const range = new vscode.Range(document.positionAt(offset), document.positionAt(offset + from.length));
    edit.replace(document.uri, range, to);
    await vscode.workspace.applyEdit(edit);
  };
  let differences = 0;
  const tabs = vscode.window.tabGroups.onDidChangeTabs(({ opened }) => {
    differences += opened.filter(({ input }) => input instanceof vscode.TabInputTextDiff).length;
  });
  /** Presses a row of the prompt beside a difference, should there be one, until what it is for has ended. */
  const answer = async <T>(pressing: string, work: Thenable<T>): Promise<T> => {
    let ended = false;
    const result = Promise.resolve(work).finally(() => (ended = true));
    while (!ended) {
      if (diffTab()) {
        await vscode.commands.executeCommand(pressing);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return result;
  };
  /** The same where there must be one. */
  const press = async <T>(pressing: string, work: Thenable<T>): Promise<T> => {
    const before = differences;
    const result = await answer(pressing, work);
    assert.equal(differences, before + 1, 'the difference was not shown once');
    return result;
  };

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'revisions-'));
    await ecs.createCluster({ clusterName: FAMILY });
    await ecs.registerTaskDefinition(definition('nginx:1'));
    await ecs.registerTaskDefinition(definition('nginx:2', { cpu: '512', memory: '1 GB' }));
    await clientOf('us-west-1').registerTaskDefinition(definition('nginx:of-another-region'));
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
  after(async () => {
    tabs.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  describe('are files', () => {
    it('that show what registers them again, in the order of the API', async () => {
      const document = await open(`${FAMILY}:1`);
      assert.match(document.uri.path, /\/revisions:1\.task-definition\.json$/);
      assert.equal(document.languageId, 'json');
      assert.equal(vscode.window.activeTextEditor?.document, document);
      const [container] = definition('nginx:1').containerDefinitions ?? [];
      const expected = {
        ...definition('nginx:1'),
        containerDefinitions: [{ ...container, cpu: 0, essential: true } satisfies ContainerDefinition],
      };
      assert.equal(document.getText(), formatTaskDefinition(expected));
      assert.equal(document.isDirty, false);
    });

    it('of one context each', async () => {
      const other = await open(`${FAMILY}:1`, { context: { ...context, region: 'us-west-1' } });
      const own = await open(`${FAMILY}:1`);
      assert.notEqual(other.uri.toString(), own.uri.toString());
      assert.match(other.getText(), /of-another-region/);
      assert.match(own.getText(), /"nginx:1"/);
    });

    it('that the JSON language and the rules know as task definitions', async () => {
      const document = await open(FAMILY);
      const at = document.positionAt(document.getText().indexOf('"cpu": "512"') + 2);
      const hovers = await poll(
        async () => {
          const found = await vscode.commands.executeCommand<vscode.Hover[]>(
            'vscode.executeHoverProvider',
            document.uri,
            at,
          );
          return found.length > 0 ? found : undefined;
        },
        { interval: 100, signal: AbortSignal.timeout(20_000) },
      );
      const texts = hovers.flatMap(({ contents }) =>
        contents.map((each) => (each as vscode.MarkdownString).value),
      );
      assert.match(texts.join('\n'), /number of (`cpu`|CPU) units used by the task/i);
      await until('its problems', () =>
        vscode.languages
          .getDiagnostics(document.uri)
          .find(({ code }) => typeof code === 'object' && code.value === 'fargate-platform'),
      );
    });

    it('that say why they cannot be read', async () => {
      const of = (text: string): Thenable<unknown> =>
        vscode.workspace.openTextDocument(vscode.Uri.parse(text));
      const { uri } = await open(`${FAMILY}:1`);
      await assert.rejects(
        async () => of('ecs:/nobody/eu-west-1/web:1.task-definition.json'),
        /nobody\/eu-west-1/,
      );
      await assert.rejects(async () => of(uri.toString().replace('%3A1.', '%3A99.')), /revisions:99/);
      await assert.rejects(async () => of('ecs:/nobody/eu-west-1/web.json'));
      await assert.rejects(async () => vscode.workspace.fs.delete(uri), /registered and deregistered/);
      await assert.rejects(run('taskDefinition.open', { taskDefinition: 'none:1' }), /none:1/);
    });
  });

  describe('that are edited and saved', () => {
    it('are registered as the next one, which opens, once the difference was seen', async () => {
      const document = await open(`${FAMILY}:1`);
      const live = document.getText();
      await replaceText(document, 'nginx:1', 'nginx:edited');
      assert.equal(await press('workbench.action.acceptSelectedQuickOpenItem', document.save()), true);
      assert.equal(await newest(), `${FAMILY}:3`);
      const { taskDefinition, tags } = await ecs.describeTaskDefinition({
        taskDefinition: FAMILY,
        include: ['TAGS'],
      });
      assert.equal(taskDefinition?.containerDefinitions?.[0]?.image, 'nginx:edited');
      assert.deepEqual(tags, [{ key: 'team', value: 'web' }]);
      const shown = await until('the new revision', () => {
        const active = vscode.window.activeTextEditor?.document;
        return active?.uri.path.endsWith(`${FAMILY}:3.task-definition.json`) ? active : undefined;
      });
      assert.match(shown.getText(), /nginx:edited/);
      assert.equal(diffTab(), undefined);
      await until('the revision to show again what it is', () =>
        document.getText() === live ? true : undefined,
      );
      assert.equal(document.isDirty, false);
    });

    it('keep their text when nothing is to be registered after all', async () => {
      const before = await newest();
      const document = await open(`${FAMILY}:1`);
      await replaceText(document, 'nginx:1', 'nginx:unwanted');
      assert.equal(await press('workbench.action.closeQuickOpen', document.save()), false);
      assert.equal(await newest(), before);
      assert.match(document.getText(), /nginx:unwanted/);
      assert.equal(document.isDirty, true);
      assert.equal(diffTab(), undefined);
    });

    it('keep their text when it is no task definition, or ECS refuses it', async () => {
      const before = await newest();
      const document = await open(`${FAMILY}:1`);
      await replaceText(document, '"family"', '"family');
      assert.equal(await document.save(), false);
      assert.match(document.getText(), /"family: /);
      assert.equal(diffTab(), undefined);
      await replaceText(document, '"family', '"family"');
      await replaceText(document, '"cpu": "256"', '"cpu": "257"');
      assert.equal(await press('workbench.action.acceptSelectedQuickOpenItem', document.save()), false);
      assert.match(document.getText(), /"257"/);
      assert.equal(await newest(), before);
    });

    it('are not registered when nothing differs', async () => {
      const before = await newest();
      const document = await open(`${FAMILY}:1`);
      await replaceText(document, '"cpu": "256"', '"cpu":   ".25 vCPU"');
      assert.equal(await document.save(), true);
      assert.equal(await newest(), before);
    });

    it('are not registered by saving automatically', async () => {
      const before = await newest();
      const files = vscode.workspace.getConfiguration('files');
      await files.update('autoSaveDelay', 50, vscode.ConfigurationTarget.Global);
      await files.update('autoSave', 'afterDelay', vscode.ConfigurationTarget.Global);
      const reasons: vscode.TextDocumentSaveReason[] = [];
      const saves = vscode.workspace.onWillSaveTextDocument(({ reason }) => void reasons.push(reason));
      const shown = differences;
      try {
        const document = await open(`${FAMILY}:1`);
        await replaceText(document, 'nginx:1', 'nginx:automatic');
        assert.equal(
          await until('the automatic save', () => reasons[0]),
          vscode.TextDocumentSaveReason.AfterDelay,
        );
        // Saving by hand joins a save that is under way: the automatic one has ended once there is another.
        while (!reasons.includes(vscode.TextDocumentSaveReason.Manual)) {
          assert.equal(await answer('workbench.action.closeQuickOpen', document.save()), false);
        }
        assert.equal(differences, shown + 1, 'a difference was shown for the automatic save too');
        assert.equal(document.isDirty, true);
        assert.equal(await newest(), before);
      } finally {
        saves.dispose();
        await files.update('autoSave', undefined, vscode.ConfigurationTarget.Global);
        await files.update('autoSaveDelay', undefined, vscode.ConfigurationTarget.Global);
      }
    });
  });

  describe('are compared', () => {
    const sides = async (): Promise<readonly [string, string]> => {
      const { input } = await until('the difference', diffTab);
      const { original, modified } = input as vscode.TabInputTextDiff;
      const texts = await Promise.all(
        [original, modified].map((uri) => vscode.workspace.openTextDocument(uri)),
      );
      return [texts[0]?.getText() ?? '', texts[1]?.getText() ?? ''];
    };

    it('with each other', async () => {
      const result = await run<{ changes: string[] }>('taskDefinition.compare', {
        taskDefinitions: [`${FAMILY}:1`, `${FAMILY}:2`],
      });
      assert.deepEqual(result, {
        before: `${FAMILY}:1`,
        after: `${FAMILY}:2`,
        changes: ['web image: nginx:1 → nginx:2', 'cpu: 256 → 512', 'memory: 512 → 1024'],
      });
      const [before, after] = await sides();
      assert.equal(
        before
          .replace('nginx:1', 'nginx:2')
          .replace('"256"', '"512"')
          .replace(/"512"(?=,\n {2}"tags)/, '"1024"'),
        after,
      );
      assert.equal(diffTab()?.label, `${FAMILY}:1 ↔ ${FAMILY}:2`);
    });

    it('with a file: what a service runs, or the newest one', async () => {
      const file = path.join(folder, 'task-definition.json');
      // As people write it: another order, other words for the same sizes.
      const { family, ...members } = definition('nginx:2', { cpu: '.5 vCPU', memory: '1024' });
      await writeFile(file, JSON.stringify({ ...members, registeredAt: null, revision: 7, family }));
      const compare = <T>(): Promise<T> => run<T>('taskDefinition.compareWithLive', { file });
      const newestName = await newest();
      assert.deepEqual(await compare(), {
        file,
        taskDefinition: newestName,
        changes: ['web image: nginx:edited → nginx:2', 'cpu: 256 → 512', 'memory: 512 → 1024'],
      });
      assert.match(diffTab()?.label ?? '', new RegExp(`^${newestName} ↔ .*task-definition\\.json$`));
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await ecs.createService({
        cluster: FAMILY,
        serviceName: 'web',
        taskDefinition: `${FAMILY}:2`,
        desiredCount: 0,
        networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0123456789abcdef0'] } },
      });
      assert.deepEqual(await compare(), {
        file,
        taskDefinition: `${FAMILY}:2`,
        service: `${FAMILY}/web`,
        changes: [],
      });
      assert.equal(diffTab(), undefined);
      const document = await vscode.workspace.openTextDocument(file);
      await replaceText(document, 'secret', 'another');
      // What is on show counts, though it is not saved; values of the environment are not told.
      assert.deepEqual((await compare<{ changes: string[] }>()).changes, ['web environment TOKEN changed']);
      await vscode.window.showTextDocument(document);
    });
  });

  describe('have lenses', () => {
    const lensesOf = async (document: vscode.TextDocument): Promise<[string, number][]> => {
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        document.uri,
        100,
      );
      return lenses.map(({ command, range }) => [command?.title ?? '', range.start.line]);
    };
    const show = async (name: string, text: string): Promise<vscode.TextDocument> => {
      const file = path.join(folder, name);
      await writeFile(file, text);
      return vscode.workspace.openTextDocument(file);
    };

    it('above the definition of a file and above its images', async () => {
      const document = await show('web.taskdef.json', formatTaskDefinition(definition('nginx:1')));
      assert.deepEqual(await lensesOf(document), [
        ['Diff with live', 1],
        ['Verify', 1],
        ['Register', 1],
        ['Deploy...', 1],
        ['Push and use...', 6],
      ]);
    });

    it('in a revision for what can be done with it', async () => {
      const document = await open(`${FAMILY}:1`);
      assert.deepEqual(
        (await lensesOf(document)).map(([title]) => title),
        ['Compare...', 'Verify', 'Deploy...'],
      );
    });

    it('nowhere else', async () => {
      const text = formatTaskDefinition(definition('nginx:1'));
      assert.deepEqual(await lensesOf(await show('web.json', text)), []);
      assert.deepEqual(await lensesOf(await show('other-taskdef.json', '{"Resources": {}}')), []);
      await run('taskDefinition.compare', { taskDefinitions: [`${FAMILY}:1`, `${FAMILY}:2`] });
      const { input } = await until('the difference', diffTab);
      const side = await vscode.workspace.openTextDocument((input as vscode.TabInputTextDiff).modified);
      assert.deepEqual(await lensesOf(side), []);
    });
  });

  describe('are cleaned up', () => {
    const family = 'cleaned-up';
    before(async () => {
      for (let made = 0; made < 6; made += 1) {
        await ecs.registerTaskDefinition({ ...definition('nginx:1'), family });
      }
      await ecs.createService({
        cluster: FAMILY,
        serviceName: family,
        taskDefinition: `${family}:2`,
        desiredCount: 0,
        networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0123456789abcdef0'] } },
      });
    });

    it('all but the newest and those in use', async () => {
      const answers = { family, keep: 3, confirm: true };
      assert.deepEqual(await run('taskDefinition.deleteRevisions', answers), {
        deregistered: [`${family}:1`, `${family}:3`],
        deleted: [],
        inUse: [`${family}:2`],
        failures: [],
      });
      assert.deepEqual(await run('taskDefinition.deleteRevisions', { ...answers, delete: true }), {
        deregistered: [],
        deleted: [`${family}:1`, `${family}:3`],
        inUse: [`${family}:2`],
        failures: [],
      });
      for (const keep of [-1, 1.5, '3', null]) {
        await assert.rejects(
          run('taskDefinition.deleteRevisions', { ...answers, keep }),
          /whole number, 0 or more/,
        );
      }
    });

    it('one by one, or several at once', async () => {
      const taskDefinition = [`${family}:2`, `${family}:4`, `${family}:99`];
      const result = await run<{ failures: { taskDefinition: string }[] }>('taskDefinition.deregister', {
        taskDefinition,
        delete: true,
        confirm: true,
      });
      assert.deepEqual(
        { ...result, failures: result.failures.map((each) => each.taskDefinition) },
        {
          deregistered: [`${family}:4`],
          deleted: [`${family}:4`],
          inUse: [`${family}:2`],
          failures: [`${family}:99`],
        },
      );
    });
  });
});
