import { readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { parseArn } from '../../aws/arn';
import type { AwsContext } from '../../aws/context';
import { messageOf, UserError } from '../../base/errors';
import { familyOf, newTaskDefinition } from '../../taskdef/create/newTaskDefinition';
import { readDockerfile, type DockerfileFacts } from '../../taskdef/create/readDockerfile';
import { contextOfAnswers, type WithContext } from '../contexts/contextOfAnswers';
import type { Services } from '../services';
import { input } from '../ui/prompts';
import { chooseNewImage, findImage, placeholderImage, type Place } from './chooseNewImage';
import { readArguments } from './commandArguments';
import { absolute, chooseDockerfile } from './pushWizard';

export interface CreateTaskDefinitionAnswers extends WithContext {
  /** Path, absolute or from the first workspace folder. */
  readonly dockerfile: string;
  /** The name of the Dockerfile's folder when left out. */
  readonly family?: string;
  /** The newest image of the repository with the family's name when left out, else a placeholder. */
  readonly image?: string;
  /** Where to write; `task-definition.json` beside the Dockerfile, or the next free name, when left out. */
  readonly file?: string;
  /** In the place of what the Dockerfile exposes. */
  readonly port?: number;
  /** Stage of the Dockerfile; the last one when left out. */
  readonly target?: string;
}

const FAMILY = /^[A-Za-z0-9_-]{1,255}$/;

/**
 * "New Task Definition...": writes a definition for Fargate beside a Dockerfile, from what that says, and opens it.
 * Called on a Dockerfile or from the palette; accepts `CreateTaskDefinitionAnswers`. Resolves to `{file}`.
 */
export async function createTaskDefinition(
  services: Services,
  argument?: unknown,
): Promise<{ file: string }> {
  const answers = readArguments<CreateTaskDefinitionAnswers>(argument);
  const asks = answers.dockerfile === undefined;
  const dockerfile =
    argument instanceof vscode.Uri
      ? argument.fsPath
      : absolute(answers.dockerfile ?? (await chooseDockerfile(undefined, TITLE())));
  const folder = dirname(dockerfile);
  const facts = withPort(readDockerfile(await readText(dockerfile), answers.target), answers.port);
  const likely = familyOf(basename(folder));
  const family = checkedFamily(answers.family ?? (asks ? await askFamily(likely) : likely));
  const place = await findPlace(services, answers);
  const image = answers.image ?? (await imageOf(services, place, family, asks));
  const text = newTaskDefinition({
    family,
    image,
    facts,
    region: place.context?.region,
    executionRoleArn: executionRoleIn(place),
  });
  const file = await write(folder, text, answers.file);
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(file));
  if (facts.notes.length > 0) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('Not all of the Dockerfile could be taken over. {0}', facts.notes.join(' ')),
    );
  }
  return { file };
}

const TITLE = (): string => vscode.l10n.t('New Task Definition: For Which Dockerfile?');

async function readText(dockerfile: string): Promise<string> {
  try {
    return await readFile(dockerfile, 'utf8');
  } catch (error) {
    const message = vscode.l10n.t('The Dockerfile cannot be read: {0}', messageOf(error));
    throw new UserError('invalidInput', message, { cause: error });
  }
}

function withPort(facts: DockerfileFacts, port: number | undefined): DockerfileFacts {
  return port === undefined ? facts : { ...facts, ports: [{ low: port, high: port, protocol: 'tcp' }] };
}

function askFamily(likely: string): Promise<string> {
  return input({
    title: vscode.l10n.t('New Task Definition: Family'),
    prompt: vscode.l10n.t('ECS counts the revisions under this name; the container has it too'),
    value: likely,
    validate: (text) => (FAMILY.test(text) ? undefined : FAMILY_RULE()),
  });
}

const FAMILY_RULE = (): string =>
  vscode.l10n.t('A family has 1 to 255 letters, digits, dashes and underscores.');

function checkedFamily(family: string): string {
  if (!FAMILY.test(family)) {
    throw new UserError('invalidInput', `${FAMILY_RULE()} ${vscode.l10n.t('This is none: {0}', family)}`);
  }
  return family;
}

/** What is known without asking. A definition can be written without AWS: what is missing is a placeholder then. */
async function findPlace(services: Services, answers: WithContext): Promise<Place> {
  const context: AwsContext | undefined = answers.context
    ? await contextOfAnswers(services, answers)
    : services.contexts.current();
  if (!context) {
    return {};
  }
  try {
    const identity = await services.sessions.get(context).identity(AbortSignal.timeout(10_000));
    const partition = parseArn(identity.arn)?.partition ?? 'aws';
    return { context, account: { id: identity.accountId, partition } };
  } catch (error) {
    services.log.debug('The account of a new task definition is not known', error);
    return { context };
  }
}

/** The role that the ECS console makes under this name. */
function executionRoleIn({ account }: Place): string | undefined {
  return account && `arn:${account.partition}:iam::${account.id}:role/ecsTaskExecutionRole`;
}

async function imageOf(services: Services, place: Place, family: string, asks: boolean): Promise<string> {
  const found = await findImage(services, place, family);
  return found ?? (asks ? chooseNewImage(services, place, family) : placeholderImage(place, family));
}

/** Never over a file that is there. */
async function write(folder: string, text: string, wanted: string | undefined): Promise<string> {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? 'task-definition.json' : `task-definition-${number}.json`;
    const file = wanted === undefined ? join(folder, name) : absolute(wanted);
    try {
      await writeFile(file, text, { flag: 'wx' });
      return file;
    } catch (error) {
      const taken = (error as NodeJS.ErrnoException).code === 'EEXIST';
      if (!taken || wanted !== undefined) {
        const message = taken
          ? vscode.l10n.t('There is such a file already: {0}', file)
          : vscode.l10n.t('The task definition cannot be written: {0}', messageOf(error));
        throw new UserError(taken ? 'alreadyExists' : 'invalidInput', message, { cause: error });
      }
    }
  }
}
