import type {
  Cluster,
  CreateClusterCommandInput,
  CreateServiceCommandInput,
  ECSClient,
  Failure,
  RegisterTaskDefinitionCommandInput,
  RunTaskCommandInput,
  Service,
  ServiceDeployment,
  ServiceDeploymentBrief,
  ServiceRevision,
  Tag,
  Task,
  TaskDefinition,
  TaskDefinitionStatus,
  UpdateServiceCommandInput,
} from '@aws-sdk/client-ecs';
import { UserError } from '../base/errors';
import { resourceName } from './arn';
import { Connection } from './connection';
import type { AwsContext } from './context';
import { unguarded } from './contextAccess';
import { describedPages, pages, type Page } from './page';

export interface TaskQuery {
  /** Name or ARN. */
  readonly service?: string;
  readonly family?: string;
  readonly startedBy?: string;
  /** What ECS wants of the task. RUNNING by default; STOPPED ones are kept for about an hour. */
  readonly desiredStatus?: 'RUNNING' | 'STOPPED';
}

export interface DescribedTaskDefinition {
  readonly taskDefinition: TaskDefinition;
  readonly tags: readonly Tag[];
}

/** ECS of one context. Clusters and services are given by name or ARN. Every method throws `UserError`. */
export interface EcsGateway {
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
  /** Deployments of a service, newest first. */
  serviceDeployments(
    cluster: string,
    service: string,
    signal?: AbortSignal,
  ): AsyncGenerator<readonly ServiceDeploymentBrief[], void, void>;
  /** Deployments by ARN, with state, circuit breaker and rollback; at most 20. */
  describeServiceDeployments(
    arns: readonly string[],
    signal?: AbortSignal,
  ): Promise<readonly ServiceDeployment[]>;
  describeServiceRevisions(
    arns: readonly string[],
    signal?: AbortSignal,
  ): Promise<readonly ServiceRevision[]>;
  /** Ends a deployment that is under way and goes back to what ran before. */
  rollBackDeployment(deploymentArn: string, signal?: AbortSignal): Promise<void>;

  tasks(cluster: string, query?: TaskQuery, signal?: AbortSignal): AsyncGenerator<Page<Task>, void, void>;
  /** Tasks by id or ARN, at most 100; those that are gone are among the failures. */
  describeTasks(cluster: string, tasks: readonly string[], signal?: AbortSignal): Promise<Page<Task>>;
  runTask(input: RunTaskCommandInput, signal?: AbortSignal): Promise<Page<Task>>;
  stopTask(cluster: string, task: string, reason: string, signal?: AbortSignal): Promise<void>;

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
  dispose(): void;
}

/** Ids a describe call takes, by the API reference. */
const DESCRIBE = { clusters: 100, services: 10, tasks: 100 } as const;
const LIST = 100;

const load = () => import('@aws-sdk/client-ecs');
type Sdk = Awaited<ReturnType<typeof load>>;

