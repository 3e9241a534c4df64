import type { Collection, Store } from '../state/store';
import type {
  ClusterRecord,
  ServiceDeploymentRecord,
  ServiceEvent,
  ServiceRecord,
  ServiceRevisionRecord,
  Tag,
  TaskDefinitionRecord,
  TaskRecord,
} from './records';

/**
 * Everything the control plane remembers. Keys are paths below the region, as in the resource's ARN:
 * `region/cluster`, `region/family:revision`, `region/cluster/service`, `region/cluster/task id`.
 */
export interface EcsState {
  readonly clusters: Collection<ClusterRecord>;
  readonly taskDefinitions: Collection<TaskDefinitionRecord>;
  /** The last revision of each family, which no deregistration or deletion takes back. */
  readonly families: Collection<{ readonly lastRevision: number }>;
  readonly services: Collection<ServiceRecord>;
  /** The latest hundred of each service, newest first. */
  readonly events: Collection<readonly ServiceEvent[]>;
  /** `region/cluster/service/id` */
  readonly serviceDeployments: Collection<ServiceDeploymentRecord>;
  /** `region/cluster/service/number` */
  readonly serviceRevisions: Collection<ServiceRevisionRecord>;
  readonly tasks: Collection<TaskRecord>;
  /** `region/ARN` */
  readonly tags: Collection<readonly Tag[]>;
  /** `region/name` */
  readonly accountSettings: Collection<string>;
}

export function openEcsState(store: Store): EcsState {
  return {
    clusters: store.collection('ecs.clusters'),
    taskDefinitions: store.collection('ecs.taskDefinitions'),
    families: store.collection('ecs.families'),
    services: store.collection('ecs.services'),
    events: store.collection('ecs.events'),
    serviceDeployments: store.collection('ecs.serviceDeployments'),
    serviceRevisions: store.collection('ecs.serviceRevisions'),
    tasks: store.collection('ecs.tasks'),
    tags: store.collection('ecs.tags'),
    accountSettings: store.collection('ecs.accountSettings'),
  };
}

/** Epoch milliseconds as AWS JSON 1.1 writes a timestamp: seconds with a fraction. */
export function toTimestamp(milliseconds: number): number;
export function toTimestamp(milliseconds: number | undefined): number | undefined;
export function toTimestamp(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : milliseconds / 1000;
}
