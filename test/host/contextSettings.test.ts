import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ECR } from '@aws-sdk/client-ecr';
import { ECS } from '@aws-sdk/client-ecs';
import * as vscode from 'vscode';
import { SessionPool } from '../../src/aws/session';
import { poll } from '../../src/base/delay';
import { nameOfChanged } from '../../src/editor/contexts/contextKeeper';
import { ContextSettingsStore } from '../../src/editor/contexts/contextSettings';
import { awsContext, ContextStore } from '../../src/editor/contexts/contextStore';
import { createMemento } from './memento';
import { runCommand } from './runCommand';
import { ENDPOINT, sandboxSettings } from './sandboxSettings';

const KEYS = 'aws_access_key_id = AKIAEXAMPLEEXAMPLE\naws_secret_access_key = example\n';

describe('contexts as the user keeps them', () => {
  const original = process.env.AWS_CONFIG_FILE;
  const askedFor: vscode.InputBoxOptions[] = [];
  const showInputBox = vscode.window.showInputBox;
  let typed: string | undefined;
  let folder: string;

  const ecr = (region: string): ECR => new ECR(sandboxSettings(region));
  const createQuietService = async (region: string): Promise<void> => {
    const ecs = new ECS(sandboxSettings(region));
    await ecs.createCluster({ clusterName: 'streams' });
    await ecs.registerTaskDefinition({
      family: 'quiet',
      containerDefinitions: [{ name: 'quiet', image: 'quiet:1', memory: 64 }],
    });
    await ecs.createService({
      cluster: 'streams',
      serviceName: 'quiet',
      taskDefinition: 'quiet',
      desiredCount: 0,
    });
  };
  const names = async (region: string): Promise<(string | undefined)[]> => {
    const { repositories = [] } = await ecr(region).describeRepositories();
    return repositories.map(({ repositoryName }) => repositoryName).sort();
  };
  const at = (profile: string, region: string) => ({ context: { profile, region } });

  before(async () => {
    // It watches the files that the environment names when it starts.
    await vscode.extensions.getExtension('aws-containers.aws-containers')?.activate();
    folder = mkdtempSync(join(tmpdir(), 'context-settings-'));
    process.env.AWS_CONFIG_FILE = join(folder, 'config');
    writeFileSync(
      join(folder, 'config'),
      ['prod', 'test']
        .map((name) => `[profile ${name}]\nregion = eu-west-1\nendpoint_url = ${ENDPOINT}\n${KEYS}`)
        .join('\n'),
    );
    // What a person would type.
    vscode.window.showInputBox = ((options: vscode.InputBoxOptions) => {
      askedFor.push(options);
      return Promise.resolve(typed);
    }) as typeof vscode.window.showInputBox;
  });
  beforeEach(() => {
    askedFor.length = 0;
    typed = undefined;
  });
  after(async () => {
    for (const region of ['ca-central-1', 'ca-west-1']) {
      await runCommand('context.customize', {
        ...at('prod', region),
        guard: 'none',
        name: '',
        colour: 'none',
      });
    }
    vscode.window.showInputBox = showInputBox;
    process.env.AWS_CONFIG_FILE = original;
    rmSync(folder, { recursive: true });
    await runCommand('context.select', { profile: 'sandbox', region: 'us-east-1' });
  });

  it('have a name and a colour of choice, by which commands find them too', async () => {
    await runCommand('context.select', { profile: 'prod', region: 'ca-central-1' });
    assert.deepEqual(
      await runCommand('context.customize', {
        ...at('prod', 'ca-central-1'),
        name: 'The Shop',
        colour: 'red',
      }),
      { name: 'The Shop', colour: 'red' },
    );
    await runCommand('repository.create', { name: 'named', ...at('The Shop', 'ca-central-1') });
    assert.deepEqual(await names('ca-central-1'), ['named']);
    await assert.rejects(
      runCommand('repository.create', { name: 'named', ...at('prod', 'ca-central-1') }),
      /The Shop/,
    );
    for (const odd of [{ colour: 'pink' }, { guard: 'maybe' }, { name: 'x'.repeat(61) }]) {
      await assert.rejects(
        runCommand('context.customize', { ...at('prod', 'ca-central-1'), ...odd }),
        /A context has/,
      );
    }
  });

  it('are read-only on demand: no command changes anything, in no region of the profile', async () => {
    await runCommand('context.customize', { ...at('prod', 'ca-central-1'), guard: 'readOnly' });
    for (const region of ['ca-central-1', 'ca-west-1']) {
      for (const [id, answers] of [
        ['repository.create', { name: 'forbidden' }],
        ['cluster.create', { name: 'forbidden' }],
        ['repository.delete', { repository: 'named', confirm: true, force: true }],
        ['service.scale', { cluster: 'x', service: 'x', desiredCount: 0 }],
      ] as const) {
        await assert.rejects(runCommand(id, { ...answers, ...at('prod', region) }), /read-only here/, id);
      }
    }
    assert.deepEqual(await names('ca-central-1'), ['named']);
    await runCommand('repository.create', { name: 'elsewhere', ...at('test', 'ca-west-1') });
    assert.deepEqual(await names('ca-west-1'), ['elsewhere']);
    assert.deepEqual(askedFor, []);
  });

  it('are protected on demand: what changes something wants its name typed, once a command', async () => {
    await runCommand('context.customize', { ...at('prod', 'ca-central-1'), guard: 'protected' });
    const create = () => runCommand('repository.create', { name: 'typed', ...at('prod', 'ca-central-1') });
    // Dismissed: nothing happens, and nothing is said.
    await create().catch(() => undefined);
    assert.deepEqual(await names('ca-central-1'), ['named']);
    assert.match(askedFor[0]?.prompt ?? '', /^Type typed to change it/);
    assert.equal(await askedFor[0]?.validateInput?.('type'), 'Type typed to confirm.');
    assert.equal(await askedFor[0]?.validateInput?.('typed'), undefined);
    typed = 'typed';
    await create();
    assert.deepEqual(await names('ca-central-1'), ['named', 'typed']);
    assert.equal(askedFor.length, 2);
    await runCommand('repository.delete', {
      repository: 'typed',
      confirm: true,
      ...at('prod', 'ca-central-1'),
    });
    assert.equal(askedFor.length, 3, 'what was typed for one command does not count for the next');
  });

  it('are asked about by what is changed, in a few letters', () => {
    for (const [input, name] of [
      [{ cluster: 'demo', service: 'arn:aws:ecs:eu-west-1:123456789012:service/demo/web' }, 'web'],
      [
        {
          cluster: 'demo',
          task: `arn:aws:ecs:eu-west-1:123456789012:task/demo/${'0123456789abcdef'.repeat(2)}`,
        },
        '01234567',
      ],
      [{ repositoryName: 'team/web', imageIds: [] }, 'team/web'],
      [{ family: 'web', containerDefinitions: [] }, 'web'],
      [{ serviceDeploymentArn: 'arn:aws:ecs:eu-west-1:123456789012:service-deployment/demo/web/x' }, 'web'],
      [{ taskDefinitions: ['web:1', 'web:2'] }, 'web:1'],
      [{}, undefined],
      [{ service: 7 }, undefined],
    ] as const) {
      assert.equal(nameOfChanged({ operation: 'Any', input }), name);
    }
  });

  it('stand in the order of choice, the first being that of the palette', async () => {
    await runCommand('context.customize', { ...at('prod', 'ca-central-1'), guard: 'none' });
    await runCommand('context.select', { profile: 'prod', region: 'ca-central-1' });
    await runCommand('context.add', { profile: 'test', region: 'ca-west-1' });
    await runCommand('context.moveDown', at('test', 'ca-west-1'));
    await runCommand('context.moveDown', at('test', 'ca-west-1'));
    await runCommand('repository.create', { name: 'of-first', context: { region: 'ca-central-1' } });
    await runCommand('context.moveUp', at('test', 'ca-west-1'));
    await runCommand('context.close', at('prod', 'ca-central-1'));
    await runCommand('repository.create', { name: 'of-other' });
    assert.deepEqual(await names('ca-west-1'), ['elsewhere', 'of-other']);
  });

  it('take their session with them when they are closed', async () => {
    const contexts = new ContextStore(createMemento(), new ContextSettingsStore(createMemento()));
    const [left, stays] = [awsContext('prod', 'ca-central-1'), awsContext('prod', 'ca-west-1')];
    const closed: string[] = [];
    contexts.onDidClose(({ region }) => closed.push(region));
    await contexts.select(left);
    await contexts.add(stays);
    await contexts.customize(left, { name: 'renamed' });
    assert.deepEqual(closed, []);
    await contexts.select(stays);
    assert.deepEqual(closed, ['ca-central-1']);
    const sessions = new SessionPool();
    const session = sessions.get(left);
    sessions.release(left);
    assert.equal(sessions.opened(left), undefined);
    assert.notEqual(sessions.get(left), session);
    sessions.dispose();
    contexts.dispose();
  });

  it('take their log streams with them when they are closed', async () => {
    const stream = async (region: string): Promise<string> => {
      await createQuietService(region);
      const { channel } = await runCommand<{ channel: string }>('logs.stream', {
        cluster: 'streams',
        service: 'quiet',
        ...at('prod', region),
      });
      return channel;
    };
    await runCommand('context.select', { profile: 'prod', region: 'ca-central-1' });
    await runCommand('context.add', { profile: 'prod', region: 'ca-west-1' });
    await stream('ca-central-1');
    const stays = await stream('ca-west-1');
    await runCommand('context.close', at('prod', 'ca-central-1'));
    await runCommand('logs.stop', { channel: stays });
    await poll(
      async () => {
        const refusal = await runCommand('logs.stop', { channel: stays }).catch(
          (error: Error) => error.message,
        );
        return refusal === 'No log stream is running.' ? refusal : undefined;
      },
      { interval: 50, signal: AbortSignal.timeout(10_000) },
    );
  });

  it('take on what the files say, without a restart, once they are written', async () => {
    const file = original ?? '';
    const before = readFileSync(file, 'utf8');
    const profile = (key: string): string =>
      `${before}\n[profile edited]\nregion = eu-south-1\nendpoint_url = ${key === '' ? 'http://127.0.0.1:1' : ENDPOINT}\n${KEYS}`;
    process.env.AWS_CONFIG_FILE = file;
    try {
      writeFileSync(file, profile(''));
      await runCommand('context.select', { profile: 'edited', region: 'eu-south-1' });
      await assert.rejects(
        runCommand('repository.create', { name: 'after-edit' }),
        /ECONNREFUSED|does not answer/,
      );
      writeFileSync(file, profile('right'));
      const created = await poll(
        () =>
          runCommand('repository.create', { name: 'after-edit' }).then(
            () => true,
            () => undefined,
          ),
        { interval: 200, signal: AbortSignal.timeout(20_000) },
      );
      assert.equal(created, true);
      writeFileSync(file, before);
      const gone = await poll(
        () =>
          runCommand('repository.create', { name: 'after-removal' }).then(
            () => undefined,
            (error: Error) => (error.message.includes('no such profile') ? error.message : undefined),
          ),
        { interval: 200, signal: AbortSignal.timeout(20_000) },
      );
      assert.match(gone, /any more: edited/);
    } finally {
      writeFileSync(file, before);
      process.env.AWS_CONFIG_FILE = join(folder, 'config');
    }
  }).timeout(60_000);
});
