import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { RequestScope } from '../operation';
import { ServiceError } from '../protocol/serviceError';
import { ecsArn } from './arns';
import { failureThreshold } from './circuitBreaker';
import type { EcsState } from './ecsState';
import { findCluster, requireActiveCluster } from './findCluster';
import { findService, requireService } from './findService';
import { findTaskDefinition, requireActiveTaskDefinition } from './findTaskDefinition';
import { compareText, cutPage, type PageRequest, tokenOf } from './page';
import { resolvePlacement } from './placement';
import type { ClusterRecord, RevisionSettings, ServiceRecord, TaskDefinitionRecord } from './records';
import { clientError, invalidParameter, requireAtMost, requireOneOf, serviceNotFound } from './refusals';
import { ONGOING, startDeployment } from './rollout';
import { ServiceChange } from './serviceChange';
import {
  checkLoadBalancers,
  checkServiceInput,
  checkVolumeConfigurations,
  completeDeploymentConfiguration,
  usualDeploymentConfiguration,
  type CreateServiceInput,
  type ServiceInput,
  type UpdateServiceInput,
} from './serviceInput';
import { serviceKey, viewService } from './serviceView';
import { checkTags, readTags, writeTags } from './tags';
import type { TaskLedger } from './taskLedger';

const SERVICE_NAME = /^[A-Za-z0-9_-]{1,255}$/;

/**
 * Creating, changing, describing, listing and deleting services.
 * @param notify told the key of each service that has work for the scheduler
 */
export function createServiceOperations(
  state: EcsState,
  ledger: TaskLedger,
  notify: (serviceKey: string) => void,
) {
  const finish = (change: ServiceChange): void => {
    change.commit();
    notify(change.key);
  };

  return {
    CreateService: (input: CreateServiceInput, scope: RequestScope): object => {
      const cluster = requireActiveCluster(state, input.cluster, scope);
      const key = `${scope.region}/${cluster.clusterName}/${input.serviceName}`;
      const existing = state.services.get(key);
      const request = digest(input);
      if (existing?.status === 'ACTIVE') {
        if (existing.creation !== request) {
          throw invalidParameter('Creation of service was not idempotent.');
        }
        return { service: withTags(state, ledger, existing) };
      }
      if (existing?.status === 'DRAINING') {
        throw invalidParameter('Unable to Start a service that is still Draining.');
      }
      const service = newService(state, input, cluster, scope, request);
      checkTags(input.tags ?? []);
      if (existing) {
        forgetHistory(state, key);
      }
      writeTags(state, scope.region, service.serviceArn, input.tags ?? []);
      const change = new ServiceChange(state, key, service, service.createdAt);
      startDeployment(state, change, service.settings);
      finish(change);
      return { service: withTags(state, ledger, change.service) };
    },

    UpdateService: (input: UpdateServiceInput, scope: RequestScope): object => {
      const cluster = requireActiveCluster(state, input.cluster, scope);
      const service = requireService(state, input.cluster, input.service, scope);
      if (service.status !== 'ACTIVE') {
        throw new ServiceError('ServiceNotActiveException', 'Service was not ACTIVE.');
      }
      checkServiceInput(input);
      if (service.schedulingStrategy === 'DAEMON' && input.desiredCount !== undefined) {
        throw daemonWithCount();
      }
      const settings = changedSettings(state, input, service, cluster, scope);
      const change = new ServiceChange(state, serviceKey(service), service, Date.now());
      const desiredCount = input.desiredCount ?? service.desiredCount;
      change.set({
        desiredCount,
        creation: '',
        deploymentConfiguration: completeDeploymentConfiguration(
          input.deploymentConfiguration,
          service.deploymentConfiguration,
        ),
        healthCheckGracePeriodSeconds:
          input.healthCheckGracePeriodSeconds ?? service.healthCheckGracePeriodSeconds,
        attributes: attributesOf(input, service.attributes),
      });
      if (input.forceNewDeployment === true || !isDeepStrictEqual(settings, service.settings)) {
        startDeployment(state, change, settings);
      } else if (desiredCount !== service.desiredCount) {
        rescale(change);
      }
      finish(change);
      return { service: withTags(state, ledger, change.service) };
    },

    DescribeServices: (
      input: { cluster?: string; services: readonly string[]; include?: readonly string[] },
      scope: RequestScope,
    ): object => {
      const cluster = findCluster(state, input.cluster, scope);
      if (input.services.length === 0) {
        throw invalidParameter('Services cannot be empty.');
      }
      requireAtMost(input.services, 10, 'service names');
      const services: object[] = [];
      const failures: object[] = [];
      for (const name of new Set(input.services)) {
        const service = findService(state, input.cluster, name, scope);
        if (service) {
          services.push(
            input.include?.includes('TAGS')
              ? withTags(state, ledger, service)
              : viewService(state, ledger, service),
          );
        } else {
          const arn = name.startsWith('arn:') ? name : ecsArn(scope, 'service', cluster.clusterName, name);
          failures.push({ arn, reason: 'MISSING' });
        }
      }
      return { services, failures };
    },

    ListServices: (
      input: PageRequest & { cluster?: string; launchType?: string; schedulingStrategy?: string },
      scope: RequestScope,
    ): object => {
      const { clusterName } = findCluster(state, input.cluster, scope);
      const arns = [...state.services.entries(`${scope.region}/${clusterName}/`)]
        .map(([, service]) => service)
        .filter(
          (service) =>
            service.status !== 'INACTIVE' &&
            (input.launchType ?? service.settings.launchType) === service.settings.launchType &&
            (input.schedulingStrategy ?? service.schedulingStrategy) === service.schedulingStrategy,
        )
        .map(({ serviceArn }) => serviceArn)
        .sort(compareText);
      const question = [
        'ListServices',
        scope.region,
        clusterName,
        input.launchType,
        input.schedulingStrategy,
      ];
      const page = cutPage(arns, input, question, { usual: 10, most: 100 });
      return { ...tokenOf(page), serviceArns: page.items };
    },

    DeleteService: (
      input: { cluster?: string; service: string; force?: boolean },
      scope: RequestScope,
    ): object => {
      const service = requireService(state, input.cluster, input.service, scope);
      if (service.status === 'INACTIVE') {
        throw serviceNotFound();
      }
      const counted = service.schedulingStrategy === 'REPLICA' && service.desiredCount > 0;
      if (service.status === 'ACTIVE' && counted && input.force !== true) {
        throw invalidParameter('The service cannot be stopped while it is scaled above 0.');
      }
      const change = new ServiceChange(state, serviceKey(service), service, Date.now());
      if (service.status === 'ACTIVE') {
        change.set({ status: 'DRAINING', desiredCount: 0, steady: false });
        if (ONGOING.includes(change.serviceDeployment.status)) {
          change.setServiceDeployment({
            status: 'STOPPED',
            statusReason: 'Service deployment stopped because the service was deleted.',
            stoppedAt: change.now,
            finishedAt: change.now,
          });
        }
      }
      writeTags(state, scope.region, service.serviceArn, []);
      finish(change);
      return { service: viewService(state, ledger, change.service) };
    },

    /** The sandbox has no namespaces, and so no service in one. */
    ListServicesByNamespace: (): object => ({ serviceArns: [] }),
  };
}

