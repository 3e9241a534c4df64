import type { EcsState } from './ecsState';
import type { LoadBalancerInput } from './serviceInput';
import type { TaskRecord } from './records';

/** A task of a service behind a target group, as a load balancer sees it. */
export interface ServiceTarget {
  readonly address: string;
  readonly port: number;
  readonly availabilityZone: string;
  readonly stage: 'starting' | 'running' | 'unhealthy' | 'ending';
}

/** Where the containers' ports are published: see viewTask. */
const ADDRESS = '127.0.0.1';

/** The tasks of all services of a region that are registered with a target group, by the ECS developer guide's
 *  "Use load balancing to distribute Amazon ECS service traffic". */
export function targetsOf(state: EcsState, region: string, targetGroupArn: string): ServiceTarget[] {
  return [...state.services.entries(`${region}/`)].flatMap(([key, service]) =>
    (service.settings.loadBalancers ?? [])
      .filter((balancer: LoadBalancerInput) => balancer.targetGroupArn === targetGroupArn)
      .flatMap((balancer) =>
        [...state.tasks.entries(`${region}/${service.clusterName}/`)].flatMap(([, task]) =>
          `${region}/${task.clusterName}/${task.service ?? ''}` === key ? targetOf(task, balancer) : [],
        ),
      ),
  );
}

function targetOf(
  task: TaskRecord,
  { containerName, containerPort = 0 }: LoadBalancerInput,
): ServiceTarget[] {
  const stage = stageOf(task);
  if (stage === undefined) {
    return [];
  }
  const container = task.state.containers.find(({ name }) => name === containerName);
  const published = container?.networkBindings.find((binding) => binding.containerPort === containerPort);
  return [
    {
      address: ADDRESS,
      port: published?.hostPort ?? containerPort,
      availabilityZone: `${task.region}a`,
      stage,
    },
  ];
}

/** `undefined` for a task that is not registered yet, or no more. */
function stageOf({ state }: TaskRecord): ServiceTarget['stage'] | undefined {
  switch (state.lastStatus) {
    case 'ACTIVATING':
      return 'starting';
    case 'RUNNING':
      return state.desiredStatus === 'STOPPED'
        ? 'ending'
        : state.healthStatus === 'UNHEALTHY'
          ? 'unhealthy'
          : 'running';
    case 'DEACTIVATING':
      return 'ending';
    default:
      return undefined;
  }
}
