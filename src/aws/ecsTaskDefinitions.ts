import type {
  RegisterTaskDefinitionCommandInput,
  Tag,
  TaskDefinition,
  TaskDefinitionStatus,
} from '@aws-sdk/client-ecs';
import { resourceName } from './arn';
import { failuresOf, LIST_PAGE, type EcsConnection } from './ecsConnection';
import { pages, type Page } from './page';

export interface DescribedTaskDefinition {
  readonly taskDefinition: TaskDefinition;
  readonly tags: readonly Tag[];
}

/** Task definitions, by family and revision. */
export interface EcsTaskDefinitions {
  /** Names of families that have a revision of this status. */
  families(
    status: 'ACTIVE' | 'INACTIVE' | 'ALL',
    signal?: AbortSignal,
  ): AsyncGenerator<readonly string[], void, void>;
  /** ARNs of a family's revisions, newest first. */
  revisions(
    family: string,
    status: TaskDefinitionStatus,
    signal?: AbortSignal,
  ): AsyncGenerator<readonly string[], void, void>;
  /** @param id `family` (its newest active revision), `family:revision` or an ARN */
  taskDefinition(id: string, signal?: AbortSignal): Promise<DescribedTaskDefinition>;
  registerTaskDefinition(
    input: RegisterTaskDefinitionCommandInput,
    signal?: AbortSignal,
  ): Promise<TaskDefinition>;
  deregisterTaskDefinition(id: string, signal?: AbortSignal): Promise<void>;
  /** Deletes revisions that are not active, at most 10, given as `family:revision` or ARN. Answers with ARNs. */
  deleteTaskDefinitions(ids: readonly string[], signal?: AbortSignal): Promise<Page<string>>;
}

export function createEcsTaskDefinitions(connection: EcsConnection): EcsTaskDefinitions {
  return {
    families: (status, signal) =>
      pages(async (nextToken) => {
        const page = await connection.call('list the task definition families', (client, sdk) =>
          client.send(
            new sdk.ListTaskDefinitionFamiliesCommand({ status, maxResults: LIST_PAGE, nextToken }),
            {
              abortSignal: signal,
            },
          ),
        );
        return { items: page.families ?? [], next: page.nextToken };
      }),

    revisions: (family, status, signal) =>
      pages(async (nextToken) => {
        const page = await connection.call(`list the revisions of ${family}`, (client, sdk) =>
          client.send(
            new sdk.ListTaskDefinitionsCommand({
              familyPrefix: family,
              status,
              sort: 'DESC',
              maxResults: LIST_PAGE,
              nextToken,
            }),
            { abortSignal: signal },
          ),
        );
        // The service matches by prefix, by its documentation by whole family name: hold it to the latter.
        const own = (page.taskDefinitionArns ?? []).filter(
          (arn) => resourceName(arn).replace(/:\d+$/, '') === family,
        );
        return { items: own, next: page.nextToken };
      }),

    async taskDefinition(id, signal) {
      const answer = await connection.call(
        `describe the task definition ${resourceName(id)}`,
        (client, sdk) =>
          client.send(new sdk.DescribeTaskDefinitionCommand({ taskDefinition: id, include: ['TAGS'] }), {
            abortSignal: signal,
          }),
      );
      return {
        taskDefinition: connection.present(answer.taskDefinition, 'the task definition'),
        tags: answer.tags ?? [],
      };
    },

    async registerTaskDefinition(input, signal) {
      const answer = await connection.call(`register the task definition ${input.family}`, (client, sdk) =>
        client.send(new sdk.RegisterTaskDefinitionCommand(input), { abortSignal: signal }),
      );
      return connection.present(answer.taskDefinition, 'the new task definition');
    },

    async deregisterTaskDefinition(id, signal) {
      await connection.call(`deregister the task definition ${resourceName(id)}`, (client, sdk) =>
        client.send(new sdk.DeregisterTaskDefinitionCommand({ taskDefinition: id }), { abortSignal: signal }),
      );
    },

    async deleteTaskDefinitions(ids, signal) {
      const answer = await connection.call('delete task definitions', (client, sdk) =>
        client.send(new sdk.DeleteTaskDefinitionsCommand({ taskDefinitions: [...ids] }), {
          abortSignal: signal,
        }),
      );
      return {
        items: (answer.taskDefinitions ?? []).map(({ taskDefinitionArn = '' }) => taskDefinitionArn),
        failures: failuresOf(answer.failures),
      };
    },
  };
}
