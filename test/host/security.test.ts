import assert from 'node:assert/strict';

import { join } from 'node:path';
import * as vscode from 'vscode';
import { ContextSettingsStore } from '../../src/editor/contexts/contextSettings';
import { ContextStore } from '../../src/editor/contexts/contextStore';
import { rowTooltip } from '../../src/editor/trees/rowTooltip';
import { treeItem } from '../../src/editor/trees/treeItem';
import { nodeId, type ExplorerNode } from '../../src/explorer/explorerNode';
import type { AwsContext } from '../../src/aws/context';
import { createMemento } from './memento';
import { runCommand } from './runCommand';
import { ENDPOINT } from './sandboxSettings';

interface Manifest {
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] };
  };
  readonly contributes: {
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly scope?: string }>> };
  };
}

describe('a workspace that is not trusted', () => {
  const workspace = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  const trusted = Object.getOwnPropertyDescriptor(vscode.workspace, 'isTrusted');

  // The window of the tests asks nobody whether it is trusted: what the extension is told is set here.
  before(() => {
    Object.defineProperty(vscode.workspace, 'isTrusted', { configurable: true, get: () => false });
  });
  after(() => {
    if (trusted) {
      Object.defineProperty(vscode.workspace, 'isTrusted', trusted);
    }
  });

  const refused: Readonly<Record<string, object>> = {
    'image.push': { dockerfile: join(workspace, 'web', 'Dockerfile'), repository: 'untrusted', tag: 'v1' },
    'image.pushAndUse': { file: join(workspace, 'web', 'task-definition.json'), container: 'web' },
    'service.deploy': { cluster: 'demo', service: 'web', confirm: false },
    'service.rollBack': { cluster: 'demo', service: 'web', confirm: true },
    'service.create': { cluster: 'demo', service: 'web', taskDefinition: 'web' },
    'taskDefinition.register': { file: join(workspace, 'web', 'task-definition.json'), confirm: true },
    'sandbox.start': { now: true },
    'context.select': { profile: 'sandbox', region: 'us-east-1' },
  };
  for (const [id, answers] of Object.entries(refused)) {
    it(`cannot have ${id} run`, () =>
      assert.rejects(async () => runCommand(id, answers), /This workspace is not trusted/));
  }

  it('can be browsed from', async () => {
    await runCommand('view.refresh', { view: 'registry' });
    await assert.rejects(
      async () =>
        runCommand('repository.delete', {
          repository: 'none',
          confirm: true,
        }),
      /RepositoryNotFoundException/,
    );
  });
});

describe('what a workspace may set', () => {
  const { capabilities, contributes } = vscode.extensions.getExtension('aws-containers.aws-containers')
    ?.packageJSON as Manifest;

  it('is nothing that chooses a program, an endpoint or a profile', () => {
    const { properties } = contributes.configuration;
    const machine = Object.keys(properties).filter((key) => properties[key]?.scope === 'machine');
    assert.deepEqual([...capabilities.untrustedWorkspaces.restrictedConfigurations].sort(), machine.sort());
    const choosing = Object.keys(properties).filter((key) => /engine|path|port|endpoint|profile/i.test(key));
    assert.deepEqual(choosing.sort(), machine);
  });

  it('does not reach the engine when it is written into the workspace all the same', async () => {
    const settings = vscode.workspace.getConfiguration('awsContainers');
    await assert.rejects(async () =>
      settings.update('enginePath', '/tmp/evil', vscode.ConfigurationTarget.Workspace),
    );
    assert.equal(settings.get('enginePath'), '');
  });
});

describe('what is remembered of the contexts of a workspace', () => {
  const open = (value: unknown, settings?: unknown): ContextStore =>
    new ContextStore(
      createMemento({ contexts: value }),
      new ContextSettingsStore(createMemento({ contextSettings: settings })),
    );

  it('cannot name an endpoint or keys', () => {
    const store = open([
      {
        profile: 'work',
        region: 'eu-west-1',
        endpoint: 'http://evil.test',
        source: { kind: 'static', accessKeyId: 'a', secretAccessKey: 'b' },
      },
    ]);
    assert.deepEqual(store.remembered(), [
      { label: 'work', source: { kind: 'profile', profile: 'work' }, region: 'eu-west-1' },
    ]);
    store.dispose();
  });

  for (const odd of [
    null,
    'x',
    7,
    [null],
    [{ region: 7 }],
    [{ profile: {}, region: 'eu-west-1' }],
    {},
    [{}],
  ]) {
    it(`does not fail on ${JSON.stringify(odd)}`, () => {
      const store = open(odd);
      assert.deepEqual(store.remembered(), []);
      store.dispose();
    });
  }
});

