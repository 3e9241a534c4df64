import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ECR } from '@aws-sdk/client-ecr';
import * as vscode from 'vscode';
import { SessionPool } from '../../src/aws/session';
import { signInToSso } from '../../src/aws/ssoSignIn';
import { poll } from '../../src/base/delay';
import { ContextSettingsStore } from '../../src/editor/contexts/contextSettings';
import { awsContext, ContextStore } from '../../src/editor/contexts/contextStore';
import { keepSignedIn } from '../../src/editor/contexts/keepSignedIn';
import { createMemento } from './memento';
import { runCommand } from './runCommand';
import { ENDPOINT, sandboxSettings } from './sandboxSettings';

describe('signing in from the editor', () => {
  const original = { file: process.env.AWS_CONFIG_FILE, home: process.env.HOME };
  const openExternal = vscode.env.openExternal;
  const showErrorMessage = vscode.window.showErrorMessage;
  const shown: string[] = [];
  let opened: string[] = [];
  let folder: string;

  const context = { profile: 'sso', region: 'eu-central-2' };
  const create = (name: string): Promise<unknown> => runCommand('repository.create', { name, context });
  const tokenFile = (): string =>
    join(folder, '.aws/sso/cache', `${createHash('sha1').update('our').digest('hex')}.json`);

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'sign-in-'));
    mkdirSync(join(folder, '.aws'));
    process.env.HOME = folder;
    process.env.AWS_CONFIG_FILE = join(folder, '.aws', 'config');
    writeFileSync(
      process.env.AWS_CONFIG_FILE,
      `[profile sso]\nsso_session = our\nsso_account_id = 123456789012\nsso_role_name = Developer\nendpoint_url = ${ENDPOINT}\n` +
        `[sso-session our]\nsso_start_url = https://example.awsapps.com/start\nsso_region = us-east-1\n` +
        `[profile plain]\nendpoint_url = ${ENDPOINT}\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = example\n`,
    );
    // A person's browser, whose person says yes.
    vscode.env.openExternal = async (uri) => {
      opened.push(uri.toString(true));
      await fetch(uri.toString(true));
      return true;
    };
    vscode.window.showErrorMessage = (message: string) => {
      shown.push(message);
      return Promise.resolve(undefined);
    };
  });
  after(async () => {
    vscode.env.openExternal = openExternal;
    vscode.window.showErrorMessage = showErrorMessage;
    process.env.HOME = original.home;
    process.env.AWS_CONFIG_FILE = original.file;
    rmSync(folder, { recursive: true });
    await runCommand('context.select', { profile: 'sandbox', region: 'us-east-1' });
  });

  it('shows no message while the views find that nobody is signed in', async () => {
    await runCommand('context.select', context);
    for (let times = 0; times < 3; times++) {
      await runCommand('view.refresh', { view: 'registry' });
      await runCommand('view.refresh', { view: 'clusters' });
    }
    assert.deepEqual(shown, []);
  });

  it('is what a command that needs it says', async () => {
    await assert.rejects(create('too-early'), /Sign in to use sso: nobody is signed in \(our\)/);
    assert.equal(shown.length, 1);
  });

  it("opens the user's browser, keeps the token, and goes on", async () => {
    assert.deepEqual(await runCommand('context.signIn', { context }), { profile: 'sso' });
    assert.equal(opened.length, 1);
    assert.ok(opened[0]?.startsWith(`${ENDPOINT}/`), opened[0]);
    assert.equal(statSync(tokenFile()).mode & 0o777, 0o600);
    await create('signed-in');
    const { repositories } = await new ECR(sandboxSettings(context.region)).describeRepositories();
    assert.ok(repositories?.some(({ repositoryName }) => repositoryName === 'signed-in'));
  });

  it('is taken back by signing out', async () => {
    await runCommand('context.signOut', { context });
    assert.equal(existsSync(tokenFile()), false);
    await assert.rejects(create('too-late'), /Sign in to use sso/);
  });

  it('is noticed when another program does it, and the rows come back once', async () => {
    const contexts = new ContextStore(createMemento(), new ContextSettingsStore(createMemento()));
    const sessions = new SessionPool();
    let reloads = 0;
    const trees = { refresh: async () => void reloads++ };
    const kept = keepSignedIn({ contexts, sessions, trees });
    try {
      const open = awsContext('sso', context.region);
      await contexts.select(open);
      const { ecr } = sessions.get(open);
      for (let times = 0; times < 3; times++) {
        await assert.rejects(ecr.repositories().next(), { action: 'signIn' });
      }
      assert.deepEqual([reloads, sessions.needsSignIn(open)], [1, true]);
      const sso = {
        session: 'our',
        startUrl: 'https://example.awsapps.com/start',
        region: 'us-east-1',
        scopes: ['a'],
      };
      for await (const event of signInToSso(sso, { endpoint: ENDPOINT })) {
        if (event.kind === 'openBrowser') {
          await fetch(event.url);
        }
      }
      await poll(async () => (reloads === 2 ? true : undefined), {
        interval: 100,
        signal: AbortSignal.timeout(20_000),
      });
      assert.equal(sessions.needsSignIn(open), false);
    } finally {
      kept.dispose();
      sessions.dispose();
      contexts.dispose();
      rmSync(tokenFile(), { force: true });
    }
  });

  it('ends without a word when the browser is not opened', async () => {
    opened = [];
    vscode.env.openExternal = () => Promise.resolve(false);
    shown.length = 0;
    await runCommand('context.signIn', { context }).catch(() => undefined);
    assert.deepEqual(shown, []);
    assert.equal(existsSync(tokenFile()), false);
  });

  it('says when there is nothing to sign in to', async () => {
    await assert.rejects(
      runCommand('context.signIn', { context: { profile: 'plain', region: context.region } }),
      /nothing to sign in to.*plain/,
    );
  });
});
