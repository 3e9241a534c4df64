import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import * as vscode from 'vscode';
import type { AwsContext } from '../../aws/context';
import { contextKey } from '../../aws/context';
import { UserError } from '../../base/errors';
import { DOCKERFILE_GLOB, defaultBuildContext, isDockerfileName } from '../../image/dockerfile';
import { isImageTag, parseImageReference } from '../../image/imageReference';
import { isEcrRepositoryName } from '../../image/repositoryName';
import { suggestTags, type TagSuggestion } from '../../image/tagSuggestions';
import type { WithContext } from '../contexts/contextOfAnswers';
import type { Services } from '../services';
import { input, pick, type Choice } from '../ui/prompts';

/** What answers the prompts of "Push to ECR...". */
export interface PushAnswers extends WithContext {
  /** Path, absolute or from the first workspace folder. */
  readonly dockerfile: string;
  readonly buildContext?: string;
  /** Name or URI. */
  readonly repository: string;
  readonly tag: string;
  /** As "linux/arm64". */
  readonly platform?: string;
  readonly buildArgs?: Readonly<Record<string, string>>;
  /** Stage of the Dockerfile to build. */
  readonly target?: string;
  /** Make the repository when there is none of this name. */
  readonly createRepository?: boolean;
}

/** What is remembered per Dockerfile and context. A tag that follows from git is worked out anew each time. */
interface RememberedPush {
  readonly repository: string;
  readonly tag: { readonly source: TagSuggestion['source'] } | { readonly typed: string };
  readonly buildContext?: string;
  readonly platform?: string;
  readonly target?: string;
}

export interface PushSubject {
  readonly context: AwsContext;
  readonly dockerfile?: string;
  readonly repository?: string;
  /** A path: of several Dockerfiles the nearest to it is the likeliest. */
  readonly near?: string;
}

/** Asks for what `given` does not say. The answers of the last push of the same Dockerfile need one confirmation. */
export async function askForPush(
  services: Services,
  subject: PushSubject,
  given: Partial<PushAnswers>,
): Promise<PushAnswers> {
  const dockerfile = absolute(
    given.dockerfile ?? subject.dockerfile ?? (await chooseDockerfile(subject.near)),
  );
  const remembered = services.memory.get<RememberedPush>(memoryKey(subject.context, dockerfile));
  const repository = given.repository ?? subject.repository;
  const asked = { ...given, dockerfile };
  if (repository !== undefined && given.tag !== undefined) {
    return { ...asked, repository, tag: checkedTag(given.tag) };
  }
  const buildContext = given.buildContext ?? remembered?.buildContext ?? defaultBuildContext(dockerfile);
  const suggestions = await suggestTags(absolute(buildContext));
  if (
    remembered &&
    (repository === undefined || repository === remembered.repository) &&
    given.tag === undefined
  ) {
    const again = await confirmRemembered(dockerfile, remembered, suggestions);
    if (again) {
      return { ...remembered, ...asked, ...again };
    }
  }
  const chosen =
    repository === undefined ? await chooseRepository(services, subject.context, remembered) : { repository };
  const tag = given.tag ?? (await chooseTag(dockerfile, chosen.repository, suggestions, remembered));
  return { ...asked, ...chosen, tag: checkedTag(tag) };
}

/** Remembers the answers of a push, for the next one of the same Dockerfile in the same context. */
export async function rememberPush(
  services: Services,
  context: AwsContext,
  answers: PushAnswers,
): Promise<void> {
  const suggestions = await suggestTags(
    absolute(answers.buildContext ?? defaultBuildContext(answers.dockerfile)),
  );
  const source = suggestions.find(({ tag }) => tag === answers.tag)?.source;
  const { repository, buildContext, platform, target } = answers;
  const remembered: RememberedPush = {
    repository,
    tag: source ? { source } : { typed: answers.tag },
    ...(buildContext === undefined ? {} : { buildContext }),
    ...(platform === undefined ? {} : { platform }),
    ...(target === undefined ? {} : { target }),
  };
  await services.memory.update(memoryKey(context, absolute(answers.dockerfile)), remembered);
}

