import type { TargetHealthDescription } from '@aws-sdk/client-elastic-load-balancing-v2';
import { Connection } from './connection';
import type { AwsContext } from './context';
import { unguarded } from './contextAccess';

/** Elastic Load Balancing of one context, as far as ECS services are behind it. Every method throws `UserError`. */
export interface LoadBalancersGateway {
  readonly context: AwsContext;
  /**
   * What is registered with a target group, and how it fares.
   * @throws UserError('notFound') when there is no such target group
   */
  targetHealth(targetGroupArn: string, signal?: AbortSignal): Promise<readonly TargetHealthDescription[]>;
  dispose(): void;
}

export function createLoadBalancersGateway(
  context: AwsContext,
  access = unguarded(context),
): LoadBalancersGateway {
  const connection = new Connection(
    access,
    'ELASTIC_LOAD_BALANCING_V2',
    () => import('@aws-sdk/client-elastic-load-balancing-v2'),
    (sdk, configuration) => new sdk.ElasticLoadBalancingV2Client(configuration),
  );
  return {
    context,
    targetHealth: (targetGroupArn, signal) =>
      connection.call('read the health of the targets', async (client, sdk) => {
        const answer = await client.send(
          new sdk.DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }),
          { abortSignal: signal },
        );
        return answer.TargetHealthDescriptions ?? [];
      }),
    dispose: () => connection.dispose(),
  };
}
