import { ServiceError } from '../protocol/serviceError';
import type { PlacementInput } from './placement';
import type { DeploymentConfiguration, Tag, TaskDefinitionRecord, WireObject } from './records';
import { clientError, invalidParameter, requireOneOf } from './refusals';

export interface LoadBalancerInput {
  readonly targetGroupArn?: string;
  readonly loadBalancerName?: string;
  readonly containerName?: string;
  readonly containerPort?: number;
}

/** What CreateService and UpdateService have in common. */
export interface ServiceInput extends PlacementInput {
  readonly cluster?: string;
  readonly taskDefinition?: string;
  readonly desiredCount?: number;
  readonly deploymentConfiguration?: DeploymentConfiguration;
  readonly deploymentController?: { readonly type?: string };
  readonly healthCheckGracePeriodSeconds?: number;
  readonly loadBalancers?: readonly LoadBalancerInput[];
  readonly serviceRegistries?: readonly WireObject[];
  readonly serviceConnectConfiguration?: WireObject;
  readonly volumeConfigurations?: readonly WireObject[];
  readonly vpcLatticeConfigurations?: readonly WireObject[];
  readonly placementConstraints?: readonly WireObject[];
  readonly placementStrategy?: readonly WireObject[];
  readonly enableECSManagedTags?: boolean;
  readonly enableExecuteCommand?: boolean;
  readonly propagateTags?: string;
  readonly availabilityZoneRebalancing?: string;
}

export interface CreateServiceInput extends ServiceInput {
  readonly serviceName: string;
  readonly schedulingStrategy?: 'REPLICA' | 'DAEMON';
  readonly clientToken?: string;
  readonly tags?: readonly Tag[];
}

export interface UpdateServiceInput extends ServiceInput {
  readonly service: string;
  readonly forceNewDeployment?: boolean;
}

/** Where the tags of tasks can come from. */
export const PROPAGATIONS = ['TASK_DEFINITION', 'SERVICE', 'NONE'];

/** The largest number of tasks of a service, which is a quota of ECS. */
const MAX_TASKS = 5000;

/**
 * Checks what does not depend on other resources.
 * @throws ServiceError InvalidParameterException or UnsupportedFeatureException
 */
export function checkServiceInput(input: ServiceInput): void {
  const { desiredCount, healthCheckGracePeriodSeconds: grace } = input;
  if (desiredCount !== undefined && (desiredCount < 0 || desiredCount > MAX_TASKS)) {
    throw invalidParameter(`desiredCount must be between 0 and ${MAX_TASKS}.`);
  }
  if (grace !== undefined && (grace < 0 || grace > 2_147_483_647)) {
    throw invalidParameter('healthCheckGracePeriodSeconds must be between 0 and 2147483647.');
  }
  requireOneOf(input.propagateTags, PROPAGATIONS, 'propagateTags', invalidParameter);
  requireOneOf(
    input.availabilityZoneRebalancing,
    ['ENABLED', 'DISABLED'],
    'availabilityZoneRebalancing',
    invalidParameter,
  );
  const controller = input.deploymentController?.type ?? 'ECS';
  const strategy = input.deploymentConfiguration?.strategy ?? 'ROLLING';
  if (controller !== 'ECS' || strategy !== 'ROLLING') {
    throw new ServiceError(
      'UnsupportedFeatureException',
      `The sandbox serves rolling deployments only, not: ${controller !== 'ECS' ? controller : strategy}`,
    );
  }
}

/**
 * The configuration with what is left out taken from `base`.
 * @throws ServiceError InvalidParameterException for percentages that would allow no deployment
 */
export function completeDeploymentConfiguration(
  input: DeploymentConfiguration | undefined,
  base: DeploymentConfiguration,
): DeploymentConfiguration {
  const configuration = { ...base, ...input };
  const { minimumHealthyPercent: lowest = 0, maximumPercent: highest = 0 } = configuration;
  if (lowest > 100) {
    throw invalidParameter('minimumHealthyPercent must be at most 100');
  }
  if (lowest < 0 || highest < 1 || highest < lowest) {
    throw invalidParameter('maximumPercent must be greater than minimumHealthyPercent');
  }
  if (lowest === 100 && highest === 100) {
    throw invalidParameter(
      'Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.',
    );
  }
  const threshold = configuration.deploymentCircuitBreaker?.thresholdConfiguration;
  if (threshold && !(threshold.value >= 1)) {
    throw invalidParameter('The value of thresholdConfiguration must be at least 1.');
  }
  return configuration;
}

/** What a service has that does not say. Source: SDK documentation of DeploymentConfiguration. */
export function usualDeploymentConfiguration(strategy: 'REPLICA' | 'DAEMON'): DeploymentConfiguration {
  return {
    deploymentCircuitBreaker: { enable: false, rollback: false },
    maximumPercent: strategy === 'DAEMON' ? 100 : 200,
    minimumHealthyPercent: strategy === 'DAEMON' ? 0 : 100,
    strategy: 'ROLLING',
    bakeTimeInMinutes: 0,
  };
}

/**
 * Target groups are judged by form, since the sandbox has no load balancer; the container is not.
 * @throws ServiceError InvalidParameterException
 */
export function checkLoadBalancers(
  balancers: readonly LoadBalancerInput[],
  definition: TaskDefinitionRecord,
): void {
  for (const { targetGroupArn, containerName, containerPort } of balancers) {
    if (targetGroupArn !== undefined && !targetGroupArn.startsWith('arn:')) {
      throw invalidParameter(`Unable to find target group: ${targetGroupArn}`);
    }
    const container = definition.containerDefinitions.find(({ name }) => name === containerName);
    if (!container) {
      throw invalidParameter(`The container ${containerName} does not exist in the task definition.`);
    }
    if (!container.portMappings.some((mapping) => mapping.containerPort === containerPort)) {
      throw invalidParameter(
        `The container ${containerName} did not have a container port ${containerPort} defined.`,
      );
    }
  }
}

/**
 * Volumes that the service configures must wait for it in the task definition, and the other way round.
 * @throws ServiceError InvalidParameterException or ClientException
 */
export function checkVolumeConfigurations(
  configurations: readonly WireObject[],
  definition: TaskDefinitionRecord,
): void {
  const volumes = (definition['volumes'] ?? []) as readonly { name?: string; configuredAtLaunch?: boolean }[];
  const open = volumes.filter(({ configuredAtLaunch }) => configuredAtLaunch === true);
  for (const { name } of configurations) {
    if (!open.some((volume) => volume.name === name)) {
      throw invalidParameter(
        `The volume name '${String(name)}' in your request does not have a matching volume in your Task Definition`,
      );
    }
  }
  if (open.length > configurations.length) {
    throw clientError(
      'The task definition has a volume that is configured at launch, and the request does not configure it.',
    );
  }
}
