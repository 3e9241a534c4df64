import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { ECR } from '@aws-sdk/client-ecr';
import { IAM } from '@aws-sdk/client-iam';
import * as vscode from 'vscode';
import { createEcrGateway } from '../../src/aws/ecrGateway';
import { poll } from '../../src/base/delay';
import type { VerifyResult } from '../../src/editor/commands/verifyTaskDefinition';
import { sandboxContext } from '../support/sandboxContext';
import { TinyImages } from '../support/tinyImage';
import { runCommand } from './runCommand';
import { ENDPOINT, sandboxSettings } from './sandboxSettings';

const REGION = 'ap-northeast-1';

describe('A task definition that is held against AWS', () => {
  const registry = new URL(ENDPOINT).host;
  const settings = sandboxSettings(REGION);
  const image = `${registry}/verify/web:v1`;
  const role = 'arn:aws:iam::000000000000:role/verified';
  const text = JSON.stringify(
    {
      family: 'verified',
      requiresCompatibilities: ['FARGATE'],
      networkMode: 'awsvpc',
      cpu: '256',
      memory: '512',
      executionRoleArn: role,
      containerDefinitions: [
        { name: 'web', image },
        { name: 'gone', image: `${registry}/verify/web:gone`, essential: false },
      ],
    },
    null,
    2,
  );
  let folder: string;
  let digest: string;

  const open = async (name: string): Promise<vscode.TextDocument> => {
    const file = path.join(folder, name);
    await writeFile(file, text);
    const document = await vscode.workspace.openTextDocument(file);
    await vscode.window.showTextDocument(document);
    return document;
  };
  const problems = (document: vscode.TextDocument): (readonly [unknown, string])[] =>
    vscode.languages
      .getDiagnostics(document.uri)
      .filter(({ source }) => source === 'ECS Verify')
      .map(({ code, range }) => [code, document.getText(range)] as const);
  const until = async (document: vscode.TextDocument, expected: readonly unknown[]): Promise<void> => {
    const reached = (): Promise<true | undefined> =>
      Promise.resolve(JSON.stringify(problems(document)) === JSON.stringify(expected) ? true : undefined);
    await poll(reached, { interval: 50, signal: AbortSignal.timeout(20_000) }).catch(() =>
      assert.deepEqual(problems(document), expected),
    );
  };
  const hoverOver = async (
    document: vscode.TextDocument,
    token: string,
  ): Promise<vscode.MarkdownString[]> => {
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      document.positionAt(document.getText().indexOf(token) + 2),
    );
    return hovers.flatMap(({ contents }) => contents as vscode.MarkdownString[]);
  };
  /** Text as it is read: `appendText` escapes what could be markup, and keeps blanks. */
  const plain = ({ value }: vscode.MarkdownString): string =>
    value.replaceAll('&nbsp;', ' ').replace(/\\(.)/g, '$1');

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'verify-'));
    await runCommand('context.select', { profile: 'sandbox', region: REGION });
    const ecr = new ECR(settings);
    await ecr.createRepository({ repositoryName: 'verify/web' });
    const gateway = createEcrGateway(sandboxContext(ENDPOINT, REGION));
    const images = new TinyImages(await gateway.authorization(), 'verify/web');
    gateway.dispose();
    digest = await images.push('v1', 'v1');
    await new IAM(settings).createRole({
      RoleName: 'verified',
      Description: 'For **tasks** [here](command:awsContainers.log.show) <img src=x>',
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
        ],
      }),
    });
    await new CloudWatchLogs(settings).createLogGroup({ logGroupName: '/ecs/verified' });
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await runCommand('context.select', { profile: 'sandbox', region: 'us-east-1' });
    await rm(folder, { recursive: true, force: true });
  });

  const FOUND = [
    ['verify-role-trust', `"${role}"`],
    ['verify-image-missing', `"${registry}/verify/web:gone"`],
  ];

  it('lists on the exact tokens what is missing or does not fit, and says so in its result', async () => {
    const document = await open('task-definition.json');
    const result = await runCommand<VerifyResult>('taskDefinition.verify', { file: document.uri.fsPath });
    assert.deepEqual({ checked: result.checked, missing: result.missing }, { checked: 3, missing: 1 });
    assert.deepEqual(
      result.findings.map(({ rule, line }) => [
        rule,
        document
          .lineAt(line - 1)
          .text.trim()
          .slice(0, 12),
      ]),
      [
        ['verify-role-trust', '"executionRo'],
        ['verify-image-missing', '"image": "12'],
      ],
    );
    await until(document, FOUND);
  });

  it('keeps a problem on its token while the text around it changes, and drops it when the token does', async () => {
    const document = await open('taskdef.json');
    await runCommand('taskDefinition.verify', document.uri);
    await until(document, FOUND);
    const edit = async (at: number, length: number, content: string): Promise<void> => {
      const change = new vscode.WorkspaceEdit();
      const range = new vscode.Range(document.positionAt(at), document.positionAt(at + length));
      change.replace(document.uri, range, content);
      await vscode.workspace.applyEdit(change);
    };
    await edit(1, 0, '\n  "volumes": [],');
    await until(document, FOUND);
    await edit(document.getText().indexOf(':gone"') + 1, 4, 'v1');
    await until(document, FOUND.slice(0, 1));
    await runCommand('taskDefinition.verify', document.uri);
    await until(document, FOUND.slice(0, 1));
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await until(document, []);
  });

  it('is refused when it is something else', async () => {
    const other = path.join(folder, 'other.json');
    await writeFile(other, '{}');
    await assert.rejects(runCommand('taskDefinition.verify', { file: other }), /no task definition in JSON/);
    await assert.rejects(
      runCommand('taskDefinition.verify', { file: path.join(folder, 'none.json') }),
      /cannot be read/,
    );
  });

  it('says over an image what AWS has, and over a size what it is', async () => {
    const document = await open('ecs-task-def.json');
    const [about] = (await hoverOver(document, `"${image}"`)).filter((each) =>
      plain(each).includes('Image of'),
    );
    assert.ok(about);
    assert.ok(plain(about).includes(digest), about.value);
    assert.match(plain(about), /Platforms: linux\/amd64/);
    assert.ok(!about.isTrusted && !about.supportHtml);
    const gone = await hoverOver(document, `"${registry}/verify/web:gone"`);
    assert.ok(gone.some((each) => plain(each).includes('ECR has no image gone')));
    const size = await hoverOver(document, '"256"');
    assert.ok(size.some((each) => plain(each).includes('0.25 vCPU')));
  });

  it('shows no text of AWS as markup', async () => {
    const document = await open('web-taskdef.json');
    const [about] = (await hoverOver(document, `"${role}"`)).filter((each) =>
      plain(each).includes('Role verified'),
    );
    assert.ok(about);
    assert.match(plain(about), /Trusts: ec2\.amazonaws\.com/);
    assert.doesNotMatch(about.value, /\*\*tasks\*\*|\[here\]\(/);
    assert.ok(!about.supportHtml);
    assert.doesNotMatch(about.value, /console/, 'the sandbox has no console');
  });

  it('links an image to its row, and shows that row', async () => {
    const document = await open('linked-taskdef.json');
    const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
      'vscode.executeLinkProvider',
      document.uri,
    );
    const ours = links.filter(({ target }) => target?.scheme === 'command');
    assert.deepEqual(
      ours.map(({ range }) => document.getText(range)),
      [image, `${registry}/verify/web:gone`],
    );
    const [first] = ours;
    assert.equal(first?.target?.path, 'awsContainers.repository.reveal');
    const [answers] = JSON.parse(first.target.query) as [object];
    assert.deepEqual(await runCommand('repository.reveal', answers), { repository: 'verify/web' });
    await assert.rejects(
      runCommand('repository.reveal', { repository: 'verify/none' }),
      /RepositoryNotFound/,
    );
  });
});
