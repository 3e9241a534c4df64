import * as vscode from 'vscode';
import type { AwsVpcConfiguration, LaunchType, TaskDefinition } from '@aws-sdk/client-ecs';
import { resourceName } from '../../aws/arn';
import type { EcsGateway } from '../../aws/ecsGateway';
import { UserError } from '../../base/errors';
import { requireTrust } from '../engineProvider';
import type { WithContext } from '../contexts/contextOfAnswers';
import type { Services } from '../services';
import { input, pick, type Choice } from '../ui/prompts';
import { pickCluster } from '../ui/resourcePickers';
import { readArguments, readNode } from './commandArguments';
import { readContext } from './readContext';

export interface CreateServiceAnswers extends WithContext {
  readonly cluster: string;
  readonly service: string;
  /** `family`, `family:revision` or an ARN. */
  readonly taskDefinition: string;
  readonly desiredCount?: number;
  readonly launchType?: LaunchType;
  /** For task definitions of network mode awsvpc. */
  readonly subnets?: readonly string[];
  readonly securityGroups?: readonly string[];
  readonly assignPublicIp?: boolean;
}

/**
 * "Create Service...": keeps a number of tasks of a task definition running, with the deployment circuit breaker
 * on. Called on a cluster, a family or revision, or from the palette; accepts `CreateServiceAnswers`. Resolves to
 * `{serviceArn}`.
 */
export async function createService(services: Services, argument?: unknown): Promise<{ serviceArn: string }> {
  requireTrust(vscode.l10n.t('create a service'));
  const answers = readArguments<CreateServiceAnswers>(argument);
  const node = readNode(argument, 'cluster', 'family', 'revision');
  const context = await readContext(services, argument);
  const { ecs } = services.sessions.get(context);
  const cluster =
    answers.cluster ??
    (node?.kind === 'cluster'
      ? node.name
      : await pickCluster(services, context, vscode.l10n.t('Create Service: In Which Cluster?')));
  const { taskDefinition } = await ecs.taskDefinition(
    answers.taskDefinition ?? (await definitionOf(node, ecs)),
  );
  const serviceName = answers.service ?? (await askName(taskDefinition.family ?? ''));
  const desiredCount = answers.desiredCount ?? (await askCount());
  const network =
    taskDefinition.networkMode === 'awsvpc' ? await networkOf(ecs, cluster, answers) : undefined;
  const launchType = answers.launchType ?? launchTypeOf(taskDefinition);
  const service = await ecs.createService({
    cluster,
    serviceName,
    desiredCount,
    taskDefinition: taskDefinition.taskDefinitionArn,
    ...(launchType ? { launchType } : {}),
    ...(network ? { networkConfiguration: { awsvpcConfiguration: network } } : {}),
    // Without the breaker a deployment that cannot start goes on starting tasks for ever.
    deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
  });
  void services.trees.refreshView('clusters');
  const logs = vscode.l10n.t('Stream Logs');
  void vscode.window
    .showInformationMessage(
      vscode.l10n.t('Created the service {0}. Its tasks are starting.', serviceName),
      logs,
    )
    .then((pressed) =>
      pressed === logs
        ? vscode.commands.executeCommand('awsContainers.logs.stream', {
            cluster,
            service: serviceName,
            context,
          })
        : undefined,
    );
  return { serviceArn: service.serviceArn ?? '' };
}

async function definitionOf(
  node: ReturnType<typeof readNode<'cluster' | 'family' | 'revision'>>,
  ecs: EcsGateway,
): Promise<string> {
  if (node?.kind === 'revision') {
    return node.arn;
  }
  if (node?.kind === 'family') {
    return node.family;
  }
  async function* choices(): AsyncGenerator<Choice<string>[]> {
    let none = true;
    for await (const page of ecs.families('ACTIVE')) {
      none &&= page.length === 0;
      yield page.map((family) => ({
        label: family,
        iconPath: new vscode.ThemeIcon('symbol-structure'),
        value: family,
      }));
    }
    if (none) {
      throw new UserError(
        'notFound',
        vscode.l10n.t(
          'There is no task definition yet. Register one first: right-click a task definition file, "Register...".',
        ),
      );
    }
  }
  return pick(choices(), { title: vscode.l10n.t('Create Service: Of Which Task Definition?') });
}

