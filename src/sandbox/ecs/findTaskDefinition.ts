import type { RequestScope } from '../operation';
import { lastPart, parseEcsArn } from './arns';
import type { EcsState } from './ecsState';
import type { TaskDefinitionRecord } from './records';
import { clientError } from './refusals';

/** Which revision a `family`, `family:revision` or ARN names. */
export interface TaskDefinitionName {
  readonly family: string;
  /** `undefined` means the latest ACTIVE one. */
  readonly revision: number | undefined;
}

/** `undefined` when the text names no task definition that could exist in the region. */
export function parseTaskDefinitionName(text: string, region: string): TaskDefinitionName | undefined {
  const arn = parseEcsArn(text);
  if (text.startsWith('arn:') && (arn?.type !== 'task-definition' || arn.region !== region)) {
    return undefined;
  }
  const [, family, revision] =
    /^([A-Za-z0-9_-]{1,255})(?::(\d+))?$/.exec(arn ? arn.path.join('/') : text) ?? [];
  return family === undefined
    ? undefined
    : { family, revision: revision === undefined ? undefined : Number(revision) };
}

/** The task definition with this ARN. */
export function definitionOf(state: EcsState, region: string, arn: string): TaskDefinitionRecord | undefined {
  return state.taskDefinitions.get(`${region}/${lastPart(arn)}`);
}

/** All revisions of a family that are still there, oldest first. */
function revisionsOf(state: EcsState, region: string, family: string): TaskDefinitionRecord[] {
  return [...state.taskDefinitions.entries(`${region}/${family}:`)]
    .map(([, record]) => record)
    .sort((a, b) => a.revision - b.revision);
}

/** The task definition that a name means, in whatever status; `undefined` when there is none. */
export function findTaskDefinition(
  state: EcsState,
  text: string,
  region: string,
): TaskDefinitionRecord | undefined {
  const name = parseTaskDefinitionName(text, region);
  if (!name) {
    return undefined;
  }
  return name.revision === undefined
    ? revisionsOf(state, region, name.family)
        .filter(({ status }) => status === 'ACTIVE')
        .at(-1)
    : state.taskDefinitions.get(`${region}/${name.family}:${name.revision}`);
}

/**
 * The task definition that new tasks are to use.
 * @throws ServiceError ClientException when there is none, or it is not ACTIVE
 */
export function requireActiveTaskDefinition(
  state: EcsState,
  text: string | undefined,
  scope: RequestScope,
): TaskDefinitionRecord {
  if (text === undefined || text === '') {
    throw clientError('TaskDefinition can not be blank.');
  }
  const definition = findTaskDefinition(state, text, scope.region);
  if (!definition) {
    throw clientError('TaskDefinition not found.');
  }
  if (definition.status !== 'ACTIVE') {
    throw clientError('TaskDefinition is inactive');
  }
  return definition;
}