/** The name of a repository that was given by name or by URI. */
export function repositoryName(nameOrUri: string): string {
  const reference = parseImageReference(nameOrUri);
  const name = reference?.registry === undefined ? nameOrUri : reference.repository;
  if (!isEcrRepositoryName(name)) {
    throw new UserError(
      'invalidInput',
      vscode.l10n.t('This cannot be the name of an ECR repository: {0}', nameOrUri),
      {
        action: 'retry',
      },
    );
  }
  return name;
}

/** A path of the first workspace folder, where it is not absolute. */
export function absolute(path: string): string {
  if (isAbsolute(path)) {
    return path;
  }
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (!folder) {
    throw new UserError(
      'invalidInput',
      vscode.l10n.t('No folder is open that this path could be in: {0}', path),
    );
  }
  return join(folder.uri.fsPath, path);
}

function memoryKey(context: AwsContext, dockerfile: string): string {
  return `push:${contextKey({ ...context, endpoint: undefined })}:${dockerfile}`;
}

function checkedTag(tag: string): string {
  if (!isImageTag(tag)) {
    throw new UserError('invalidInput', `${TAG_RULE()} ${vscode.l10n.t('This is none: {0}', tag)}`, {
      action: 'retry',
    });
  }
  return tag;
}

const TAG_RULE = (): string =>
  vscode.l10n.t(
    'A tag has up to 128 letters, digits, dots, dashes and underscores, and starts with none of dot and dash.',
  );

/** The only Dockerfile of the workspace, or the user's choice among several. */
export async function chooseDockerfile(
  near: string | undefined,
  title = vscode.l10n.t('Push to ECR: Which Dockerfile?'),
): Promise<string> {
  const active = vscode.window.activeTextEditor?.document;
  const files = await vscode.workspace.findFiles(DOCKERFILE_GLOB, '**/{node_modules,.git}/**', 500);
  const found = files
    .filter(({ fsPath }) => isDockerfileName(fsPath))
    .sort((a, b) => a.fsPath.localeCompare(b.fsPath));
  if (
    active &&
    !found.some(({ fsPath }) => fsPath === active.uri.fsPath) &&
    active.languageId === 'dockerfile'
  ) {
    found.unshift(active.uri);
  }
  const [only, ...others] = found;
  if (!only) {
    throw new UserError(
      'invalidInput',
      vscode.l10n.t(
        'There is no Dockerfile in this workspace. Names that count: Dockerfile, Dockerfile.dev, api.Dockerfile, Containerfile.',
      ),
    );
  }
  if (others.length === 0) {
    return only.fsPath;
  }
  const likeliest = near === undefined ? active?.uri.fsPath : nearestTo(near, found);
  const choices = found.map((uri): Choice<string> => ({
    label: vscode.workspace.asRelativePath(uri),
    iconPath: new vscode.ThemeIcon('file-code'),
    value: uri.fsPath,
  }));
  return pick(choices, { title, active: (value) => value === likeliest });
}

/** The file to whose folder the way from a path is the shortest. */
function nearestTo(path: string, files: readonly vscode.Uri[]): string | undefined {
  const steps = ({ fsPath }: vscode.Uri): number =>
    relative(dirname(path), dirname(fsPath)).split(sep).length;
  const inPlace = files.find(({ fsPath }) => dirname(fsPath) === dirname(path));
  return (inPlace ?? [...files].sort((a, b) => steps(a) - steps(b))[0])?.fsPath;
}

