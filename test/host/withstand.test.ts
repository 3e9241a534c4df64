import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ECR } from '@aws-sdk/client-ecr';
import { ECS } from '@aws-sdk/client-ecs';
import * as vscode from 'vscode';
import { poll } from '../../src/base/delay';
import { run } from '../../src/base/process';
import { SandboxController } from '../../src/editor/sandboxController';
import { buildBusyboxImage, fitPodmanToMachine, type BusyboxImage } from '../support/busyboxImage';
import { describeWithEngine } from '../support/engine';
import { runCommand } from './runCommand';
import { sandboxSettings } from './sandboxSettings';

const extension = vscode.extensions.getExtension('aws-containers.aws-containers');

describe('two windows', () => {
  const original = process.env.AWS_CONTAINERS_SANDBOX_ENDPOINT;
  let storage: string;
  const log = { info: () => undefined } as unknown as vscode.LogOutputChannel;

  beforeEach(() => {
    storage = mkdtempSync(join(tmpdir(), 'two-windows-'));
    delete process.env.AWS_CONTAINERS_SANDBOX_ENDPOINT;
  });
  afterEach(() => {
    process.env.AWS_CONTAINERS_SANDBOX_ENDPOINT = original;
    rmSync(storage, { recursive: true, force: true, maxRetries: 5 });
  });

  const open = (): SandboxController =>
    new SandboxController(
      {
        globalStorageUri: vscode.Uri.file(storage),
        asAbsolutePath: (path: string) => join(extension?.extensionPath ?? '', path),
      } as vscode.ExtensionContext,
      log,
    );

  it('that start the sandbox at once share it, and it ends for both', async () => {
    const windows = [open(), open(), open()];
    try {
      const found = await Promise.all(windows.map((window) => window.start()));
      assert.equal(new Set(found.map((each) => each.endpoint)).size, 1);
      // One that comes later finds it running.
      assert.equal((await open().start()).endpoint, found[0]?.endpoint);
      assert.equal(await open().stop(), true);
      for (const window of windows) {
        assert.equal(await window.find(), undefined);
      }
    } finally {
      await Promise.all(windows.map(async (window) => window.dispose()));
    }
  });

  it('can go on after the one that had started the sandbox has closed', async () => {
    const [first, second] = [open(), open()];
    try {
      const before = await first.start();
      assert.deepEqual(await second.find(), before);
      await first.dispose();
      assert.equal(await second.find(), undefined);
      assert.equal((await second.start()).endpoint, before.endpoint);
    } finally {
      await second.dispose();
    }
  });

  it('do not take whatever listens at the old address for the sandbox', async () => {
    const other = createServer((_request, response) => response.end('{"some": "answer"}'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = other.address() as AddressInfo;
      writeFileSync(join(storage, 'sandbox.json'), `{"endpoint": "http://127.0.0.1:${port}"}`);
      assert.equal(await open().find(), undefined);
      writeFileSync(join(storage, 'sandbox.json'), '{"endpo');
      assert.equal(await open().find(), undefined);
    } finally {
      other.close();
    }
  });
});

describeWithEngine('names that mean something to a shell', (engine) => {
  const ecr = new ECR(sandboxSettings('us-east-1'));
  const workspace = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  const pushed: string[] = [];
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'odd-names-'));
  });
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await run({ file: engine().file, args: ['image', 'rm', '--force', ...pushed] });
  });

  for (const [index, name] of [
    'a b',
    '$(touch executed)',
    '`touch executed`; touch executed; #',
    '--help',
    `"double" 'single'`,
    'a\nb',
    'ünïcödé 漢字 🐳',
    '%PATH% & $HOME',
  ].entries()) {
    it(`do nothing in the path of a Dockerfile: ${JSON.stringify(name)}`, async () => {
      const context = join(folder, name);
      cpSync(join(workspace, 'web'), context, { recursive: true });
      const before = readdirSync(context).sort();
      const { uri, digest } = await runCommand<{ uri: string; digest: string }>('image.push', {
        dockerfile: join(context, 'Dockerfile'),
        repository: 'odd/names',
        tag: `v${index}`,
        createRepository: true,
        buildArgs: { ODD: name },
        context: { profile: 'sandbox', region: 'us-east-1' },
      });
      pushed.push(uri);
      const { imageDetails } = await ecr.describeImages({
        repositoryName: 'odd/names',
        imageIds: [{ imageTag: `v${index}` }],
      });
      assert.equal(imageDetails?.[0]?.imageDigest, digest);
      assert.deepEqual(readdirSync(context).sort(), before);
      assert.ok(!readdirSync(folder).includes('executed') && !readdirSync(workspace).includes('executed'));
    });
  }

  for (const tag of ['-rf', 'a b', '$(touch x)', 'a;b', '', 'ü', 'a'.repeat(129), 'a\nb']) {
    it(`are no tags: ${JSON.stringify(tag.slice(0, 20))}`, () =>
      assert.rejects(
        async () =>
          runCommand('image.push', {
            dockerfile: join(workspace, 'web', 'Dockerfile'),
            repository: 'odd/names',
            tag,
            context: { profile: 'sandbox', region: 'us-east-1' },
          }),
        /A tag has up to 128/,
      ));
  }

  for (const repository of ['--all', 'a b', '$(touch x)', 'UPPER', '../x', 'a\nb']) {
    it(`are no repositories: ${JSON.stringify(repository)}`, () =>
      assert.rejects(
        async () =>
          runCommand('image.push', {
            dockerfile: join(workspace, 'web', 'Dockerfile'),
            repository,
            tag: 'v1',
            context: { profile: 'sandbox', region: 'us-east-1' },
          }),
        /cannot be the name of an ECR repository/,
      ));
  }
});

