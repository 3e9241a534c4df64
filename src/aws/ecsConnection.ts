import type { Failure } from '@aws-sdk/client-ecs';
import { Connection } from './connection';
import type { ContextAccess } from './contextAccess';
import type { Page } from './page';

export type EcsConnection = ReturnType<typeof connectEcs>;

/** The one client of ECS that all of a context's calls go through. */
export const connectEcs = (access: ContextAccess) =>
  new Connection(
    access,
    'ECS',
    () => import('@aws-sdk/client-ecs'),
    (sdk, configuration) => new sdk.ECSClient(configuration),
  );

/** Results a page of a list call, by the API reference. */
export const LIST_PAGE = 100;

/** What ECS could not answer for, as every page has it. */
export function failuresOf(failures: readonly Failure[] | undefined): Page<never>['failures'] {
  return (failures ?? []).map(({ arn, reason, detail }) => ({
    id: arn ?? '',
    reason: detail ? `${reason ?? 'FAILED'}: ${detail}` : (reason ?? 'FAILED'),
  }));
}
