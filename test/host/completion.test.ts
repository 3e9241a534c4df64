import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ECR } from '@aws-sdk/client-ecr';
import * as vscode from 'vscode';
import { createEcrGateway } from '../../src/aws/ecrGateway';
import { poll } from '../../src/base/delay';
import { sandboxContext } from '../support/sandboxContext';
import { TinyImages } from '../support/tinyImage';
import { runCommand } from './runCommand';
import { ENDPOINT, sandboxSettings } from './sandboxSettings';

const FARGATE = `"family": "web", "requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc"`;

/** What the editor lists: that of the JSON language beside ours. */
describe('Completion in an open task definition', () => {
  const settings = sandboxSettings('us-east-1');
  let folder: string;
  let digest: string;
  let uri: string;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'completion-'));
    const ecr = new ECR(settings);
    const created = await ecr.createRepository({ repositoryName: 'completion/api' });
    uri = created.repository?.repositoryUri ?? '';
    const gateway = createEcrGateway(sandboxContext(ENDPOINT, 'us-east-1'));
    const images = new TinyImages(await gateway.authorization(), 'completion/api');
    gateway.dispose();
    await images.push('the older one', 'v1');
    digest = await images.push('the newer one', 'v2', 'stable');
    ecr.destroy();
    await runCommand('context.select', {
      profile: 'sandbox',
      region: 'us-east-1',
    });
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const ecr = new ECR(settings);
    await ecr.deleteRepository({ repositoryName: 'completion/api', force: true });
    ecr.destroy();
    await rm(folder, { recursive: true, force: true });
  });

  interface Listed {
    readonly label: string;
    readonly description: string;
    readonly item: vscode.CompletionItem;
  }
  let files = 0;

  /** Opens the text, with the cursor at its `|`. */
  async function open(marked: string, name = 'task-definition.json'): Promise<vscode.TextEditor> {
    const file = path.join(folder, `${(files += 1)}-${name}`);
    await writeFile(file, marked.replace('|', ''));
    const document = await vscode.workspace.openTextDocument(file);
    const editor = await vscode.window.showTextDocument(document);
    const cursor = document.positionAt(marked.indexOf('|'));
    editor.selection = new vscode.Selection(cursor, cursor);
    return editor;
  }

  async function list({ document, selection }: vscode.TextEditor): Promise<Listed[]> {
    const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      selection.active,
    );
    return items.map((item) =>
      typeof item.label === 'string'
        ? { label: item.label, description: '', item }
        : { label: item.label.label, description: item.label.description ?? '', item },
    );
  }

  /** Asks until something is listed that AWS alone knows: it may come after the first answer. */
  async function listWith(editor: vscode.TextEditor, label: string): Promise<Listed[]> {
    let last: Listed[] = [];
    const signal = AbortSignal.timeout(20_000);
    return poll(
      async () => {
        last = await list(editor);
        return last.some((each) => each.label === label) ? last : undefined;
      },
      { interval: 50, signal },
    ).catch(() => assert.fail(`no ${label} among: ${last.map((each) => each.label).join(', ')}`));
  }

  /** Takes what is listed as Enter would. */
  async function accept(editor: vscode.TextEditor, { item }: Listed): Promise<string> {
    const range = item.range instanceof vscode.Range ? item.range : item.range?.replacing;
    assert.ok(range && item.insertText !== undefined);
    const edit = new vscode.WorkspaceEdit();
    edit.set(editor.document.uri, item.additionalTextEdits ?? []);
    // They stand behind the place in these tests, and do not move it.
    await vscode.workspace.applyEdit(edit);
    const snippet = item.insertText;
    await editor.insertSnippet(
      typeof snippet === 'string' ? new vscode.SnippetString().appendText(snippet) : snippet,
      range,
    );
    return editor.document.getText();
  }

  it('lists values that follow from the document, each once', async () => {
    const editor = await open(`{ ${FARGATE}, "cpu": "512", "memory": "|", "containerDefinitions": [] }`);
    const listed = await listWith(editor, '"1024"');
    const ours = listed.filter(({ label }) => label.startsWith('"') && label !== '""');
    assert.deepEqual(
      ours.map(({ label, description }) => [label, description]),
      [
        ['"1024"', '1 GB · valid with 0.5 vCPU'],
        ['"2048"', '2 GB · valid with 0.5 vCPU'],
        ['"3072"', '3 GB · valid with 0.5 vCPU'],
        ['"4096"', '4 GB · valid with 0.5 vCPU'],
      ],
    );
    const chosen = ours[2];
    assert.ok(chosen);
    assert.match(await accept(editor, chosen), /"memory": "3072", "containerDefinitions"/);
  });

  it('lists an enum once, and of those that depend on the rest what is valid', async () => {
    const container = (members: string): string =>
      `{ ${FARGATE}, "cpu": "256", "memory": "512", "containerDefinitions": [{ "name": "a", "image": "a:1", ${members} }, { "name": "b", "image": "b:1", "healthCheck": { "command": ["CMD", "x"] } }] }`;
    const labels = async (marked: string, wanted: string): Promise<string[]> =>
      (await listWith(await open(marked), wanted))
        .map(({ label }) => label)
        .filter((label) => label.startsWith('"'))
        .sort();
    assert.deepEqual(await labels(container('"portMappings": [{ "protocol": "|" }]'), '"tcp"'), [
      '"tcp"',
      '"udp"',
    ]);
    assert.deepEqual(
      await labels(container('"dependsOn": [{ "containerName": "b", "condition": "|" }]'), '"START"'),
      ['"HEALTHY"', '"START"'],
    );
    assert.deepEqual(await labels(container('"dependsOn": [{ "containerName": "|" }]'), '"b"'), ['"b"']);
  });

  it('lists parts of a definition beside its members, and inserts them', async () => {
    const editor = await open(`{
  ${FARGATE},
  "cpu": "256",
  "memory": "512",
  "containerDefinitions": [
    {
      "name": "web",
      "image": "nginx:1",
      |
    }
  ]
}
`);
    const listed = await listWith(editor, 'EFS volume');
    assert.equal(listed.filter(({ label }) => label === 'mountPoints').length, 1);
    const part = listed.find(({ label }) => label === 'EFS volume');
    assert.ok(part);
    const text = await accept(editor, part);
    const { volumes, containerDefinitions } = JSON.parse(text) as {
      volumes: { name: string }[];
      containerDefinitions: { mountPoints: object[] }[];
    };
    assert.equal(volumes[0]?.name, 'data');
    assert.deepEqual(containerDefinitions[0]?.mountPoints, [
      { sourceVolume: 'data', containerPath: '/data' },
    ]);
  });

  it('fills an empty file', async () => {
    const editor = await open('|');
    const part = (await listWith(editor, 'Fargate web service')).find(
      ({ label }) => label === 'Fargate web service',
    );
    assert.ok(part);
    const definition = JSON.parse(await accept(editor, part)) as { family: string };
    assert.equal(definition.family, 'web');
  });

  it('lists repositories of the context, then their tags, newest first, and digests', async () => {
    const image = (value: string): string =>
      `{ ${FARGATE}, "containerDefinitions": [{ "name": "a", "image": "${value}|" }] }`;
    const repositories = await open(image(''));
    const repository = (await listWith(repositories, 'completion/api')).find(
      ({ label }) => label === 'completion/api',
    );
    assert.equal(repository?.description, uri.slice(0, uri.indexOf('/')));
    assert.ok(repository);
    assert.ok((await accept(repositories, repository)).includes(`"image": "${uri}:"`));

    const tags = await listWith(await open(image(`${uri}:`)), 'v2');
    const own = tags.filter(({ description }) => description.includes('just now'));
    assert.deepEqual(own.map(({ label }) => label).slice(-1), ['v1']);
    assert.deepEqual(own.map(({ label }) => label).sort(), ['stable', 'v1', 'v2']);
    assert.match(own[0]?.description ?? '', /^\d+ bytes · just now$/);
    const editor = await open(image(`${uri}:la`).replace('la|', '|la'));
    const newest = (await listWith(editor, 'v2')).find(({ label }) => label === 'v2');
    assert.ok(newest);
    assert.ok((await accept(editor, newest)).includes(`"image": "${uri}:v2"`));

    const digests = await listWith(await open(image(`${uri}@`)), digest);
    assert.match(digests.find(({ label }) => label === digest)?.description ?? '', /v2/);
  });

  it('lists roles that tasks can assume, secrets, parameters, log groups and file systems', async () => {
    const roles = await listWith(
      await open(`{ ${FARGATE}, "executionRoleArn": "|", "containerDefinitions": [] }`),
      'ecsTaskExecutionRole',
    );
    assert.ok(!roles.some(({ label }) => label === 'reportFunctionRole'), 'a role of another service');
    const secrets = await listWith(
      await open('{ "containerDefinitions": [{ "secrets": [{ "name": "A", "valueFrom": "|" }] }] }'),
      'web/database',
    );
    const secret = secrets.find(({ label }) => label === 'web/database')?.item.insertText;
    assert.ok(typeof secret === 'string');
    assert.match(secret, /^"arn:aws:secretsmanager:/);
    assert.ok(secrets.some(({ label }) => label === '/web/api-key'));
    const groups = await listWith(
      await open(
        '{ "family": "x", "containerDefinitions": [{ "logConfiguration": { "logDriver": "awslogs", "options": { "awslogs-group": "|" } } }] }',
      ),
      '"/ecs/web"',
    );
    assert.ok(groups.some(({ label }) => label === '"/ecs/x"'));
    const systems = await open(
      '{ "containerDefinitions": [], "volumes": [{ "efsVolumeConfiguration": { "fileSystemId": "|" } }] }',
    );
    await poll(
      async () =>
        (await list(systems)).some(
          ({ label, description }) => label.startsWith('fs-') && description.includes('web-data'),
        ) || undefined,
      { interval: 50, signal: AbortSignal.timeout(20_000) },
    );
  });

  it('is silent under another name', async () => {
    const listed = await list(await open('{ "networkMode": "|" }', 'other.json'));
    assert.deepEqual(
      listed.filter(({ item }) => item.sortText?.startsWith('!')),
      [],
    );
  });
});