function askName(family: string): Promise<string> {
  return input({
    title: vscode.l10n.t('Create Service: Name'),
    prompt: vscode.l10n.t('Up to 255 letters, digits, dashes and underscores'),
    value: family,
    validate: (text) =>
      /^[\w-]{1,255}$/.test(text)
        ? undefined
        : vscode.l10n.t('Up to 255 letters, digits, dashes and underscores.'),
  });
}

async function askCount(): Promise<number> {
  const text = await input({
    title: vscode.l10n.t('Create Service: How Many Tasks?'),
    prompt: vscode.l10n.t('ECS keeps this many running'),
    value: '1',
    validate: (value) => (/^\d{1,4}$/.test(value) ? undefined : vscode.l10n.t('A whole number.')),
  });
  return Number(text);
}

/** The task definition says where it can run; without a word of it, the cluster's own default decides. */
function launchTypeOf(definition: TaskDefinition): LaunchType | undefined {
  const compatible = definition.requiresCompatibilities ?? [];
  return compatible.includes('FARGATE') ? 'FARGATE' : compatible.includes('EC2') ? 'EC2' : undefined;
}

async function networkOf(
  ecs: EcsGateway,
  cluster: string,
  answers: Partial<CreateServiceAnswers>,
): Promise<AwsVpcConfiguration> {
  const known = answers.subnets ? undefined : await networkOfAnotherService(ecs, cluster);
  const subnets =
    answers.subnets ??
    (await askIds(
      vscode.l10n.t('Create Service: Subnets'),
      'subnet',
      vscode.l10n.t('Ids of the subnets that tasks start in, separated by commas'),
      known?.subnets,
    ));
  const securityGroups =
    answers.securityGroups ??
    (answers.subnets
      ? []
      : await askIds(
          vscode.l10n.t('Create Service: Security Groups'),
          'sg',
          vscode.l10n.t("Ids separated by commas; empty for the VPC's default"),
          known?.securityGroups,
          true,
        ));
  return {
    subnets: [...subnets],
    ...(securityGroups.length > 0 ? { securityGroups: [...securityGroups] } : {}),
    assignPublicIp: (answers.assignPublicIp ?? known?.assignPublicIp === 'ENABLED') ? 'ENABLED' : 'DISABLED',
  };
}

/** Services of one cluster mostly share their network: its first page tells what to offer. */
async function networkOfAnotherService(
  ecs: EcsGateway,
  cluster: string,
): Promise<AwsVpcConfiguration | undefined> {
  for await (const page of ecs.services(cluster)) {
    return page.items.find((service) => service.networkConfiguration?.awsvpcConfiguration)
      ?.networkConfiguration?.awsvpcConfiguration;
  }
  return undefined;
}

async function askIds(
  title: string,
  kind: 'subnet' | 'sg',
  prompt: string,
  known: readonly string[] = [],
  optional = false,
): Promise<string[]> {
  const split = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean);
  const pattern = new RegExp(`^${kind}-[0-9a-z]+$`);
  const text = await input({
    title,
    prompt,
    value: known.map((id) => resourceName(id)).join(', '),
    placeholder: `${kind}-0123456789abcdef0`,
    validate: (value) => {
      const ids = split(value);
      if (ids.length === 0 && !optional) {
        return vscode.l10n.t('At least one is needed.');
      }
      const wrong = ids.find((id) => !pattern.test(id));
      return wrong === undefined
        ? undefined
        : vscode.l10n.t('This does not look like {0}-0123…: {1}', kind, wrong);
    },
  });
  return split(text);
}
