import type { RequestScope } from '../operation';
import { ecsArn } from './arns';
import { completeTaskDefinition } from './completeTaskDefinition';
import { type EcsState, toTimestamp } from './ecsState';
import { findTaskDefinition, parseTaskDefinitionName } from './findTaskDefinition';
import { compareText, cutPage, type PageRequest, tokenOf } from './page';
import type { TaskDefinitionRecord } from './records';
import { clientError, invalidParameter, requireOneOf } from './refusals';
import { checkTags, readTags, writeTags } from './tags';
import type { TaskDefinitionInput } from './taskDefinitionInput';
import { validateTaskDefinition } from './validateTaskDefinition';

/** Registering, describing, listing, deregistering and deleting task definitions. */
export function createTaskDefinitionOperations(state: EcsState) {
  return {
    RegisterTaskDefinition: (sent: TaskDefinitionInput, scope: RequestScope): object => {
      const input = withoutEmptyRoles(sent);
      validateTaskDefinition(input);
      const tags = input.tags ?? [];
      checkTags(tags);
      const familyKey = `${scope.region}/${input.family}`;
      // A revision's number is never given twice, whatever became of the earlier ones.
      const revision = (state.families.get(familyKey)?.lastRevision ?? 0) + 1;
      const record = completeTaskDefinition(input, {
        taskDefinitionArn: ecsArn(scope, 'task-definition', `${input.family}:${revision}`),
        revision,
        registeredAt: Date.now(),
        registeredBy: `arn:aws:iam::${scope.accountId}:root`,
      });
      state.families.put(familyKey, { lastRevision: revision });
      state.taskDefinitions.put(`${familyKey}:${revision}`, record);
      writeTags(state, scope.region, record.taskDefinitionArn, tags);
      return { taskDefinition: viewTaskDefinition(record), tags };
    },

    DescribeTaskDefinition: (
      input: { taskDefinition: string; include?: readonly string[] },
      scope: RequestScope,
    ): object => {
      const record = findTaskDefinition(state, input.taskDefinition, scope.region);
      if (!record) {
        throw clientError('Unable to describe task definition.');
      }
      const tags = input.include?.includes('TAGS') && {
        tags: readTags(state, scope.region, record.taskDefinitionArn),
      };
      return { taskDefinition: viewTaskDefinition(record), ...tags };
    },

    ListTaskDefinitions: (
      input: PageRequest & { familyPrefix?: string; status?: string; sort?: string },
      scope: RequestScope,
    ): object => {
      const { familyPrefix, status = 'ACTIVE', sort = 'ASC' } = input;
      requireOneOf(status, ['ACTIVE', 'INACTIVE', 'DELETE_IN_PROGRESS'], 'status', invalidParameter);
      requireOneOf(sort, ['ASC', 'DESC'], 'sort', invalidParameter);
      const found = new Map<string, string>();
      for (const [, record] of state.taskDefinitions.entries(`${scope.region}/`)) {
        // The parameter is called a prefix, and the service takes it as the whole name.
        if (record.status === status && (familyPrefix ?? record.family) === record.family) {
          found.set(
            `${record.family}:${String(record.revision).padStart(10, '0')}`,
            record.taskDefinitionArn,
          );
        }
      }
      const keys = [...found.keys()].sort(compareText);
      const descending = sort === 'DESC';
      const page = cutPage(
        descending ? keys.reverse() : keys,
        input,
        ['ListTaskDefinitions', scope.region, familyPrefix, status, sort],
        undefined,
        descending,
      );
      return { ...tokenOf(page), taskDefinitionArns: page.items.map((key) => found.get(key)) };
    },

    ListTaskDefinitionFamilies: (
      input: PageRequest & { familyPrefix?: string; status?: string },
      scope: RequestScope,
    ): object => {
      const { familyPrefix = '', status = 'ACTIVE' } = input;
      requireOneOf(status, ['ACTIVE', 'INACTIVE', 'ALL'], 'status', invalidParameter);
      const active = new Map<string, boolean>();
      for (const [, record] of state.taskDefinitions.entries(`${scope.region}/${familyPrefix}`)) {
        active.set(record.family, active.get(record.family) === true || record.status === 'ACTIVE');
      }
      const families = [...active]
        .filter(([, isActive]) => status === 'ALL' || isActive === (status === 'ACTIVE'))
        .map(([family]) => family)
        .sort(compareText);
      const page = cutPage(families, input, [
        'ListTaskDefinitionFamilies',
        scope.region,
        familyPrefix,
        status,
      ]);
      return { ...tokenOf(page), families: page.items };
    },

    DeregisterTaskDefinition: (input: { taskDefinition: string }, scope: RequestScope): object => {
      const record = requireRevision(state, input.taskDefinition, scope.region);
      if (!record) {
        throw clientError('The specified task definition does not exist.');
      }
      if (record.status === 'DELETE_IN_PROGRESS') {
        throw invalidParameter('The specified task definition is in the process of being deleted.');
      }
      const deregistered: TaskDefinitionRecord = {
        ...record,
        status: 'INACTIVE',
        deregisteredAt: record.deregisteredAt ?? Date.now(),
      };
      state.taskDefinitions.put(`${scope.region}/${record.family}:${record.revision}`, deregistered);
      return { taskDefinition: viewTaskDefinition(deregistered) };
    },

    DeleteTaskDefinitions: (input: { taskDefinitions: readonly string[] }, scope: RequestScope): object => {
      if (input.taskDefinitions.length > 10) {
        throw invalidParameter('Task definitions can have at most 10 items.');
      }
      const deleted: object[] = [];
      const failures: object[] = [];
      for (const name of input.taskDefinitions) {
        const record = requireRevision(state, name, scope.region);
        if (!record) {
          failures.push({
            arn: name,
            reason: 'TASK_DEFINITION_NOT_FOUND',
            detail:
              'The specified task definition does not exist. Specify a valid account, family, revision and try again.',
          });
        } else if (record.status === 'ACTIVE') {
          failures.push({
            arn: record.taskDefinitionArn,
            reason: 'TASK_DEFINITION_STILL_ACTIVE',
            detail:
              'The specified task definition is still in ACTIVE status. Please deregister the target and try again.',
          });
        } else {
          deleted.push(deleteRevision(state, scope.region, record));
        }
      }
      return { taskDefinitions: deleted, failures };
    },
  };
}