async function confirmRemembered(
  dockerfile: string,
  remembered: RememberedPush,
  suggestions: readonly TagSuggestion[],
): Promise<Pick<PushAnswers, 'repository' | 'tag'> | undefined> {
  const { tag: how, repository } = remembered;
  const tag = 'typed' in how ? how.typed : suggestions.find(({ source }) => source === how.source)?.tag;
  if (tag === undefined) {
    return undefined;
  }
  const choices: Choice<boolean>[] = [
    {
      label: vscode.l10n.t('Push {0}:{1}', repository, tag),
      iconPath: new vscode.ThemeIcon('cloud-upload'),
      description: vscode.workspace.asRelativePath(dockerfile),
      value: true,
    },
    { label: vscode.l10n.t('Change...'), iconPath: new vscode.ThemeIcon('edit'), value: false },
  ];
  return (await pick(choices, { title: vscode.l10n.t('Push to ECR: Again as Last Time?') }))
    ? { repository, tag }
    : undefined;
}

async function chooseRepository(
  services: Services,
  context: AwsContext,
  remembered: RememberedPush | undefined,
): Promise<{ repository: string; createRepository?: boolean }> {
  const NEW = '';
  async function* choices(): AsyncGenerator<Choice<string>[]> {
    yield [{ label: vscode.l10n.t('New Repository...'), iconPath: new vscode.ThemeIcon('add'), value: NEW }];
    for await (const page of services.sessions.get(context).ecr.repositories()) {
      yield page.map(({ repositoryName: name = '', repositoryUri }) => ({
        label: name,
        iconPath: new vscode.ThemeIcon('repo'),
        description: repositoryUri,
        value: name,
      }));
    }
  }
  const chosen = await pick(choices(), {
    title: vscode.l10n.t('Push to ECR: Which Repository?'),
    placeholder: `${context.label} · ${context.region}`,
    active: (value) => value === remembered?.repository,
  });
  if (chosen !== NEW) {
    return { repository: chosen };
  }
  const repository = await input({
    title: vscode.l10n.t('New ECR Repository'),
    prompt: vscode.l10n.t('Name of the repository. Slashes group repositories, as in team/web.'),
    validate: (text) =>
      isEcrRepositoryName(text)
        ? undefined
        : vscode.l10n.t(
            '2 to 256 lower-case letters and digits; single dots, dashes, underscores and slashes between them.',
          ),
  });
  return { repository, createRepository: true };
}

async function chooseTag(
  dockerfile: string,
  repository: string,
  suggestions: readonly TagSuggestion[],
  remembered: RememberedPush | undefined,
): Promise<string> {
  const about: Readonly<Record<TagSuggestion['source'], string>> = {
    commit: vscode.l10n.t('The commit that is checked out'),
    branch: vscode.l10n.t('The branch'),
    latest: vscode.l10n.t('Moves with every push: which version runs cannot be told from it'),
  };
  const TYPE = '';
  const choices: Choice<string>[] = suggestions.map(({ tag, source }) => ({
    label: tag,
    iconPath: new vscode.ThemeIcon(
      source === 'commit' ? 'git-commit' : source === 'branch' ? 'git-branch' : 'tag',
    ),
    description: about[source],
    value: tag,
  }));
  const typed = remembered && 'typed' in remembered.tag ? remembered.tag.typed : undefined;
  if (typed !== undefined && !suggestions.some(({ tag }) => tag === typed)) {
    choices.unshift({
      label: typed,
      iconPath: new vscode.ThemeIcon('history'),
      description: vscode.l10n.t('The last one'),
      value: typed,
    });
  }
  choices.push({
    label: vscode.l10n.t('Type a Tag...'),
    iconPath: new vscode.ThemeIcon('edit'),
    value: TYPE,
  });
  const title = vscode.l10n.t(
    'Push to ECR: Tag of {0} in {1}',
    vscode.workspace.asRelativePath(dockerfile),
    repository,
  );
  const chosen = await pick(choices, { title });
  return (
    chosen ||
    input({
      title,
      prompt: vscode.l10n.t('Such as v1.2.0'),
      validate: (text) => (isImageTag(text) ? undefined : TAG_RULE()),
    })
  );
}
