import type { ServiceDeployment, ServiceDeploymentBrief, ServiceRevision } from '@aws-sdk/client-ecs';
import { resourceName } from './arn';
import { LIST_PAGE, type EcsConnection } from './ecsConnection';
import { pages } from './page';

/** What services were deployed, and how that went. */
export interface EcsDeployments {
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
}

export function createEcsDeployments(connection: EcsConnection): EcsDeployments {
  return {
    serviceDeployments: (cluster, service, signal) =>
      pages(async (nextToken) => {
        const page = await connection.call(
          `list the deployments of service ${resourceName(service)}`,
          (client, sdk) =>
            client.send(
              new sdk.ListServiceDeploymentsCommand({ cluster, service, maxResults: LIST_PAGE, nextToken }),
              { abortSignal: signal },
            ),
        );
        return { items: page.serviceDeployments ?? [], next: page.nextToken };
      }),

    async describeServiceDeployments(arns, signal) {
      const answer = await connection.call('describe the deployment', (client, sdk) =>
        client.send(new sdk.DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [...arns] }), {
          abortSignal: signal,
        }),
      );
      return answer.serviceDeployments ?? [];
    },

    async describeServiceRevisions(arns, signal) {
      const answer = await connection.call('describe the service revision', (client, sdk) =>
        client.send(new sdk.DescribeServiceRevisionsCommand({ serviceRevisionArns: [...arns] }), {
          abortSignal: signal,
        }),
      );
      return answer.serviceRevisions ?? [];
    },

    async rollBackDeployment(serviceDeploymentArn, signal) {
      await connection.call('roll the deployment back', (client, sdk) =>
        client.send(new sdk.StopServiceDeploymentCommand({ serviceDeploymentArn, stopType: 'ROLLBACK' }), {
          abortSignal: signal,
        }),
      );
    },
  };
}