function newService(
  state: EcsState,
  input: CreateServiceInput,
  cluster: ClusterRecord,
  scope: RequestScope,
  creation: string,
): ServiceRecord {
  if (!SERVICE_NAME.test(input.serviceName)) {
    throw invalidParameter(
      'Invalid service name. Up to 255 letters (uppercase and lowercase), numbers, underscores, and hyphens are allowed.',
    );
  }
  checkServiceInput(input);
  requireOneOf(input.schedulingStrategy, ['REPLICA', 'DAEMON'], 'schedulingStrategy', invalidParameter);
  const schedulingStrategy = input.schedulingStrategy ?? 'REPLICA';
  if (schedulingStrategy === 'DAEMON') {
    if (input.desiredCount !== undefined) {
      throw daemonWithCount();
    }
    if ((input.placementStrategy ?? []).length > 0) {
      throw invalidParameter('The daemon scheduling strategy does not support placement strategies.');
    }
  } else if (input.desiredCount === undefined) {
    throw invalidParameter('desiredCount must be specified for the replica scheduling strategy.');
  }
  const definition = requireActiveTaskDefinition(state, input.taskDefinition, scope);
  return {
    region: scope.region,
    accountId: scope.accountId,
    clusterName: cluster.clusterName,
    clusterArn: cluster.clusterArn,
    serviceName: input.serviceName,
    serviceArn: ecsArn(scope, 'service', cluster.clusterName, input.serviceName),
    status: 'ACTIVE',
    schedulingStrategy,
    // A daemon runs once on each container instance, and the sandbox's host is one.
    desiredCount: input.desiredCount ?? 1,
    settings: settingsOf(input, cluster, definition),
    deploymentConfiguration: completeDeploymentConfiguration(
      input.deploymentConfiguration,
      usualDeploymentConfiguration(schedulingStrategy),
    ),
    attributes: attributesOf(input, {
      placementConstraints: [],
      placementStrategy: [],
      enableECSManagedTags: false,
      enableExecuteCommand: false,
      propagateTags: 'NONE',
      availabilityZoneRebalancing: 'DISABLED',
      deploymentController: { type: 'ECS' },
    }),
    healthCheckGracePeriodSeconds: input.healthCheckGracePeriodSeconds,
    creation,
    createdAt: Date.now(),
    deployments: [],
    serviceDeploymentId: '',
    steady: false,
    failuresInRow: 0,
    startNotBefore: 0,
  };
}