export function createEcsGateway(context: AwsContext, access = unguarded(context)): EcsGateway {
  const connection = new Connection<ECSClient>(access, 'ECS', async (configuration) => {
    const { ECSClient } = await load();
    return new ECSClient(configuration);
  });
  const call = async <T>(
    operation: string,
    send: (client: ECSClient, sdk: Sdk) => Promise<T>,
  ): Promise<T> => {
    const sdk = await load();
    return connection.call(operation, (client) => send(client, sdk));
  };

  const ecs: EcsGateway = {
    context,

    clusters: (signal) =>
      describedPages(ecs.clusterArns(signal), DESCRIBE.clusters, (clusters) =>
        ecs.describeClusters(clusters, signal),
      ),

    clusterArns: (signal) =>
      pages(async (nextToken) => {
        const page = await call('list the ECS clusters', (client, sdk) =>
          client.send(new sdk.ListClustersCommand({ maxResults: LIST, nextToken }), { abortSignal: signal }),
        );
        return { items: page.clusterArns ?? [], next: page.nextToken };
      }),

    async describeClusters(clusters, signal) {
      const answer = await call('describe the ECS clusters', (client, sdk) =>
        client.send(new sdk.DescribeClustersCommand({ clusters: [...clusters], include: ['TAGS'] }), {
          abortSignal: signal,
        }),
      );
      return { items: answer.clusters ?? [], failures: failuresOf(answer.failures) };
    },

    async cluster(cluster, signal) {
      const name = resourceName(cluster);
      const answer = await call(`describe the cluster ${name}`, (client, sdk) =>
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
      const answer = await call(`create the cluster ${input.clusterName}`, (client, sdk) =>
        client.send(new sdk.CreateClusterCommand(input), { abortSignal: signal }),
      );
      return present(answer.cluster, 'the new cluster');
    },

    async deleteCluster(cluster, signal) {
      await call(`delete the cluster ${resourceName(cluster)}`, (client, sdk) =>
        client.send(new sdk.DeleteClusterCommand({ cluster }), { abortSignal: signal }),
      );
    },

    services: (cluster, signal) =>
      describedPages(ecs.serviceArns(cluster, signal), DESCRIBE.services, (services) =>
        ecs.describeServices(cluster, services, signal),
      ),

    serviceArns: (cluster, signal) =>
      pages(async (nextToken) => {
        const page = await call(`list the services of cluster ${resourceName(cluster)}`, (client, sdk) =>
          client.send(new sdk.ListServicesCommand({ cluster, maxResults: LIST, nextToken }), {
            abortSignal: signal,
          }),
        );
        return { items: page.serviceArns ?? [], next: page.nextToken };
      }),

    async describeServices(cluster, services, signal) {
      const answer = await call(`describe services of cluster ${resourceName(cluster)}`, (client, sdk) =>
        client.send(new sdk.DescribeServicesCommand({ cluster, services: [...services] }), {
          abortSignal: signal,
        }),
      );
      return { items: answer.services ?? [], failures: failuresOf(answer.failures) };
    },

    async service(cluster, service, signal) {
      const answer = await call(
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
      const answer = await call(`create the service ${input.serviceName}`, (client, sdk) =>
        client.send(new sdk.CreateServiceCommand(input), { abortSignal: signal }),
      );
      return present(answer.service, 'the new service');
    },

    async updateService(input, signal) {
      const answer = await call(`update the service ${resourceName(input.service ?? '')}`, (client, sdk) =>
        client.send(new sdk.UpdateServiceCommand(input), { abortSignal: signal }),
      );
      return present(answer.service, 'the updated service');
    },

    async deleteService(cluster, service, force, signal) {
      await call(`delete the service ${resourceName(service)}`, (client, sdk) =>
        client.send(new sdk.DeleteServiceCommand({ cluster, service, force }), { abortSignal: signal }),
      );
    },

    serviceDeployments: (cluster, service, signal) =>
      pages(async (nextToken) => {
        const page = await call(`list the deployments of service ${resourceName(service)}`, (client, sdk) =>
          client.send(
            new sdk.ListServiceDeploymentsCommand({ cluster, service, maxResults: LIST, nextToken }),
            { abortSignal: signal },
          ),
        );
        return { items: page.serviceDeployments ?? [], next: page.nextToken };
      }),

    async describeServiceDeployments(arns, signal) {
      const answer = await call('describe the deployment', (client, sdk) =>
        client.send(new sdk.DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [...arns] }), {
          abortSignal: signal,
        }),
      );
      return answer.serviceDeployments ?? [];
    },

    async describeServiceRevisions(arns, signal) {
      const answer = await call('describe the service revision', (client, sdk) =>
        client.send(new sdk.DescribeServiceRevisionsCommand({ serviceRevisionArns: [...arns] }), {
          abortSignal: signal,
        }),
      );
      return answer.serviceRevisions ?? [];
    },

    async rollBackDeployment(serviceDeploymentArn, signal) {
      await call('roll the deployment back', (client, sdk) =>
        client.send(new sdk.StopServiceDeploymentCommand({ serviceDeploymentArn, stopType: 'ROLLBACK' }), {
          abortSignal: signal,
        }),
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
          maxResults: LIST,
          nextToken,
        };
        const page = await call(
          `list the tasks of ${query.service ? `service ${resourceName(query.service)}` : `cluster ${resourceName(cluster)}`}`,
          (client, sdk) => client.send(new sdk.ListTasksCommand(input), { abortSignal: signal }),
        );
        return { items: page.taskArns ?? [], next: page.nextToken };
      });
      return describedPages(listing, DESCRIBE.tasks, (tasks) => ecs.describeTasks(cluster, tasks, signal));
    },

    async describeTasks(cluster, tasks, signal) {
      const answer = await call(`describe tasks of cluster ${resourceName(cluster)}`, (client, sdk) =>
        client.send(new sdk.DescribeTasksCommand({ cluster, tasks: [...tasks], include: ['TAGS'] }), {
          abortSignal: signal,
        }),
      );
      return { items: answer.tasks ?? [], failures: failuresOf(answer.failures) };
    },

    async runTask(input, signal) {
      const answer = await call(`run a task of ${resourceName(input.taskDefinition ?? '')}`, (client, sdk) =>
        client.send(new sdk.RunTaskCommand(input), { abortSignal: signal }),
      );
      return { items: answer.tasks ?? [], failures: failuresOf(answer.failures) };
    },

    async stopTask(cluster, task, reason, signal) {
      await call(`stop the task ${resourceName(task)}`, (client, sdk) =>
        client.send(new sdk.StopTaskCommand({ cluster, task, reason }), { abortSignal: signal }),
      );
    },

    families: (status, signal) =>
      pages(async (nextToken) => {
        const page = await call('list the task definition families', (client, sdk) =>
          client.send(new sdk.ListTaskDefinitionFamiliesCommand({ status, maxResults: LIST, nextToken }), {
            abortSignal: signal,
          }),
        );
        return { items: page.families ?? [], next: page.nextToken };
      }),

    revisions: (family, status, signal) =>
      pages(async (nextToken) => {
        const page = await call(`list the revisions of ${family}`, (client, sdk) =>
          client.send(
            new sdk.ListTaskDefinitionsCommand({
              familyPrefix: family,
              status,
              sort: 'DESC',
              maxResults: LIST,
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
      const answer = await call(`describe the task definition ${resourceName(id)}`, (client, sdk) =>
        client.send(new sdk.DescribeTaskDefinitionCommand({ taskDefinition: id, include: ['TAGS'] }), {
          abortSignal: signal,
        }),
      );
      return {
        taskDefinition: present(answer.taskDefinition, 'the task definition'),
        tags: answer.tags ?? [],
      };
    },

    async registerTaskDefinition(input, signal) {
      const answer = await call(`register the task definition ${input.family}`, (client, sdk) =>
        client.send(new sdk.RegisterTaskDefinitionCommand(input), { abortSignal: signal }),
      );
      return present(answer.taskDefinition, 'the new task definition');
    },

    async deregisterTaskDefinition(id, signal) {
      await call(`deregister the task definition ${resourceName(id)}`, (client, sdk) =>
        client.send(new sdk.DeregisterTaskDefinitionCommand({ taskDefinition: id }), { abortSignal: signal }),
      );
    },

    async deleteTaskDefinitions(ids, signal) {
      const answer = await call('delete task definitions', (client, sdk) =>
        client.send(new sdk.DeleteTaskDefinitionsCommand({ taskDefinitions: [...ids] }), {
          abortSignal: signal,
        }),
      );
      return {
        items: (answer.taskDefinitions ?? []).map(({ taskDefinitionArn = '' }) => taskDefinitionArn),
        failures: failuresOf(answer.failures),
      };
    },

    dispose: () => connection.dispose(),
  };
  return ecs;
}

function failuresOf(failures: readonly Failure[] | undefined): Page<never>['failures'] {
  return (failures ?? []).map(({ arn, reason, detail }) => ({
    id: arn ?? '',
    reason: detail ? `${reason ?? 'FAILED'}: ${detail}` : (reason ?? 'FAILED'),
  }));
}

function present<T>(value: T | undefined, what: string): T {
  if (value === undefined) {
    throw new UserError('internal', `ECS answered without ${what}.`, { action: 'retry' });
  }
  return value;
}
