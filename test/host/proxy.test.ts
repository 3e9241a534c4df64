import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import {
  startConnectProxy,
  startTlsFront,
  TEST_CERTIFICATE,
  type LoopbackServer,
} from '../support/loopbackTls';
import { runCommand } from './runCommand';
import { ENDPOINT } from './sandboxSettings';

describe("VS Code's proxy", () => {
  const original = process.env.AWS_CONFIG_FILE;
  const settings = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('http');
  let folder: string;
  let front: LoopbackServer;
  let proxy: Awaited<ReturnType<typeof startConnectProxy>>;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'proxy-'));
    front = await startTlsFront(Number(new URL(ENDPOINT).port));
    proxy = await startConnectProxy(front.port);
    writeFileSync(join(folder, 'authorities.pem'), TEST_CERTIFICATE);
    process.env.AWS_CONFIG_FILE = join(folder, 'config');
    // A name that leads nowhere but through the proxy.
    writeFileSync(
      process.env.AWS_CONFIG_FILE,
      `[profile proxied]\nendpoint_url = https://proxied.test\nca_bundle = ${join(folder, 'authorities.pem')}\n` +
        'aws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = example\n',
    );
    await settings().update('proxy', `http://127.0.0.1:${proxy.port}`, vscode.ConfigurationTarget.Global);
  });
  after(async () => {
    await settings().update('proxy', undefined, vscode.ConfigurationTarget.Global);
    process.env.AWS_CONFIG_FILE = original;
    proxy.close();
    front.close();
    rmSync(folder, { recursive: true });
  });

  it('is what AWS is reached through, with the certificates of the profile', async () => {
    // The sandbox takes loopback names only, and says so: that answer came all the way through the proxy.
    await assert.rejects(
      async () =>
        runCommand('repository.create', {
          name: 'through-the-proxy',
          context: { profile: 'proxied', region: 'eu-west-3' },
        }),
      /loopback names|403|Forbidden|Deserialization|UnknownError/i,
    );
    assert.deepEqual([...new Set(proxy.asked)], ['CONNECT proxied.test:443']);
  });
});
