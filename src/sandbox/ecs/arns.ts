import { randomBytes, randomInt } from 'node:crypto';
import type { RequestScope } from '../operation';

/** What an ARN starts with in a request's region and account. */
type Place = Pick<RequestScope, 'region' | 'accountId'>;

/** Resource types of the ECS API, in the forms that carry the cluster's name. */
export type EcsResourceType =
  | 'cluster'
  | 'service'
  | 'task'
  | 'task-definition'
  | 'container'
  | 'container-instance'
  | 'service-deployment'
  | 'service-revision';

export interface EcsArn {
  readonly region: string;
  readonly accountId: string;
  readonly type: string;
  /** What follows the type, split at slashes: `['cluster', 'name']` for a service. */
  readonly path: readonly string[];
}

/** `arn:aws:ecs:region:account:type/part/part`. */
export function ecsArn(place: Place, type: EcsResourceType, ...path: readonly string[]): string {
  return `arn:aws:ecs:${place.region}:${place.accountId}:${type}/${path.join('/')}`;
}

/** Takes an ECS ARN apart; `undefined` when the text has not that form. */
export function parseEcsArn(text: string): EcsArn | undefined {
  const match = /^arn:aws[a-z-]*:ecs:([a-z0-9-]+):(\d{12}):([a-z-]+)\/(.+)$/.exec(text);
  const [, region, accountId, type, path] = match ?? [];
  if (region === undefined || accountId === undefined || type === undefined || path === undefined) {
    return undefined;
  }
  return { region, accountId, type, path: path.split('/') };
}

/** The last part of an ARN, or the text itself where it is a plain name or id. */
export function lastPart(nameOrArn: string): string {
  return nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1);
}

/** The id of a task: 32 hexadecimal digits. */
export function newTaskId(): string {
  return randomBytes(16).toString('hex');
}

/**
 * The number that names a service revision, and, as `ecs-svc/<number>`, its entry in a service's
 * `deployments`: 19 digits.
 */
export function newRevisionNumber(): string {
  let digits = String(randomInt(1, 10));
  while (digits.length < 19) {
    digits += String(randomInt(0, 10));
  }
  return digits;
}

/** The id of a service deployment: 21 characters, as in the AWS CLI's examples. */
export function newServiceDeploymentId(): string {
  return randomBytes(16).toString('base64url').slice(0, 21);
}