describeWithEngine('log lines that no terminal should get', (engine) => {
  const ecs = new ECS(sandboxSettings('ap-south-2'));
  const cluster = 'odd-lines';
  let image: BusyboxImage;
  let restore = (): Promise<void> => Promise.resolve();

  before(async function () {
    restore = engine().id === 'podman' ? await fitPodmanToMachine() : restore;
    image = await buildBusyboxImage(this, engine());
    await ecs.createCluster({ clusterName: cluster });
  });
  after(async () => {
    await image?.remove();
    await restore();
  });

  it('are shown in full, and do nothing', async () => {
    const script = [
      String.raw`printf 'title \033]0;owned\007 clear \033[2J red \033[31m bell \007 back \b\b null \000 cr \r over\n'`,
      String.raw`printf 'not UTF-8: \377\376 \303\n'`,
      `printf 'unicode: ü 漢字 🐳\\n'`,
      `head -c 524288 /dev/zero | tr '\\0' y; echo`,
      `echo the-last-line`,
    ].join('; ');
    await ecs.registerTaskDefinition({
      family: 'odd-lines',
      containerDefinitions: [
        {
          name: 'app',
          image: image.reference,
          memory: 64,
          command: ['/bin/sh', '-c', script],
          logConfiguration: {
            logDriver: 'awslogs',
            options: {
              'awslogs-group': '/ecs/odd-lines',
              'awslogs-create-group': 'true',
              'awslogs-region': 'ap-south-2',
              'awslogs-stream-prefix': 'odd',
            },
          },
        },
      ],
    });
    const { tasks } = await ecs.runTask({ cluster, taskDefinition: 'odd-lines' });
    const { channel } = await runCommand<{ channel: string }>('logs.stream', {
      cluster,
      task: tasks?.[0]?.taskArn,
      context: { profile: 'sandbox', region: 'ap-south-2' },
    });
    assert.match(channel, /^Logs: odd-lines/);
    const text = await poll(
      () => {
        const shown = vscode.workspace.textDocuments.map((document) => document.getText());
        return Promise.resolve(
          shown.find((each) => each.includes('odd-lines') && each.includes('the-last-line')),
        );
      },
      { interval: 100, signal: AbortSignal.timeout(30_000) },
    );
    // eslint-disable-next-line no-control-regex -- they are what must not be there
    assert.doesNotMatch(text, /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/);
    for (const part of ['title', 'clear', 'red', 'over', 'not UTF-8: \ufffd', 'unicode: ü 漢字 🐳']) {
      assert.ok(text.includes(part), `${part} is not in ${text.slice(0, 1500)}`);
    }
    assert.equal(
      [...text.matchAll(/y{10,}/g)].reduce((sum, [run]) => sum + run.length, 0),
      524_288,
    );
  });
});
