import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { createSession } from '../../src/aws/session';
import { poll } from '../../src/base/delay';
import { STARTER_LIFECYCLE_POLICY } from '../../src/ecr/lifecyclePolicy';
import { sandboxContext } from '../support/sandboxContext';
import { TinyImages } from '../support/tinyImage';
import { runCommand } from './runCommand';
import { ENDPOINT } from './sandboxSettings';

/** A region of its own: nothing here shows in another test's lists. */
const context = { profile: 'sandbox', region: 'ap-south-2' };

describe('Policies and scans of ECR', () => {
  const session = createSession(sandboxContext(ENDPOINT, context.region));
  const { ecr } = session;
  let digest: string;
  let repositories = 0;

  const run = <T = unknown>(id: string, answers: object): Promise<T> =>
    runCommand<T>(id, { context, ...answers });
  const until = <T>(what: string, probe: () => T | undefined): Promise<T> =>
    poll(() => Promise.resolve(probe()), { interval: 50, signal: AbortSignal.timeout(20_000) }).catch(() =>
      assert.fail(`waited for ${what}`),
    );
  const diffTab = (): vscode.Tab | undefined =>
    vscode.window.tabGroups.all
      .flatMap(({ tabs }) => tabs)
      .find(({ input }) => input instanceof vscode.TabInputTextDiff);
  let differences = 0;
  /** What the last difference has shown as it is now. */
  let original: vscode.Uri | undefined;
  const tabs = vscode.window.tabGroups.onDidChangeTabs(({ opened }) => {
    for (const { input } of opened) {
      if (input instanceof vscode.TabInputTextDiff) {
        differences += 1;
        ({ original } = input);
      }
    }
  });
  /** Presses a row of the prompt beside the difference until what it is for has ended. */
  const press = async <T>(pressing: string, work: Thenable<T>): Promise<T> => {
    const before = differences;
    let ended = false;
    const result = Promise.resolve(work).finally(() => (ended = true));
    while (!ended) {
      if (diffTab()) {
        await vscode.commands.executeCommand(pressing);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.equal(differences, before + 1, 'the difference was not shown once');
    return result;
  };
  const YES = 'workbench.action.acceptSelectedQuickOpenItem';
  const NO = 'workbench.action.closeQuickOpen';
  const edit = async (id: string, repository: string): Promise<vscode.TextDocument> => {
    const { uri } = await run<{ uri: string }>(id, { repository });
    return vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
  };
  const replaceText = async (document: vscode.TextDocument, from: string, to: string): Promise<void> => {
    const offset = document.getText().indexOf(from);
    assert.ok(offset >= 0, document.getText());
    const change = new vscode.WorkspaceEdit();
    const range = new vscode.Range(document.positionAt(offset), document.positionAt(offset + from.length));
    change.replace(document.uri, range, to);
    await vscode.workspace.applyEdit(change);
  };
  /** Waits for a report: one that is open already is shown anew a moment later. */
  const reportAt = async (uri: string | undefined, expected: RegExp): Promise<string> => {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri ?? ''));
    await until(`${expected.source} in: ${document.getText()}`, () =>
      expected.test(document.getText()) ? true : undefined,
    );
    return document.getText();
  };
  /** A repository of the test's own. */
  const create = async (lifecyclePolicy?: string): Promise<string> => {
    const repositoryName = `policies/number-${repositories++}`;
    await ecr.createRepository({ repositoryName });
    if (lifecyclePolicy !== undefined) {
      await ecr.putLifecyclePolicy(repositoryName, lifecyclePolicy);
    }
    return repositoryName;
  };

  before(async () => {
    await ecr.createRepository({
      repositoryName: 'team/web',
      tags: [{ Key: 'sandbox:findings', Value: '5' }],
    });
    const images = new TinyImages(await ecr.authorization(), 'team/web');
    digest = await images.push('first', 'v1');
    await images.push('untagged and old');
    await images.push('untagged and new');
  });
  afterEach(async () => {
    for (let left = vscode.workspace.textDocuments.length; left > 0; left -= 1) {
      await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    }
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
  after(() => {
    tabs.dispose();
    session.dispose();
  });

  describe('a lifecycle policy is a file', () => {
    it('that begins with one that is not saved, and is saved once the difference was seen', async () => {
      const name = await create();
      const document = await edit('repository.editLifecyclePolicy', name);
      assert.equal(document.uri.scheme, 'ecr');
      assert.ok(document.uri.path.endsWith(`/${name}.lifecycle-policy.json`), document.uri.path);
      assert.equal(document.languageId, 'json');
      assert.equal(document.getText(), STARTER_LIFECYCLE_POLICY);
      assert.equal(document.isDirty, true);
      assert.equal(await ecr.lifecyclePolicy(name), undefined);

      assert.equal(await press(NO, document.save()), false);
      assert.equal(document.isDirty, true);
      assert.equal(document.getText(), STARTER_LIFECYCLE_POLICY);
      assert.equal(await ecr.lifecyclePolicy(name), undefined);

      assert.equal(await press(YES, document.save()), true);
      assert.equal(document.isDirty, false);
      assert.equal(await ecr.lifecyclePolicy(name), STARTER_LIFECYCLE_POLICY);
      assert.equal(diffTab(), undefined);

      await replaceText(document, '14', '15');
      assert.equal(await press(YES, document.save()), true);
      assert.equal(await ecr.lifecyclePolicy(name), document.getText());
    });

    it('that keeps what was typed where ECR refuses it', async () => {
      const name = await create(STARTER_LIFECYCLE_POLICY);
      const document = await edit('repository.editLifecyclePolicy', name);
      await replaceText(document, '"untagged"', '"tagged"');
      assert.equal(await press(YES, document.save()), false);
      assert.match(document.getText(), /"tagged"/);
      assert.equal(document.isDirty, true);
      assert.equal(await ecr.lifecyclePolicy(name), STARTER_LIFECYCLE_POLICY);
    });

    it('that is not saved where it is no JSON, empty, or says the same', async () => {
      const name = await create(STARTER_LIFECYCLE_POLICY);
      const document = await edit('repository.editLifecyclePolicy', name);
      const shown = differences;
      await replaceText(document, '{', '{ // why');
      assert.equal(await document.save(), false);
      await replaceText(document, document.getText(), '\n');
      assert.equal(await document.save(), false);
      await replaceText(document, '\n', JSON.stringify(JSON.parse(STARTER_LIFECYCLE_POLICY)));
      assert.equal(await document.save(), true);
      assert.equal(differences, shown);
      assert.equal(await ecr.lifecyclePolicy(name), STARTER_LIFECYCLE_POLICY);
    });

    it('that is saved over what somebody else has saved meanwhile only with that in sight', async () => {
      const name = await create(STARTER_LIFECYCLE_POLICY);
      const document = await edit('repository.editLifecyclePolicy', name);
      await replaceText(document, '14', '15');
      await ecr.putLifecyclePolicy(name, STARTER_LIFECYCLE_POLICY.replaceAll('14', '99'));
      assert.equal(await press(NO, document.save()), false);
      const before = await vscode.workspace.openTextDocument(original ?? document.uri);
      assert.match(before.getText(), /"countNumber": 99/);
    });

    it('whose rules are checked, by its schema and with each other', async () => {
      const document = await edit('repository.editLifecyclePolicy', await create());
      await replaceText(document, '"days"', '"weeks"');
      await replaceText(document, '"rules": [', '"rules": [{"rulePriority": 1},');
      await until('problems', () => {
        const found = vscode.languages.getDiagnostics(document.uri).map(({ message }) => message);
        return found.some((each) => each.includes('"days"')) &&
          found.some((each) => each.startsWith('Another rule'))
          ? found
          : undefined;
      });
    });

    it('that is there no more once it is deleted', async () => {
      const repository = await create(STARTER_LIFECYCLE_POLICY);
      const document = await edit('repository.editLifecyclePolicy', repository);
      assert.equal(document.isDirty, false);
      const answers = { repository, confirm: true };
      assert.deepEqual(await run('repository.deleteLifecyclePolicy', answers), { repository, deleted: true });
      assert.equal(await ecr.lifecyclePolicy(repository), undefined);
      await until('the file to be empty', () => (document.getText() === '' ? true : undefined));
      assert.deepEqual(await run('repository.deleteLifecyclePolicy', answers), {
        repository,
        deleted: false,
      });
    });
  });

  describe('a preview of a lifecycle policy', () => {
    const keepOne = (number: number): string =>
      JSON.stringify({
        rules: [
          {
            rulePriority: 1,
            selection: { tagStatus: 'untagged', countType: 'imageCountMoreThan', countNumber: number },
            action: { type: 'expire' },
          },
        ],
      });
    interface Preview {
      readonly uri: string;
      readonly images: readonly { readonly tags: readonly string[]; readonly rule: number }[];
    }

    it('says what the repository would lose, and changes nothing', async () => {
      await ecr.putLifecyclePolicy('team/web', keepOne(1));
      const preview = await run<Preview>('repository.previewLifecyclePolicy', { repository: 'team/web' });
      assert.deepEqual(
        preview.images.map(({ tags, rule }) => [tags, rule]),
        [[[], 1]],
      );
      await reportAt(preview.uri, /The policy of the repository would now \*\*delete 1 image \(/);
      assert.equal(await ecr.lifecyclePolicy('team/web'), keepOne(1));
    });

    it('is of what is typed, before it is saved', async () => {
      await ecr.putLifecyclePolicy('team/web', keepOne(1));
      const document = await edit('repository.editLifecyclePolicy', 'team/web');
      await replaceText(document, '"countNumber": 1', '"countNumber": 9');
      const preview = await runCommand<Preview>('repository.previewLifecyclePolicy', document.uri);
      assert.deepEqual(preview.images, []);
      await reportAt(preview.uri, /not saved, would delete nothing now/);
    });

    it('is refused where there is no policy, or one that ECR refuses', async () => {
      await assert.rejects(
        run('repository.previewLifecyclePolicy', { repository: await create() }),
        /no lifecycle policy/,
      );
      await assert.rejects(
        run('repository.previewLifecyclePolicy', { repository: 'team/web', policy: '{}'.padEnd(200) }),
        /validation failure/,
      );
    });
  });

  it('a repository policy is a file, saved and deleted as a lifecycle policy is', async () => {
    const repository = await create();
    const document = await edit('repository.editPolicy', repository);
    assert.ok(document.uri.path.endsWith(`/${repository}.repository-policy.json`));
    await replaceText(document, 'arn:aws:iam::000000000000:root', 'arn:aws:iam::123456789012:root');
    assert.equal(await press(YES, document.save()), true);
    assert.equal(await ecr.repositoryPolicy(repository), document.getText());
    await replaceText(document, '"Allow"', '"Perhaps"');
    assert.equal(await press(YES, document.save()), false);
    assert.match(document.getText(), /"Perhaps"/);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    assert.deepEqual(await run('repository.deletePolicy', { repository, confirm: true }), {
      repository,
      deleted: true,
    });
    assert.equal(await ecr.repositoryPolicy(repository), undefined);
  });

  describe('scans', () => {
    interface Shown {
      readonly status?: string;
      readonly findings: readonly string[];
      readonly uri?: string;
    }
    const image = (): object => ({ repository: 'team/web', imageId: { imageTag: 'v1' } });

    it('are offered where there was none', async () => {
      const shown = await run<Shown>('image.showScanFindings', image());
      assert.deepEqual(shown, { repository: 'team/web', digest, findings: [] });
    });

    it('are waited for, and what they find is a document to read', async () => {
      const shown = await run<Shown>('image.startScan', image());
      assert.equal(shown.status, 'COMPLETE');
      assert.equal(shown.findings.length, 5);
      const text = await reportAt(shown.uri, /^# Scan of team\\\/web: v1$/m);
      assert.match(text, /\*\*5 findings\*\*/);
      assert.match(
        text,
        /\[CVE\\-1900\\-1000\d\]\(<https:\/\/www\.cve\.org\/CVERecord\?id=CVE-1900-1000\d>\)/,
      );
      const preview = await until('the preview', () =>
        vscode.window.tabGroups.all
          .flatMap((group) => group.tabs)
          .find(({ input }) => input instanceof vscode.TabInputWebview),
      );
      assert.match(preview.label, /Scan of web v1/);
      assert.deepEqual(await run<Shown>('image.showScanFindings', image()), shown);
      await assert.rejects(run('image.startScan', image()), /once in 24 hours/);
    });
  });

  it('nothing is changed in a read-only profile, and a preview is still made', async () => {
    const repository = await create(STARTER_LIFECYCLE_POLICY);
    await runCommand('context.customize', { context, guard: 'readOnly' });
    try {
      const readOnly = /read-only/;
      await assert.rejects(run('repository.deleteLifecyclePolicy', { repository, confirm: true }), readOnly);
      await assert.rejects(run('repository.deletePolicy', { repository, confirm: true }), readOnly);
      const scan = { repository: 'team/web', imageId: { imageDigest: digest } };
      await assert.rejects(run('image.startScan', scan), readOnly);
      const document = await edit('repository.editLifecyclePolicy', repository);
      await replaceText(document, '14', '15');
      assert.equal(await press(YES, document.save()), false);
      assert.equal(await ecr.lifecyclePolicy(repository), STARTER_LIFECYCLE_POLICY);
      await run('repository.previewLifecyclePolicy', { repository });
    } finally {
      await runCommand('context.customize', { context, guard: 'none' });
    }
  });
});
