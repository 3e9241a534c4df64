import type {
  Cluster,
  CreateClusterCommandInput,
  CreateServiceCommandInput,
  RunTaskCommandInput,
  Service,
  Task,
  UpdateServiceCommandInput,
} from '@aws-sdk/client-ecs';
import { UserError } from '../base/errors';
import { resourceName } from './arn';
import type { AwsContext } from './context';
import { unguarded } from './contextAccess';
import { connectEcs, failuresOf, LIST_PAGE } from './ecsConnection';
import { createEcsDeployments, type EcsDeployments } from './ecsDeployments';
import { createEcsTaskDefinitions, type EcsTaskDefinitions } from './ecsTaskDefinitions';
import { describedPages, pages, type Page } from './page';

export interface TaskQuery {
  /** Name or ARN. */
  readonly service?: string;
  readonly family?: string;
  readonly startedBy?: string;
  /** What ECS wants of the task. RUNNING by default; STOPPED ones are kept for about an hour. */
  readonly desiredStatus?: 'RUNNING' | 'STOPPED';
}

/** ECS of one context. Clusters and services are given by name or ARN. Every method throws `UserError`. */
export interface EcsGateway extends EcsDeployments, EcsTaskDefinitions {
  readonly context: AwsContext;
  clusters(signal?: AbortSignal): AsyncGenerator<Page<Cluster>, void, void>;
  /** ARNs alone, up to 100 a page: half the calls. */
  clusterArns(signal?: AbortSignal): AsyncGenerator<readonly string[], void, void>;
  /** Clusters by name or ARN, at most 100; those that are gone are among the failures. */
  describeClusters(clusters: readonly string[], signal?: AbortSignal): Promise<Page<Cluster>>;
  /** @throws UserError('notFound') when there is no such cluster */
  cluster(cluster: string, signal?: AbortSignal): Promise<Cluster>;
  createCluster(input: CreateClusterCommandInput, signal?: AbortSignal): Promise<Cluster>;
  deleteCluster(cluster: string, signal?: AbortSignal): Promise<void>;

  services(cluster: string, signal?: AbortSignal): AsyncGenerator<Page<Service>, void, void>;
  /** ARNs alone, up to 100 a page: a tenth of the calls. */
  serviceArns(cluster: string, signal?: AbortSignal): AsyncGenerator<readonly string[], void, void>;
  /** Services by name or ARN, at most 10; those that are gone are among the failures. */
  describeServices(
    cluster: string,
    services: readonly string[],
    signal?: AbortSignal,
  ): Promise<Page<Service>>;
  /** @throws UserError('notFound') when there is no such service */
  service(cluster: string, service: string, signal?: AbortSignal): Promise<Service>;
  createService(input: CreateServiceCommandInput, signal?: AbortSignal): Promise<Service>;
  updateService(input: UpdateServiceCommandInput, signal?: AbortSignal): Promise<Service>;
  /** @param force also when its desired count is above 0 */
  deleteService(cluster: string, service: string, force: boolean, signal?: AbortSignal): Promise<void>;
  tasks(cluster: string, query?: TaskQuery, signal?: AbortSignal): AsyncGenerator<Page<Task>, void, void>;
  /** Tasks by id or ARN, at most 100; those that are gone are among the failures. */
  describeTasks(cluster: string, tasks: readonly string[], signal?: AbortSignal): Promise<Page<Task>>;
  runTask(input: RunTaskCommandInput, signal?: AbortSignal): Promise<Page<Task>>;
  stopTask(cluster: string, task: string, reason: string, signal?: AbortSignal): Promise<void>;
  dispose(): void;
}

/** Ids a describe call takes, by the API reference. */
const DESCRIBE = { clusters: 100, services: 10, tasks: 100 } as const;

