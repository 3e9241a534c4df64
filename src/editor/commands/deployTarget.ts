import * as vscode from 'vscode';
import type { RegisterTaskDefinitionCommandInput } from '@aws-sdk/client-ecs';
import { resourceName } from '../../aws/arn';
import type { AwsContext } from '../../aws/context';
import { UserError } from '../../base/errors';
import type { DeployRequest } from '../../deploy/deploymentPlan';
import type { ImageNode } from '../../explorer/explorerNode';
import type { WithContext } from '../contexts/contextOfAnswers';
import type { Services } from '../services';
import { pick, type Choice } from '../ui/prompts';
import { pickCluster, pickService } from '../ui/resourcePickers';
import { parseRevisionUri } from '../revisions/revisionUri';
import { readArguments, readNode } from './commandArguments';
import { absolute } from './pushWizard';
import { readContext } from './readContext';
import { openDocument, readDefinition } from './readDefinition';

/** What answers the prompts of "Deploy...". */
export interface DeployAnswers extends WithContext {
  /** Name or ARN. */
  readonly cluster: string;
  /** Name or ARN. */
  readonly service: string;
  readonly image?: { readonly container?: string; readonly uri: string };
  /** `family`, `family:revision`, an ARN, the path of a `.json` file, or the definition itself. */
  readonly taskDefinition?: string | RegisterTaskDefinitionCommandInput;
  /** Given, whatever its value: the difference is not shown for confirmation. */
  readonly confirm?: boolean;
}

export interface DeployTarget {
  readonly context: AwsContext;
  readonly request: DeployRequest;
  /** Ask before anything changes. */
  readonly confirm: boolean;
}

type Subject = Pick<DeployRequest, 'image' | 'taskDefinition'>;

const TITLE = (): string => vscode.l10n.t('Deploy');

/** Works out what to deploy where from a tree node, a file or answers, asking for what they do not say. */
export async function chooseDeployTarget(services: Services, argument: unknown): Promise<DeployTarget> {
  const answers = readArguments<DeployAnswers>(argument);
  const node = readNode(argument, 'service', 'image', 'revision', 'family');
  const context = await readContext(services, argument);
  const confirm = answers.confirm === undefined;
  if (node?.kind === 'service') {
    const request = { cluster: node.clusterArn, service: node.name };
    return { context, confirm, request: { ...request, ...(await chooseSubject(services, context)) } };
  }
  const file = argument instanceof vscode.Uri ? argument : undefined;
  const given = await subjectOf(answers, node, file);
  const cluster =
    answers.cluster ?? (await pickCluster(services, context, vscode.l10n.t('Deploy: In Which Cluster?')));
  const service =
    answers.service ??
    (await pickService(services, context, cluster, vscode.l10n.t('Deploy: To Which Service?')));
  const subject = given ?? (answers.service === undefined ? await chooseSubject(services, context) : {});
  return { context, confirm, request: { cluster, service, ...subject } };
}

type SubjectNode = ReturnType<typeof readNode<'service' | 'image' | 'revision' | 'family'>>;

async function subjectOf(
  answers: Partial<DeployAnswers>,
  node: SubjectNode,
  file: vscode.Uri | undefined,
): Promise<Subject | undefined> {
  if (node?.kind === 'image') {
    return { image: { uri: uriOfImage(node) } };
  }
  if (node?.kind === 'revision') {
    return { taskDefinition: node.arn };
  }
  if (node?.kind === 'family') {
    return { taskDefinition: node.family };
  }
  if (file !== undefined) {
    return { taskDefinition: liveRevision(file) ?? (await readDefinition(file)) };
  }
  const { image, taskDefinition } = answers;
  if (image === undefined && taskDefinition === undefined) {
    return undefined;
  }
  return {
    ...(image ? { image } : {}),
    ...(taskDefinition === undefined ? {} : { taskDefinition: await definitionOf(taskDefinition) }),
  };
}

async function definitionOf(
  taskDefinition: string | RegisterTaskDefinitionCommandInput,
): Promise<Subject['taskDefinition']> {
  return typeof taskDefinition === 'string' && /\.jsonc?$/i.test(taskDefinition)
    ? readDefinition(vscode.Uri.file(absolute(taskDefinition)))
    : taskDefinition;
}

/** The name of the revision that a file shows, unless it has been edited: then its text is what is to be deployed. */
function liveRevision(file: vscode.Uri): string | undefined {
  return openDocument(file)?.isDirty === true ? undefined : parseRevisionUri(file)?.name;
}

/** A tag names the image as people do; an untagged image has only its digest. */
function uriOfImage(image: ImageNode): string {
  const [tag] = image.tags;
  return tag === undefined ? `${image.repositoryUri}@${image.digest}` : `${image.repositoryUri}:${tag}`;
}

