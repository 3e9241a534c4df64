import { ServiceError } from '../protocol/serviceError';
import type {
  CapacityProviderStrategyItem,
  ClusterRecord,
  LaunchType,
  NetworkConfiguration,
  Placement,
  TaskDefinitionRecord,
} from './records';
import { invalidParameter, requireOneOf } from './refusals';

/** What RunTask, CreateService and UpdateService say about where tasks run. */
export interface PlacementInput {
  readonly launchType?: LaunchType;
  readonly capacityProviderStrategy?: readonly CapacityProviderStrategyItem[];
  readonly platformVersion?: string;
  readonly networkConfiguration?: NetworkConfiguration;
}

const PLATFORM_VERSIONS = ['LATEST', '1.0.0', '1.1.0', '1.2.0', '1.3.0', '1.4.0'];
/** What LATEST means for Linux tasks. */
const LATEST_PLATFORM = '1.4.0';

/**
 * Where tasks of this definition are to run. The sandbox has one host, which stands for whatever is asked
 * for; what is asked is checked as ECS checks it, subnets and security groups by form.
 * @throws ServiceError InvalidParameterException or PlatformUnknownException
 */
export function resolvePlacement(
  input: PlacementInput,
  cluster: ClusterRecord,
  definition: TaskDefinitionRecord,
): Placement {
  const given = input.capacityProviderStrategy ?? [];
  if (given.length > 0 && input.launchType !== undefined) {
    throw invalidParameter(
      'Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.',
    );
  }
  const strategy =
    given.length > 0 || input.launchType !== undefined ? given : cluster.defaultCapacityProviderStrategy;
  checkStrategy(strategy, cluster);
  const launchType = strategy.length > 0 ? undefined : (input.launchType ?? 'EC2');
  const onFargate = launchType === 'FARGATE' || strategy.length > 0;
  const needed = onFargate ? 'FARGATE' : (launchType ?? 'EC2');
  if (needed !== 'MANAGED_INSTANCES' && !definition.compatibilities.includes(needed)) {
    throw invalidParameter(`Task definition does not support launch_type ${needed}.`);
  }
  const version = input.platformVersion;
  if (version !== undefined && !onFargate) {
    throw invalidParameter(`The platform version must be null when specifying an ${launchType} launch type.`);
  }
  if (version !== undefined && !PLATFORM_VERSIONS.includes(version)) {
    throw new ServiceError('PlatformUnknownException', 'The specified platform version does not exist.');
  }
  checkNetwork(input.networkConfiguration, definition.networkMode);
  return {
    ...(launchType && { launchType }),
    ...(strategy.length > 0 && { capacityProviderStrategy: strategy }),
    ...(onFargate && { platformVersion: version ?? 'LATEST' }),
    ...(input.networkConfiguration && { networkConfiguration: input.networkConfiguration }),
  };
}

/** What one task shows of a placement: the launch type and provider that it got, and the real version. */
export function placeTask(placement: Placement): {
  readonly launchType: LaunchType;
  readonly capacityProviderName?: string;
  readonly platformVersion?: string;
} {
  const provider = placement.capacityProviderStrategy?.reduce((best, item) =>
    (item.weight ?? 0) > (best.weight ?? 0) ? item : best,
  );
  return {
    launchType: provider ? 'FARGATE' : (placement.launchType ?? 'EC2'),
    ...(provider && { capacityProviderName: provider.capacityProvider }),
    ...(placement.platformVersion && { platformVersion: realPlatform(placement.platformVersion) }),
  };
}

/** The version that LATEST stands for, which deployments and tasks show. */
export function realPlatform(version: string): string {
  return version === 'LATEST' ? LATEST_PLATFORM : version;
}

function checkStrategy(strategy: readonly CapacityProviderStrategyItem[], cluster: ClusterRecord): void {
  if (strategy.length > 0 && strategy.every(({ weight, base }) => weight === 0 && !base)) {
    throw invalidParameter(
      'There are no capacity providers in the capacity provider strategy with a weight value greater than zero. Specify a weight value greater than zero and try again.',
    );
  }
  if (strategy.filter(({ base }) => (base ?? 0) > 0).length > 1) {
    throw invalidParameter(
      'There are multiple capacity providers in the specified capacity provider strategy with a base value defined. Only one is allowed.',
    );
  }
  if (strategy.some(({ capacityProvider }) => !cluster.capacityProviders.includes(capacityProvider))) {
    throw invalidParameter(
      'The specified capacity provider strategy cannot contain a capacity provider that is not associated with the cluster. Associate the capacity provider with the cluster and try again.',
    );
  }
}

function checkNetwork(network: NetworkConfiguration | undefined, networkMode: string): void {
  const vpc = network?.awsvpcConfiguration;
  if (networkMode !== 'awsvpc') {
    if (vpc !== undefined) {
      throw invalidParameter(
        'Network Configuration is not valid for the given networkMode of this task definition.',
      );
    }
    return;
  }
  if (vpc === undefined) {
    throw invalidParameter("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
  }
  requireOneOf(vpc.assignPublicIp, ['ENABLED', 'DISABLED'], 'assignPublicIp', invalidParameter);
  const subnets = vpc.subnets ?? [];
  const groups = vpc.securityGroups ?? [];
  if (subnets.length === 0) {
    throw invalidParameter('subnets can not be empty.');
  }
  if (subnets.length > 16) {
    throw invalidParameter('subnets can have at most 16 items.');
  }
  if (groups.length > 5) {
    throw invalidParameter('securityGroups can have at most 5 items.');
  }
  const subnet = subnets.find((id) => !/^subnet-[\w-]+$/.test(id));
  if (subnet !== undefined) {
    throw invalidParameter(
      `Error retrieving subnet information for [${subnet}]: The subnet ID '${subnet}' does not exist (ErrorCode: InvalidSubnetID.NotFound)`,
    );
  }
  const group = groups.find((id) => !/^sg-[\w-]+$/.test(id));
  if (group !== undefined) {
    throw invalidParameter(
      `Error retrieving security group information for [${group}]: The security group '${group}' does not exist (ErrorCode: InvalidGroup.NotFound)`,
    );
  }
}