export function createEcsGateway(context: AwsContext, access = unguarded(context)): EcsGateway {
  const connection = connectEcs(access);
  const ecs: EcsGateway = {
    context,
    ...createEcsDeployments(connection),
    ...createEcsTaskDefinitions(connection),

    clusters: (signal) =>
      describedPages(ecs.clusterArns(signal), DESCRIBE.clusters, (clusters) =>
        ecs.describeClusters(clusters, signal),
      ),

    clusterArns: (signal) =>
      pages(async (nextToken) => {
        const page = await connection.call('list the ECS clusters', (client, sdk) =>
          client.send(new sdk.ListClustersCommand({ maxResults: LIST_PAGE, nextToken }), {
            abortSignal: signal,
          }),
        );
        return { items: page.clusterArns ?? [], next: page.nextToken };
      }),

    async describeClusters(clusters, signal) {
      const answer = await connection.call('describe the ECS clusters', (client, sdk) =>
        client.send(new sdk.DescribeClustersCommand({ clusters: [...clusters], include: ['TAGS'] }), {
          abortSignal: signal,
        }),
      );
      return { items: answer.clusters ?? [], failures: failuresOf(answer.failures) };
    },

    async cluster(cluster, signal) {
      const name = resourceName(cluster);
      const answer = await connection.call(`describe the cluster ${name}`, (client, sdk) =>
        client.send(new sdk.DescribeClustersCommand({ clusters: [cluster], include: ['TAGS'] }), {
          abortSignal: signal,
        }),
      );
      const found = answer.clusters?.[0];
      if (!found) {
        const why = answer.failures?.[0]?.reason ?? 'MISSING';
        throw new UserError(
          'notFound',
          `There is no cluster ${name} (${context.label} · ${context.region}): ${why}`,
        );
      }
      return found;
    },

    async createCluster(input, signal) {
      const answer = await connection.call(`create the cluster ${input.clusterName}`, (client, sdk) =>
        client.send(new sdk.CreateClusterCommand(input), { abortSignal: signal }),
      );
      return connection.present(answer.cluster, 'the new cluster');
    },

    async deleteCluster(cluster, signal) {
      await connection.call(`delete the cluster ${resourceName(cluster)}`, (client, sdk) =>
        client.send(new sdk.DeleteClusterCommand({ cluster }), { abortSignal: signal }),
      );
    },

    services: (cluster, signal) =>
      describedPages(ecs.serviceArns(cluster, signal), DESCRIBE.services, (services) =>
        ecs.describeServices(cluster, services, signal),
      ),

    serviceArns: (cluster, signal) =>
      pages(async (nextToken) => {
        const page = await connection.call(
          `list the services of cluster ${resourceName(cluster)}`,
          (client, sdk) =>
            client.send(new sdk.ListServicesCommand({ cluster, maxResults: LIST_PAGE, nextToken }), {
              abortSignal: signal,
            }),
        );
        return { items: page.serviceArns ?? [], next: page.nextToken };
      }),

    async describeServices(cluster, services, signal) {
      const answer = await connection.call(
        `describe services of cluster ${resourceName(cluster)}`,
        (client, sdk) =>
          client.send(new sdk.DescribeServicesCommand({ cluster, services: [...services] }), {
            abortSignal: signal,
          }),
      );
      return { items: answer.services ?? [], failures: failuresOf(answer.failures) };
    },

    async service(cluster, service, signal) {
      const answer = await connection.call(
        `describe the service ${resourceName(service)} of cluster ${resourceName(cluster)}`,
        (client, sdk) =>
          client.send(new sdk.DescribeServicesCommand({ cluster, services: [service] }), {
            abortSignal: signal,
          }),
      );
      const found = answer.services?.[0];
      if (!found) {
        const why = answer.failures?.[0]?.reason ?? 'MISSING';
        throw new UserError(
          'notFound',
          `There is no service ${resourceName(service)} in cluster ${resourceName(cluster)} (${context.label} · ${context.region}): ${why}`,
        );
      }
      return found;
    },

    async createService(input, signal) {
      const answer = await connection.call(`create the service ${input.serviceName}`, (client, sdk) =>
        client.send(new sdk.CreateServiceCommand(input), { abortSignal: signal }),
      );
      return connection.present(answer.service, 'the new service');
    },

    async updateService(input, signal) {
      const answer = await connection.call(
        `update the service ${resourceName(input.service ?? '')}`,
        (client, sdk) => client.send(new sdk.UpdateServiceCommand(input), { abortSignal: signal }),
      );
      return connection.present(answer.service, 'the updated service');
    },

    async deleteService(cluster, service, force, signal) {
      await connection.call(`delete the service ${resourceName(service)}`, (client, sdk) =>
        client.send(new sdk.DeleteServiceCommand({ cluster, service, force }), { abortSignal: signal }),
      );
    },

    tasks: (cluster, query = {}, signal) => {
      const listing = pages(async (nextToken) => {
        const input = {
          cluster,
          serviceName: query.service,
          family: query.family,
          startedBy: query.startedBy,
          desiredStatus: query.desiredStatus,
          maxResults: LIST_PAGE,
          nextToken,
        };
        const page = await connection.call(
          `list the tasks of ${query.service ? `service ${resourceName(query.service)}` : `cluster ${resourceName(cluster)}`}`,
          (client, sdk) => client.send(new sdk.ListTasksCommand(input), { abortSignal: signal }),
        );
        return { items: page.taskArns ?? [], next: page.nextToken };
      });
      return describedPages(listing, DESCRIBE.tasks, (tasks) => ecs.describeTasks(cluster, tasks, signal));
    },

    async describeTasks(cluster, tasks, signal) {
      const answer = await connection.call(
        `describe tasks of cluster ${resourceName(cluster)}`,
        (client, sdk) =>
          client.send(new sdk.DescribeTasksCommand({ cluster, tasks: [...tasks], include: ['TAGS'] }), {
            abortSignal: signal,
          }),
      );
      return { items: answer.tasks ?? [], failures: failuresOf(answer.failures) };
    },

    async runTask(input, signal) {
      const answer = await connection.call(
        `run a task of ${resourceName(input.taskDefinition ?? '')}`,
        (client, sdk) => client.send(new sdk.RunTaskCommand(input), { abortSignal: signal }),
      );
      return { items: answer.tasks ?? [], failures: failuresOf(answer.failures) };
    },

    async stopTask(cluster, task, reason, signal) {
      await connection.call(`stop the task ${resourceName(task)}`, (client, sdk) =>
        client.send(new sdk.StopTaskCommand({ cluster, task, reason }), { abortSignal: signal }),
      );
    },

    dispose: () => connection.dispose(),
  };
  return ecs;
}