/** Asks what to deploy to a service. */
async function chooseSubject(services: Services, context: AwsContext): Promise<Subject> {
  const kinds: Choice<'image' | 'file' | 'revision' | 'again'>[] = [
    {
      label: vscode.l10n.t('An Image from ECR...'),
      iconPath: new vscode.ThemeIcon('package'),
      detail: vscode.l10n.t('Goes into the task definition that the service runs now'),
      value: 'image',
    },
    {
      label: vscode.l10n.t('A Task Definition File...'),
      iconPath: new vscode.ThemeIcon('file-code'),
      detail: vscode.l10n.t('Is registered as the next revision'),
      value: 'file',
    },
    {
      label: vscode.l10n.t('A Registered Revision...'),
      iconPath: new vscode.ThemeIcon('versions'),
      detail: vscode.l10n.t('Such as the one before'),
      value: 'revision',
    },
    {
      label: vscode.l10n.t('The Same Again'),
      iconPath: new vscode.ThemeIcon('debug-restart'),
      detail: vscode.l10n.t('Starts new tasks of the same revision: a tag that has moved is pulled anew'),
      value: 'again',
    },
  ];
  switch (await pick(kinds, { title: vscode.l10n.t('Deploy: What?') })) {
    case 'image':
      return { image: { uri: await pickImage(services, context) } };
    case 'file':
      return { taskDefinition: await readDefinition(await pickDefinitionFile()) };
    case 'revision':
      return { taskDefinition: await pickRevision(services, context) };
    case 'again':
      return {};
  }
}

async function pickImage(services: Services, context: AwsContext): Promise<string> {
  const { ecr } = services.sessions.get(context);
  async function* repositories(): AsyncGenerator<Choice<{ name: string; uri: string }>[]> {
    for await (const page of ecr.repositories()) {
      yield page.map(({ repositoryName: name = '', repositoryUri: uri = '' }) => ({
        label: name,
        iconPath: new vscode.ThemeIcon('repo'),
        description: uri,
        value: { name, uri },
      }));
    }
  }
  const { name, uri } = await pick(repositories(), {
    title: vscode.l10n.t('Deploy: From Which Repository?'),
  });
  async function* images(): AsyncGenerator<Choice<string>[]> {
    const all = [];
    for await (const page of ecr.images(name)) {
      all.push(...page);
    }
    all.sort((a, b) => (b.imagePushedAt?.getTime() ?? 0) - (a.imagePushedAt?.getTime() ?? 0));
    yield all.flatMap(({ imageTags = [], imageDigest = '', imagePushedAt }) =>
      (imageTags.length > 0 ? imageTags.map((tag) => `:${tag}`) : [`@${imageDigest}`]).map((id) => ({
        label: id.slice(1),
        iconPath: new vscode.ThemeIcon('package'),
        description: imagePushedAt?.toLocaleString(),
        value: `${uri}${id}`,
      })),
    );
  }
  return pick(images(), { title: vscode.l10n.t('Deploy: Which Image of {0}?', name) });
}

async function pickDefinitionFile(): Promise<vscode.Uri> {
  const files = await vscode.workspace.findFiles(
    '**/*{[Tt]ask[Dd]ef,[Tt]ask-[Dd]ef,[Tt]ask_[Dd]ef}*.json',
    '**/{node_modules,.git}/**',
    500,
  );
  const choices = files
    .map((uri): Choice<vscode.Uri> => ({
      label: vscode.workspace.asRelativePath(uri),
      iconPath: new vscode.ThemeIcon('file-code'),
      value: uri,
    }))
    .sort((a, b) => a.label.localeCompare(b.label));
  if (choices.length === 0) {
    throw new UserError(
      'invalidInput',
      vscode.l10n.t(
        'There is no task definition file in this workspace. Names that count contain task-definition or taskdef and end in .json.',
      ),
    );
  }
  return pick(choices, { title: vscode.l10n.t('Deploy: Which File?') });
}

async function pickRevision(services: Services, context: AwsContext): Promise<string> {
  const { ecs } = services.sessions.get(context);
  async function* families(): AsyncGenerator<Choice<string>[]> {
    for await (const page of ecs.families('ACTIVE')) {
      yield page.map((family) => ({
        label: family,
        iconPath: new vscode.ThemeIcon('symbol-structure'),
        value: family,
      }));
    }
  }
  const family = await pick(families(), { title: vscode.l10n.t('{0}: Which Task Definition?', TITLE()) });
  async function* revisions(): AsyncGenerator<Choice<string>[]> {
    for await (const page of ecs.revisions(family, 'ACTIVE')) {
      yield page.map((arn) => ({
        label: resourceName(arn),
        iconPath: new vscode.ThemeIcon('versions'),
        value: arn,
      }));
    }
  }
  return pick(revisions(), { title: vscode.l10n.t('{0}: Which Revision of {1}?', TITLE(), family) });
}