describe('what the user has chosen for a context', () => {
  const context: AwsContext = {
    label: 'work',
    source: { kind: 'profile', profile: 'work' },
    region: 'eu-west-1',
  };
  it('is kept without a credential, an endpoint or a port', async () => {
    const stored = {};
    const settings = new ContextSettingsStore(createMemento(stored));
    const source = { kind: 'static', accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example' } as const;
    await settings.update({ ...context, source, endpoint: 'http://127.0.0.1:4566' }, { name: 'mine' });
    await settings.update(context, { guard: 'readOnly' });
    assert.doesNotMatch(JSON.stringify(stored), /AKIA|example|4566/);
    assert.deepEqual(settings.of({ ...context, source, endpoint: 'http://127.0.0.1:1' }), { name: 'mine' });
  });

  it('holds other regions of the profile to the strictest, unless the user said otherwise of them', async () => {
    const settings = new ContextSettingsStore(createMemento());
    const region = (name: string): AwsContext => ({ ...context, region: name });
    await settings.update(region('eu-west-1'), { guard: 'protected' });
    assert.equal(settings.guardOf(region('us-east-1')), 'protected');
    await settings.update(region('eu-west-2'), { guard: 'readOnly', colour: 'red' });
    assert.equal(settings.guardOf(region('us-east-1')), 'readOnly');
    assert.deepEqual(settings.of(region('us-east-1')), {});
    await settings.update(region('us-east-1'), { guard: 'none' });
    assert.equal(settings.guardOf(region('us-east-1')), undefined);
    assert.equal(settings.guardOf({ ...context, source: { kind: 'profile', profile: 'other' } }), undefined);
  });

  for (const odd of [
    7,
    [],
    { x: 7 },
    { '["profile:work","eu-west-1"]': { name: 7, colour: 'pink', guard: 'all' } },
  ]) {
    it(`is nothing in ${JSON.stringify(odd)}`, () => {
      const settings = new ContextSettingsStore(createMemento({ contextSettings: odd }));
      assert.deepEqual(settings.of(context), {});
      assert.equal(settings.guardOf(context), undefined);
    });
  }
});

describe('names from AWS', () => {
  const EVIL = '[x](command:workbench.action.quit) $(trash) <img src=x> **b** ![](http://evil.test/x.png)';
  const context: AwsContext = { label: EVIL, source: { kind: 'default' }, region: 'us-east-1' };
  const nodes: ExplorerNode[] = [
    {
      kind: 'repository',
      id: nodeId(context, 'repository', EVIL),
      context,
      name: EVIL,
      uri: EVIL,
      repository: { repositoryName: EVIL, repositoryUri: EVIL },
    },
    {
      kind: 'service',
      id: nodeId(context, 'service', EVIL),
      context,
      name: EVIL,
      arn: EVIL,
      clusterArn: EVIL,
      service: {
        serviceName: EVIL,
        status: EVIL,
        events: [{ message: EVIL }],
        deployments: [{ rolloutStateReason: EVIL }],
      },
    },
  ];
  for (const node of nodes) {
    it(`are text, not markup, in the row of a ${node.kind}`, async () => {
      const item = treeItem(node, new Date());
      assert.equal(typeof item.label, 'string');
      assert.equal(item.command, undefined);
      const tooltip = await rowTooltip(node, {
        ecr: () => assert.fail('nothing is to be asked for here'),
        usedBy: [],
        signal: AbortSignal.abort(),
      });
      assert.equal(tooltip.isTrusted, false);
      assert.ok(!tooltip.supportHtml && !tooltip.supportThemeIcons);
      assert.doesNotMatch(tooltip.value, /(?<!\\)\]\(/);
    });
  }
});

describe('the sandbox of the tests', () => {
  it('takes no control request that a page in a browser could send', async () => {
    for (const path of ['info', 'reset', 'shutdown', 'faults']) {
      const method = path === 'info' ? 'GET' : 'POST';
      const response = await fetch(`${ENDPOINT}/_sandbox/${path}`, {
        method,
        headers: { origin: 'http://evil.test' },
      });
      assert.equal(response.status, 403, path);
    }
    const asked = await fetch(`${ENDPOINT}/_sandbox/reset`, {
      method: 'OPTIONS',
      headers: { origin: 'http://evil.test', 'access-control-request-headers': 'x-sandbox-control' },
    });
    assert.equal(asked.headers.get('access-control-allow-origin'), null);
    assert.equal(asked.headers.get('access-control-allow-headers'), null);
  });

  it('listens on the loopback interface only', () => {
    assert.equal(new URL(ENDPOINT).hostname, '127.0.0.1');
  });
});
