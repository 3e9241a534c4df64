import { createHash } from 'node:crypto';
import type { RequestScope } from '../operation';
import { ServiceError } from '../protocol/serviceError';
import { ecsArn, parseEcsArn } from './arns';
import type { EcsState } from './ecsState';
import { findCluster, requireActiveCluster } from './findCluster';
import { requireService } from './findService';
import { requireActiveTaskDefinition } from './findTaskDefinition';
import { compareText, cutPage, type PageRequest, tokenOf } from './page';
import { resolvePlacement, type PlacementInput } from './placement';
import type { ClusterRecord, Tag, TaskDefinitionRecord, TaskRecord, WireObject } from './records';
import { invalidParameter, requireAtMost, requireOneOf } from './refusals';
import { PROPAGATIONS } from './serviceInput';
import { checkTags, readTags } from './tags';
import type { TaskLedger } from './taskLedger';
import { checkTaskOverrides, type TaskOverrides } from './taskOverrides';
import { viewTask } from './taskView';

interface RunTaskInput extends PlacementInput {
  readonly cluster?: string;
  readonly taskDefinition: string;
  readonly count?: number;
  readonly group?: string;
  readonly startedBy?: string;
  readonly overrides?: WireObject & TaskOverrides;
  readonly enableExecuteCommand?: boolean;
  readonly enableECSManagedTags?: boolean;
  readonly propagateTags?: string;
  readonly tags?: readonly Tag[];
  readonly clientToken?: string;
}

interface ListTasksInput extends PageRequest {
  readonly cluster?: string;
  readonly containerInstance?: string;
  readonly family?: string;
  readonly startedBy?: string;
  readonly serviceName?: string;
  readonly desiredStatus?: string;
  readonly launchType?: string;
}

const MOST_TASKS_A_RUN = 10;
/** Of the overrides as JSON. Source: SDK documentation of RunTaskRequest.overrides. */
const MOST_OVERRIDE_CHARACTERS = 8192;

/** Running, stopping, describing and listing tasks. */
export function createTaskOperations(state: EcsState, ledger: TaskLedger) {
  const view = (task: TaskRecord, scope: RequestScope, withTags = true): object => ({
    ...viewTask(state, task),
    tags: withTags ? readTags(state, scope.region, task.taskArn) : [],
  });

  return {
    RunTask: (input: RunTaskInput, scope: RequestScope): object => {
      const cluster = requireActiveCluster(state, input.cluster, scope);
      const definition = requireActiveTaskDefinition(state, input.taskDefinition, scope);
      const placement = resolvePlacement(input, cluster, definition);
      checkRun(input, definition);
      const request = createHash('sha256').update(JSON.stringify(input)).digest('hex');
      const earlier = startedWith(state, cluster, input.clientToken, scope);
      if (earlier.length > 0) {
        return { tasks: repeated(earlier, request).map((task) => view(task, scope)), failures: [] };
      }
      const tasks: TaskRecord[] = [];
      const failures: object[] = [];
      for (let index = 0; index < (input.count ?? 1); index++) {
        if (!ledger.canPlace(definition)) {
          failures.push({ arn: hostArn(scope, cluster), reason: 'RESOURCE:PORTS' });
          continue;
        }
        const task = ledger.launch({
          place: scope,
          cluster,
          definition,
          placement,
          group: input.group ?? `family:${definition.family}`,
          startedBy: input.startedBy,
          overrides: { containerOverrides: [], inferenceAcceleratorOverrides: [], ...input.overrides },
          enableExecuteCommand: input.enableExecuteCommand,
          tags: tagsOfRun(state, input, cluster, definition),
          clientToken: input.clientToken,
          request,
        });
        tasks.push(task);
      }
      return { tasks: tasks.map((task) => view(task, scope)), failures };
    },

    StopTask: (input: { cluster?: string; task: string; reason?: string }, scope: RequestScope): object => {
      const cluster = findCluster(state, input.cluster, scope);
      const task = state.tasks.get(taskKeyIn(cluster, input.task, scope));
      if (!task) {
        throw invalidParameter('The referenced task was not found.');
      }
      const reason = input.reason ?? 'Task stopped by user';
      return { task: view(ledger.stop(task, 'UserInitiated', reason), scope) };
    },

    DescribeTasks: (
      input: { cluster?: string; tasks: readonly string[]; include?: readonly string[] },
      scope: RequestScope,
    ): object => {
      const cluster = findCluster(state, input.cluster, scope);
      if (input.tasks.length === 0) {
        throw invalidParameter('Tasks cannot be empty.');
      }
      requireAtMost(input.tasks, 100, 'tasks');
      const tasks: object[] = [];
      const failures: object[] = [];
      for (const name of new Set(input.tasks)) {
        const task = state.tasks.get(taskKeyIn(cluster, name, scope));
        if (task) {
          tasks.push(view(task, scope, input.include?.includes('TAGS') === true));
        } else {
          const arn = name.startsWith('arn:') ? name : ecsArn(scope, 'task', cluster.clusterName, name);
          failures.push({ arn, reason: 'MISSING' });
        }
      }
      return { tasks, failures };
    },

    ListTasks: (input: ListTasksInput, scope: RequestScope): object => {
      const cluster = findCluster(state, input.cluster, scope);
      const { desiredStatus = 'RUNNING' } = input;
      requireOneOf(desiredStatus, ['RUNNING', 'PENDING', 'STOPPED'], 'desiredStatus', invalidParameter);
      const service =
        input.serviceName && requireService(state, input.cluster, input.serviceName, scope).serviceName;
      if (input.containerInstance !== undefined) {
        throw invalidParameter('Container instance not found.');
      }
      const arns = [...state.tasks.entries(`${scope.region}/${cluster.clusterName}/`)]
        .map(([, task]) => task)
        .filter(
          (task) =>
            task.state.desiredStatus === desiredStatus &&
            (service ?? task.service) === task.service &&
            (input.startedBy ?? task.startedBy) === task.startedBy &&
            (input.launchType ?? task.launchType) === task.launchType &&
            (input.family ?? familyOf(task)) === familyOf(task),
        )
        .map(({ taskArn }) => taskArn)
        .sort(compareText);
      const { nextToken: _token, maxResults: _size, ...filters } = input;
      const page = cutPage(arns, input, ['ListTasks', scope.region, Object.entries(filters)]);
      return { ...tokenOf(page), taskArns: page.items };
    },

    /** The Session Manager channel behind ECS Exec is another service's. */
    ExecuteCommand: (input: { cluster?: string; task: string }, scope: RequestScope): object => {
      const cluster = findCluster(state, input.cluster, scope);
      const task = state.tasks.get(taskKeyIn(cluster, input.task, scope));
      if (!task) {
        throw invalidParameter('The referenced task was not found.');
      }
      if (!task.enableExecuteCommand) {
        throw invalidParameter(
          "The execute command failed because execute command was not enabled when the task was run or the execute command agent isn't running. Wait and try again or run a new task with execute command enabled and try again.",
        );
      }
      throw new ServiceError(
        'TargetNotConnectedException',
        'The execute command failed: the sandbox does not serve ECS Exec. Use the exec command of the local container engine.',
      );
    },
  };
}

