import type { ContainerState } from '../tasks/taskRuntime';
import { ecsArn, parseEcsArn } from './arns';
import { type EcsState, toTimestamp } from './ecsState';
import { definitionOf } from './findTaskDefinition';
import type { TaskDefinitionRecord, TaskRecord } from './records';

/**
 * Where a task with a network interface of its own is reached. Its real address would be one of the VPC's;
 * here the containers' ports are published on the host's loopback, and on no other address.
 */
const TASK_ADDRESS = '127.0.0.1';

/** A Task of the ECS API, without its tags. */
export function viewTask(state: EcsState, task: TaskRecord): object {
  const { state: now } = task;
  const definition = definitionOf(state, task.region, task.taskDefinitionArn);
  const times = Object.fromEntries(
    Object.entries(now.times).map(([time, value]) => [time, toTimestamp(value)]),
  );
  const running = now.lastStatus !== 'PROVISIONING' && now.lastStatus !== 'PENDING';
  return {
    taskArn: task.taskArn,
    clusterArn: task.clusterArn,
    taskDefinitionArn: task.taskDefinitionArn,
    group: task.group,
    startedBy: task.startedBy,
    launchType: task.launchType,
    capacityProviderName: task.capacityProviderName,
    ...(task.platformVersion && { platformVersion: task.platformVersion, platformFamily: 'Linux' }),
    availabilityZone: `${task.region}a`,
    cpu: task.cpu,
    memory: task.memory,
    ephemeralStorage: task.ephemeralStorage,
    lastStatus: now.lastStatus,
    desiredStatus: now.desiredStatus,
    healthStatus: now.healthStatus,
    ...(running && { connectivity: 'CONNECTED' }),
    ...times,
    stopCode: now.stopCode,
    stoppedReason: now.stoppedReason,
    version: task.version,
    enableExecuteCommand: task.enableExecuteCommand,
    overrides: { containerOverrides: [], inferenceAcceleratorOverrides: [], ...task.overrides },
    attributes: [
      { name: 'ecs.cpu-architecture', value: architectureOf(definition) },
      // Nothing simulated looks real: whoever shows tasks can tell by this.
      ...(task.simulated ? [{ name: 'aws-containers.simulated', value: 'true' }] : []),
    ],
    inferenceAccelerators: [],
    attachments: task.networkMode === 'awsvpc' ? [viewNetworkInterface(task)] : [],
    containers: now.containers.map((container) => viewContainer(task, container, definition)),
  };
}

function viewContainer(
  task: TaskRecord,
  container: ContainerState,
  definition: TaskDefinitionRecord | undefined,
): object {
  const defined = definition?.containerDefinitions.find(({ name }) => name === container.name);
  const place = { region: task.region, accountId: parseEcsArn(task.taskArn)?.accountId ?? '' };
  return {
    ...container,
    containerArn: ecsArn(place, 'container', task.clusterName, task.taskId, containerId(task, container)),
    taskArn: task.taskArn,
    healthStatus: container.healthStatus ?? 'UNKNOWN',
    // With awsvpc ECS has no bindings here; the sandbox gives those by which the port is really reached.
    networkBindings: container.networkBindings,
    networkInterfaces:
      task.networkMode === 'awsvpc'
        ? [{ attachmentId: task.attachmentId, privateIpv4Address: TASK_ADDRESS }]
        : [],
    cpu: String(defined?.cpu ?? 0),
    ...(defined?.memory !== undefined && { memory: String(defined.memory) }),
    ...(defined?.memoryReservation !== undefined && {
      memoryReservation: String(defined.memoryReservation),
    }),
    ...(task.enableExecuteCommand && { managedAgents: [] }),
  };
}

/** An id that stays the same: the task's, with the container's place in it, in the form of a UUID. */
function containerId(task: TaskRecord, container: ContainerState): string {
  const index = task.state.containers.findIndex(({ name }) => name === container.name);
  const digits = task.taskId.slice(0, 28) + index.toString(16).padStart(4, '0');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function viewNetworkInterface(task: TaskRecord): object {
  const id = task.taskId;
  const subnet = task.networkConfiguration?.awsvpcConfiguration?.subnets?.[0];
  return {
    id: task.attachmentId,
    type: 'ElasticNetworkInterface',
    status: task.state.lastStatus === 'STOPPED' ? 'DELETED' : 'ATTACHED',
    details: [
      { name: 'subnetId', value: subnet },
      { name: 'networkInterfaceId', value: `eni-${id.slice(0, 17)}` },
      { name: 'macAddress', value: `0a:${(id.slice(17, 27).match(/../g) ?? []).join(':')}` },
      { name: 'privateDnsName', value: 'localhost' },
      { name: 'privateIPv4Address', value: TASK_ADDRESS },
    ],
  };
}

function architectureOf(definition: TaskDefinitionRecord | undefined): string {
  const platform = definition?.['runtimePlatform'] as { cpuArchitecture?: string } | undefined;
  return platform?.cpuArchitecture === 'ARM64' ? 'arm64' : 'x86_64';
}
