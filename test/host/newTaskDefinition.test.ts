import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ECR } from '@aws-sdk/client-ecr';
import * as vscode from 'vscode';
import { poll } from '../../src/base/delay';
import { runCommand } from './runCommand';
import { sandboxSettings } from './sandboxSettings';

/** A region of its own: nothing here shows in another test's lists. */
const context = { profile: 'sandbox', region: 'ap-northeast-3' };
const DOCKERFILE = `FROM --platform=linux/arm64 node:22 AS base
ENV PORT=8080
FROM base
EXPOSE $PORT
USER node
HEALTHCHECK --interval=1s CMD curl -f http://localhost:$PORT/
`;

interface Definition {
  readonly family: string;
  readonly executionRoleArn: string;
  readonly containerDefinitions: readonly { readonly image: string; readonly user: string }[];
}

describe('New Task Definition', () => {
  const ecr = new ECR(sandboxSettings(context.region));
  let folder: string;
  let dockerfile: string;

  before(async () => {
    folder = path.join(await mkdtemp(path.join(tmpdir(), 'new-definition-')), 'shop api');
    await mkdir(folder);
    dockerfile = path.join(folder, 'Dockerfile');
    await writeFile(dockerfile, DOCKERFILE);
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await rm(path.dirname(folder), { recursive: true, force: true });
  });

  const create = (answers: object): Promise<{ file: string }> =>
    runCommand('taskDefinition.create', {
      dockerfile,
      context,
      ...answers,
    });
  const read = async (file: string): Promise<Definition> =>
    JSON.parse(await readFile(file, 'utf8')) as Definition;

  it('is written beside the Dockerfile, opened, and registers as it is', async () => {
    const { file } = await create({});
    assert.equal(file, path.join(folder, 'task-definition.json'));
    assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath, file);
    const made = await read(file);
    assert.equal(made.family, 'shop-api');
    assert.equal(made.executionRoleArn, 'arn:aws:iam::000000000000:role/ecsTaskExecutionRole');
    assert.equal(made.containerDefinitions[0]?.user, 'node');
    const { taskDefinitionArn } = await runCommand<{ taskDefinitionArn: string }>('taskDefinition.register', {
      file,
      context,
      confirm: true,
    });
    assert.match(taskDefinitionArn, /:task-definition\/shop-api:1$/);
    const uri = vscode.Uri.file(file);
    const problems = (): vscode.Diagnostic[] => vscode.languages.getDiagnostics(uri);
    const until = (probe: () => boolean): Promise<true> =>
      poll(() => Promise.resolve(probe() || undefined), {
        interval: 100,
        signal: AbortSignal.timeout(20_000),
      });
    // That there are none says something once the file has been looked at: a size that Fargate lacks shows it.
    const document = await vscode.workspace.openTextDocument(uri);
    const offset = document.getText().indexOf('"256"');
    assert.ok(offset > 0, document.getText());
    const edit = new vscode.WorkspaceEdit();
    const size = new vscode.Range(document.positionAt(offset), document.positionAt(offset + 5));
    edit.replace(uri, size, '"257"');
    await vscode.workspace.applyEdit(edit);
    await until(() => problems().some(({ source }) => source === 'ECS'));
    await vscode.commands.executeCommand('undo');
    assert.equal(document.isDirty, false);
    await until(() => problems().length === 0);
  });

  it('never takes the place of a file', async () => {
    const { file } = await create({});
    assert.equal(path.basename(file), 'task-definition-2.json');
    await assert.rejects(create({ file }), { message: /There is such a file already/ });
  });

  it('has the newest image of the repository with its name, and what is answered', async () => {
    await ecr.createRepository({ repositoryName: 'team/shop-api' });
    const [matching] = (await ecr.describeRepositories({})).repositories ?? [];
    const { file } = await create({ file: path.join(folder, 'matching.taskdef.json') });
    const [container] = (await read(file)).containerDefinitions;
    assert.equal(container?.image, `${matching?.repositoryUri}:latest`);
    const answered = await create({
      family: 'other',
      image: 'example.com/other:1',
      port: 9000,
      file: path.join(folder, 'answered.taskdef.json'),
    });
    const text = await readFile(answered.file, 'utf8');
    assert.match(text, /"family": "other"/);
    assert.match(text, /"image": "example.com\/other:1"/);
    assert.match(text, /"containerPort": 9000/);
  });
});
