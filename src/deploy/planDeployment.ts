import type { ContainerDefinition, RegisterTaskDefinitionCommandInput, Service } from '@aws-sdk/client-ecs';
import { resourceName } from '../aws/arn';
import type { EcsGateway } from '../aws/ecsGateway';
import { UserError } from '../base/errors';
import { parseImageReference } from '../image/imageReference';
import { describeChanges } from './describeChanges';
import type { ContainerCandidate, ContainerChoice, DeploymentPlan, DeployRequest } from './deploymentPlan';
import { normalise, toComparableText, toRegisterInput } from './registerInput';

/** What pipelines leave in a file for an image to be filled in: <IMAGE>, ${IMAGE}, {{image}}, or nothing. */
const PLACEHOLDER = /<[^>]*>|\$\{[^}]*\}|\{\{[^}]*\}\}|^$/;

interface Base {
  readonly input: RegisterTaskDefinitionCommandInput;
  /** Set when it is registered already. */
  readonly taskDefinitionArn?: string;
}

/**
 * Works out what a deployment would do, and changes nothing.
 *
 * @returns `needsContainer` when the image could go into several containers and none is named
 * @throws UserError('invalidInput') when the service cannot be deployed this way, a container is unknown or
 *   an image is missing; UserError('notFound') when there is no such service or task definition
 */
export async function planDeployment(
  ecs: EcsGateway,
  request: DeployRequest,
  signal?: AbortSignal,
): Promise<DeploymentPlan | ContainerChoice> {
  const service = await ecs.service(request.cluster, request.service, signal);
  checkDeployable(service);
  const current = await ecs.taskDefinition(service.taskDefinition ?? '', signal);
  const currentArn = current.taskDefinition.taskDefinitionArn ?? service.taskDefinition ?? '';
  const currentInput = toRegisterInput(current);
  const base = await findBase(ecs, request, { input: currentInput, taskDefinitionArn: currentArn }, signal);
  const input = putImage(base.input, request.image);
  if ('kind' in input) {
    return input;
  }
  checkImages(input);
  const [was, rooted, will] = [currentInput, base.input, input].map(toComparableText);
  const sameAsCurrent = was === will;
  const existing = will === rooted ? base.taskDefinitionArn : sameAsCurrent ? currentArn : undefined;
  return {
    kind: 'plan',
    cluster: request.cluster,
    service: service.serviceName ?? resourceName(request.service),
    currentTaskDefinition: currentArn,
    next:
      existing === undefined && !sameAsCurrent
        ? { kind: 'register', input }
        : { kind: 'existing', taskDefinitionArn: existing ?? currentArn },
    forceNewDeployment: (existing ?? currentArn) === currentArn && sameAsCurrent,
    changes: describeChanges(normalise(currentInput), normalise(input)),
    notices: noticesOf(service, currentInput, input, sameAsCurrent),
    before: was ?? '',
    after: will ?? '',
  };
}

function checkDeployable(service: Service): void {
  const name = service.serviceName ?? '';
  if (service.status !== undefined && service.status !== 'ACTIVE') {
    throw new UserError('notFound', `The service ${name} is being deleted or gone: ${service.status}`);
  }
  const controller = service.deploymentController?.type ?? 'ECS';
  if (controller !== 'ECS') {
    const where =
      controller === 'CODE_DEPLOY' ? 'Start the deployment in CodeDeploy' : 'Use its own controller';
    throw new UserError(
      'invalidInput',
      `The service ${name} is not deployed by ECS itself, so nothing was changed. ${where}. Its deployment controller is ${controller}`,
    );
  }
}

async function findBase(
  ecs: EcsGateway,
  { taskDefinition }: DeployRequest,
  current: Base,
  signal?: AbortSignal,
): Promise<Base> {
  if (taskDefinition === undefined) {
    return current;
  }
  if (typeof taskDefinition !== 'string') {
    return { input: taskDefinition };
  }
  const described = await ecs.taskDefinition(taskDefinition, signal);
  const { status, taskDefinitionArn } = described.taskDefinition;
  if (status !== undefined && status !== 'ACTIVE') {
    throw new UserError(
      'invalidInput',
      `This revision cannot be deployed, since it is ${status}: ${resourceName(taskDefinition)}`,
    );
  }
  return { input: toRegisterInput(described), taskDefinitionArn: taskDefinitionArn ?? taskDefinition };
}

function putImage(
  input: RegisterTaskDefinitionCommandInput,
  image: DeployRequest['image'],
): RegisterTaskDefinitionCommandInput | ContainerChoice {
  if (image === undefined) {
    return input;
  }
  const containers = input.containerDefinitions ?? [];
  const names = containers.map(({ name }) => name ?? '');
  const name = image.container ?? (names.length === 1 ? names[0] : undefined);
  if (name === undefined) {
    return { kind: 'needsContainer', candidates: candidatesFor(containers, image.uri) };
  }
  if (!names.includes(name)) {
    throw new UserError(
      'invalidInput',
      `There is no container ${name} in the task definition ${input.family}. It has: ${names.join(', ')}`,
    );
  }
  return {
    ...input,
    containerDefinitions: containers.map((container) =>
      container.name === name ? { ...container, image: image.uri } : container,
    ),
  };
}

function candidatesFor(containers: readonly ContainerDefinition[], uri: string): ContainerCandidate[] {
  const repository = repositoryOf(uri);
  const candidates = containers.map(({ name = '', image = '' }) => ({
    name,
    image,
    sameRepository: repositoryOf(image) === repository,
  }));
  // A placeholder waits for an image: likelier than a container that has one of another repository.
  const rank = ({ sameRepository, image }: ContainerCandidate): number =>
    sameRepository ? 0 : PLACEHOLDER.test(image) ? 1 : 2;
  return candidates.sort((a, b) => rank(a) - rank(b));
}

function repositoryOf(image: string): string {
  const reference = parseImageReference(image);
  return reference === undefined ? image : `${reference.registry ?? ''}/${reference.repository}`;
}

function checkImages(input: RegisterTaskDefinitionCommandInput): void {
  for (const { name, image = '' } of input.containerDefinitions ?? []) {
    if (PLACEHOLDER.test(image)) {
      throw new UserError(
        'invalidInput',
        `The container ${name} of ${input.family} has no image yet. Choose one, or write it into the task definition in place of: ${image || '(nothing)'}`,
      );
    }
  }
}

function noticesOf(
  service: Service,
  current: RegisterTaskDefinitionCommandInput,
  next: RegisterTaskDefinitionCommandInput,
  same: boolean,
): string[] {
  const underWay = service.deployments?.find(({ rolloutState }) => rolloutState === 'IN_PROGRESS');
  return [
    ...(same ? ['Nothing differs from what runs now: its tasks are replaced by new ones all the same.'] : []),
    ...(service.desiredCount === 0
      ? ['The service wants no tasks (desired count 0): nothing will be started.']
      : []),
    ...(underWay ? [`The deployment ${underWay.id} is still under way and will be superseded.`] : []),
    ...(current.family !== next.family
      ? [`The family changes from ${current.family} to ${next.family}.`]
      : []),
  ];
}