function checkRun(input: RunTaskInput, definition: TaskDefinitionRecord): void {
  const count = input.count ?? 1;
  if (!Number.isInteger(count) || count < 1 || count > MOST_TASKS_A_RUN) {
    throw invalidParameter(`count must be between 1 and ${MOST_TASKS_A_RUN}.`);
  }
  if ((input.startedBy ?? '').length > 128) {
    throw invalidParameter('startedBy can have at most 128 characters.');
  }
  if (JSON.stringify(input.overrides ?? {}).length > MOST_OVERRIDE_CHARACTERS) {
    throw invalidParameter(`Container Overrides length must be at most ${MOST_OVERRIDE_CHARACTERS}`);
  }
  const stranger = (input.overrides?.containerOverrides ?? []).find(
    ({ name }) => !definition.containerDefinitions.some((container) => container.name === name),
  );
  if (stranger) {
    throw invalidParameter(
      `Override for container named ${stranger.name} is not a container in the TaskDefinition.`,
    );
  }
  checkTaskOverrides(input.overrides ?? {});
  requireOneOf(input.propagateTags, PROPAGATIONS, 'propagateTags', invalidParameter);
  checkTags(input.tags ?? []);
}

function startedWith(
  state: EcsState,
  cluster: ClusterRecord,
  clientToken: string | undefined,
  scope: RequestScope,
): TaskRecord[] {
  if (clientToken === undefined) {
    return [];
  }
  return [...state.tasks.entries(`${scope.region}/${cluster.clusterName}/`)]
    .map(([, task]) => task)
    .filter((task) => task.clientToken === clientToken);
}

/** @throws ServiceError ConflictException when the token came with another request */
function repeated(tasks: readonly TaskRecord[], request: string): readonly TaskRecord[] {
  if (tasks.some((task) => task.request !== request)) {
    throw new ServiceError(
      'ConflictException',
      'The client token was already used with different parameters.',
      { resourceIds: tasks.map(({ taskArn }) => taskArn) },
    );
  }
  return tasks;
}

function tagsOfRun(
  state: EcsState,
  input: RunTaskInput,
  cluster: ClusterRecord,
  definition: TaskDefinitionRecord,
): readonly Tag[] {
  const inherited =
    input.propagateTags === 'TASK_DEFINITION'
      ? readTags(state, regionOf(cluster), definition.taskDefinitionArn)
      : [];
  const managed =
    input.enableECSManagedTags === true ? [{ key: 'aws:ecs:clusterName', value: cluster.clusterName }] : [];
  const merged = new Map([...inherited, ...(input.tags ?? []), ...managed].map((tag) => [tag.key, tag]));
  return [...merged.values()];
}

/** The one host of the sandbox, as the container instance that it is not. */
function hostArn(scope: RequestScope, cluster: ClusterRecord): string {
  return ecsArn(scope, 'container-instance', cluster.clusterName, '0'.repeat(32));
}

function regionOf(cluster: ClusterRecord): string {
  return parseEcsArn(cluster.clusterArn)?.region ?? '';
}

function familyOf(task: TaskRecord): string | undefined {
  return parseEcsArn(task.taskDefinitionArn)?.path[0]?.split(':')[0];
}

/**
 * The key of the task with this id or ARN.
 * @throws ServiceError InvalidParameterException for what cannot name a task of the cluster
 */
function taskKeyIn(cluster: ClusterRecord, idOrArn: string, scope: RequestScope): string {
  const prefix = `${scope.region}/${cluster.clusterName}`;
  if (!idOrArn.startsWith('arn:')) {
    if (idOrArn.length !== 32 && idOrArn.length !== 36) {
      throw invalidParameter('taskId length should be one of [32,36]');
    }
    return `${prefix}/${idOrArn}`;
  }
  const arn = parseEcsArn(idOrArn);
  if (arn?.type !== 'task') {
    throw invalidParameter('Invalid identifier: Identifier is for another resource than a task.');
  }
  const [owner] = arn.path;
  if (arn.path.length > 1 && owner !== cluster.clusterName) {
    throw invalidParameter(
      `Invalid identifier: Identifier is for cluster ${owner}. Your cluster is ${cluster.clusterName}`,
    );
  }
  return `${arn.region === scope.region ? prefix : ''}/${arn.path.at(-1)}`;
}
