import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { AwsContext } from '../../src/aws/context';
import { SessionPool } from '../../src/aws/session';
import { signInToSso } from '../../src/aws/ssoSignIn';
import { poll } from '../../src/base/delay';
import { customizeContext } from '../../src/editor/commands/arrangeContexts';
import { selectContext } from '../../src/editor/commands/contextCommands';
import { ContextSettingsStore } from '../../src/editor/contexts/contextSettings';
import { awsContext, ContextStore, isSandbox } from '../../src/editor/contexts/contextStore';
import { openInitialContext } from '../../src/editor/contexts/initialContext';
import { keepSignedIn } from '../../src/editor/contexts/keepSignedIn';
import type { Services } from '../../src/editor/services';
import { createMemento } from './memento';
import { ENDPOINT } from './sandboxSettings';

const START_URL = 'https://example.awsapps.com/start';
const keys = (id: string): string => `aws_access_key_id = ${id}\naws_secret_access_key = example\n`;
const REST =
  `[profile other]\n${keys('AKIAOTHER')}` +
  `[profile sso]\nsso_session = our\nsso_account_id = 123456789012\nsso_role_name = Developer\nendpoint_url = ${ENDPOINT}\n` +
  `[sso-session our]\nsso_start_url = ${START_URL}\nsso_region = us-east-1\n`;

describe('contexts that change', () => {
  const original = { file: process.env.AWS_CONFIG_FILE, home: process.env.HOME };
  const createQuickPick = vscode.window.createQuickPick;
  const owned: { dispose(): unknown }[] = [];
  let folder: string;
  let contexts: ContextStore;
  let sessions: SessionPool;
  let services: Services;

  const writeConfig = (own: string): void =>
    writeFileSync(process.env.AWS_CONFIG_FILE ?? '', `${own}${REST}`);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'context-changes-'));
    mkdirSync(join(folder, '.aws'));
    process.env.HOME = folder;
    process.env.AWS_CONFIG_FILE = join(folder, '.aws', 'config');
    writeConfig(`[profile work]\n${keys('AKIAOLD')}`);
    contexts = new ContextStore(createMemento(), new ContextSettingsStore(createMemento()));
    sessions = new SessionPool();
    owned.push(contexts, sessions);
    services = {
      contexts,
      sessions,
      sandbox: { start: () => Promise.resolve({ endpoint: ENDPOINT }) },
    } as unknown as Services;
  });
  afterEach(() => {
    vscode.window.createQuickPick = createQuickPick;
    owned.splice(0).forEach((each) => each.dispose());
    process.env.HOME = original.home;
    process.env.AWS_CONFIG_FILE = original.file;
    rmSync(folder, { recursive: true });
  });

  /** Chooses the rows of these labels, one in each list. */
  const choose = (...labels: string[]): void => {
    vscode.window.createQuickPick = (() => {
      let accept = (): void => undefined;
      const box = {
        selectedItems: [] as readonly vscode.QuickPickItem[],
        activeItems: [],
        set items(rows: readonly vscode.QuickPickItem[]) {
          const label = labels.shift();
          box.selectedItems = rows.filter((row) => row.label === label);
          queueMicrotask(() => accept());
        },
        onDidAccept: (listener: () => void) => void (accept = listener),
        onDidHide: () => undefined,
        show: () => undefined,
        dispose: () => undefined,
      };
      return box;
    }) as unknown as typeof createQuickPick;
  };

  it('are of a profile that is called "sandbox" where that is chosen, and the sandbox where answers say so', async () => {
    writeConfig(`[profile sandbox]\n${keys('AKIAOWN')}`);
    choose('sandbox', 'eu-west-1');
    assert.deepEqual(await selectContext(services), awsContext('sandbox', 'eu-west-1'));
    assert.deepEqual(contexts.current(), awsContext('sandbox', 'eu-west-1'));
    assert.ok(isSandbox(await selectContext(services, { profile: 'sandbox' })));
    choose('Local Sandbox');
    assert.ok(isSandbox(await selectContext(services)));
  });

  it('say the new name once they are renamed, whoever has used them before', async () => {
    const context = awsContext('work', 'eu-west-1');
    await contexts.select(context);
    assert.equal(sessions.get(context).context.label, 'work');
    await customizeContext(services, { context, name: 'The Shop' });
    const [renamed] = contexts.all();
    assert.ok(renamed);
    assert.equal(sessions.get(renamed).context.label, 'The Shop');
  });

  it('are opened again all at once, in their order', async () => {
    const open = [
      awsContext('other', 'eu-west-1'),
      awsContext('work', 'eu-west-1'),
      awsContext('work', 'us-east-1'),
    ];
    const stored = open.map(({ label, region }) => ({ profile: label, region }));
    const memory = createMemento({ contexts: stored });
    const reopened = new ContextStore(memory, new ContextSettingsStore(createMemento()));
    owned.push(reopened);
    const seen: (readonly AwsContext[])[] = [];
    owned.push(reopened.onDidChange(() => seen.push(reopened.all())));
    await openInitialContext(reopened, {});
    assert.deepEqual(seen, [open]);
    assert.deepEqual(memory.get('contexts'), stored);
  });

  it('take the keys that were written to their profile while it was closed', async () => {
    owned.push(keepSignedIn({ contexts, sessions, trees: { refresh: () => Promise.resolve() } }));
    const work = awsContext('work', 'eu-west-1');
    await contexts.select(work);
    const { credentials } = sessions.get(work);
    assert.equal((await credentials.provide()).accessKeyId, 'AKIAOLD');
    await contexts.select(awsContext('other', 'eu-west-1'));
    sessions.release(work);
    writeConfig(`[profile work]\n${keys('AKIANEW')}`);
    await poll(async () => ((await credentials.provide()).accessKeyId === 'AKIANEW' ? true : undefined), {
      interval: 100,
      signal: AbortSignal.timeout(20_000),
    });
    assert.equal(sessions.get(work).credentials, credentials);
  });

  it('wait for a sign-in also when they are opened after it was found missing', async () => {
    let reloads = 0;
    owned.push(keepSignedIn({ contexts, sessions, trees: { refresh: async () => void reloads++ } }));
    const [used, opened] = [awsContext('sso', 'eu-west-1'), awsContext('sso', 'us-east-1')];
    await assert.rejects(sessions.get(used).ecr.repositories().next(), { action: 'signIn' });
    await contexts.select(opened);
    assert.deepEqual([sessions.needsSignIn(opened), reloads], [true, 1]);
    const sso = { session: 'our', startUrl: START_URL, region: 'us-east-1', scopes: ['a'] };
    for await (const event of signInToSso(sso, { endpoint: ENDPOINT })) {
      if (event.kind === 'openBrowser') {
        await fetch(event.url);
      }
    }
    await poll(async () => (reloads === 2 ? true : undefined), {
      interval: 100,
      signal: AbortSignal.timeout(20_000),
    });
    assert.equal(sessions.needsSignIn(opened), false);
  });
}).timeout(60_000);