function settingsOf(
  input: ServiceInput,
  cluster: ClusterRecord,
  definition: TaskDefinitionRecord,
): RevisionSettings {
  checkLoadBalancers(input.loadBalancers ?? [], definition);
  checkVolumeConfigurations(input.volumeConfigurations ?? [], definition);
  const { loadBalancers, serviceRegistries, serviceConnectConfiguration } = input;
  const { volumeConfigurations, vpcLatticeConfigurations } = input;
  return {
    ...resolvePlacement(input, cluster, definition),
    taskDefinition: definition.taskDefinitionArn,
    ...(loadBalancers && { loadBalancers: loadBalancers as RevisionSettings['loadBalancers'] }),
    ...(serviceRegistries && { serviceRegistries }),
    ...(serviceConnectConfiguration && { serviceConnectConfiguration }),
    ...(volumeConfigurations && { volumeConfigurations }),
    ...(vpcLatticeConfigurations && { vpcLatticeConfigurations }),
  };
}

/** The service's settings with those that the request names in their place. */
function changedSettings(
  state: EcsState,
  input: UpdateServiceInput,
  service: ServiceRecord,
  cluster: ClusterRecord,
  scope: RequestScope,
): RevisionSettings {
  const { settings } = service;
  const definition =
    input.taskDefinition === undefined
      ? findTaskDefinition(state, settings.taskDefinition, scope.region)
      : requireActiveTaskDefinition(state, input.taskDefinition, scope);
  if (!definition) {
    throw clientError('TaskDefinition not found.');
  }
  const named = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
  const merged: ServiceInput = { ...settings, ...named };
  const strategyGiven = (input.capacityProviderStrategy ?? []).length > 0;
  return settingsOf(strategyGiven ? { ...merged, launchType: undefined } : merged, cluster, definition);
}

const ATTRIBUTES = [
  'placementConstraints',
  'placementStrategy',
  'enableECSManagedTags',
  'enableExecuteCommand',
  'propagateTags',
  'availabilityZoneRebalancing',
  'deploymentController',
] as const satisfies readonly (keyof ServiceInput)[];

function attributesOf(input: ServiceInput, base: ServiceRecord['attributes']): ServiceRecord['attributes'] {
  const given = ATTRIBUTES.filter((name) => input[name] !== undefined).map((name): [string, unknown] => [
    name,
    input[name],
  ]);
  return { ...base, ...Object.fromEntries(given) };
}

/** Another count is no deployment; one that is under way takes the new count. */
function rescale(change: ServiceChange): void {
  const { service, serviceDeployment } = change;
  change.set({ steady: false, startNotBefore: 0 });
  change.setPrimary({});
  if (ONGOING.includes(serviceDeployment.status)) {
    const threshold = failureThreshold(service.desiredCount, service.deploymentConfiguration);
    change.setServiceDeployment({ circuitBreaker: { ...serviceDeployment.circuitBreaker, threshold } });
  }
}

/** A service made anew has nothing to do with a former one of its name. */
function forgetHistory(state: EcsState, key: string): void {
  state.events.delete(key);
  for (const collection of [state.serviceDeployments, state.serviceRevisions]) {
    for (const [entry] of collection.entries(`${key}/`)) {
      collection.delete(entry);
    }
  }
}

function withTags(state: EcsState, ledger: TaskLedger, service: ServiceRecord): object {
  return {
    ...viewService(state, ledger, service),
    tags: readTags(state, service.region, service.serviceArn),
  };
}

function digest(input: CreateServiceInput): string {
  const { clientToken: _token, ...rest } = input;
  const sorted = Object.entries(rest).sort(([a], [b]) => compareText(a, b));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex');
}

function daemonWithCount(): ServiceError {
  return invalidParameter(
    'The daemon scheduling strategy does not support a desired count for services. Remove the desired count value and try again.',
  );
}