/** @throws ServiceError ClientException when the name has no revision */
function requireRevision(state: EcsState, text: string, region: string): TaskDefinitionRecord | undefined {
  if (parseTaskDefinitionName(text, region)?.revision === undefined && !text.startsWith('arn:')) {
    const [, revision] = text.split(':');
    throw clientError(
      revision === undefined ? 'Revision is missing.' : `Invalid revision number. Number: ${revision}`,
    );
  }
  return findTaskDefinition(state, text, region);
}

/**
 * A revision in use stays as DELETE_IN_PROGRESS, as ECS keeps it; one that nothing uses is gone at once.
 */
function deleteRevision(state: EcsState, region: string, record: TaskDefinitionRecord): object {
  const key = `${region}/${record.family}:${record.revision}`;
  const arn = record.taskDefinitionArn;
  const marked: TaskDefinitionRecord = {
    ...record,
    status: 'DELETE_IN_PROGRESS',
    deleteRequestedAt: record.deleteRequestedAt ?? Date.now(),
  };
  const byTask = [...state.tasks.entries(`${region}/`)].some(
    ([, task]) => task.taskDefinitionArn === arn && task.state.lastStatus !== 'STOPPED',
  );
  const byService = [...state.services.entries(`${region}/`)].some(
    ([, service]) =>
      service.status !== 'INACTIVE' && service.deployments.some((d) => d.settings.taskDefinition === arn),
  );
  if (byTask || byService) {
    state.taskDefinitions.put(key, marked);
  } else {
    state.taskDefinitions.delete(key);
    writeTags(state, region, arn, []);
  }
  return viewTaskDefinition(marked);
}

/** The wire form: times in seconds. */
function viewTaskDefinition(record: TaskDefinitionRecord): object {
  return {
    ...record,
    registeredAt: toTimestamp(record.registeredAt),
    deregisteredAt: toTimestamp(record.deregisteredAt),
    deleteRequestedAt: toTimestamp(record.deleteRequestedAt),
  };
}

/** Deployment tools send "" for a role that the definition does not have. */
function withoutEmptyRoles(input: TaskDefinitionInput): TaskDefinitionInput {
  const { executionRoleArn, taskRoleArn } = input;
  return {
    ...input,
    executionRoleArn: executionRoleArn === '' ? undefined : executionRoleArn,
    taskRoleArn: taskRoleArn === '' ? undefined : taskRoleArn,
  };
}
