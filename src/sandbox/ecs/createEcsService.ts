import type { OperationHandler, ServiceDefinition } from '../operation';
import type { Store } from '../state/store';
import type { TaskRuntime } from '../tasks/taskRuntime';
import { createAccountOperations } from './accountOperations';
import { createClusterOperations } from './clusterOperations';
import { openEcsState, type EcsState } from './ecsState';
import { createServiceDeploymentOperations } from './serviceDeploymentOperations';
import { createServiceOperations } from './serviceOperations';
import { SANDBOX_TIMING, ServiceReconciler, type SchedulerTiming } from './serviceReconciler';
import { ServiceScheduler } from './serviceScheduler';
import { createTagOperations } from './tags';
import { createTaskDefinitionOperations } from './taskDefinitionOperations';
import { TaskLedger } from './taskLedger';
import { createTaskOperations } from './taskOperations';

export interface EcsServiceOptions {
  readonly tasks: TaskRuntime;
  /** Milliseconds between the scheduler's looks at what has become due. Default 200. */
  readonly scheduleMs?: number;
  readonly timing?: Partial<SchedulerTiming>;
}

export interface EcsService {
  readonly definition: ServiceDefinition;
  /** What the tasks behind a load balancer are read from. */
  readonly state: EcsState;
  /**
   * Ends, in the records, what an earlier process ran, and starts scheduling. To be called when the runtime
   * has been swept: the first tasks start at once.
   */
  start(): void;
  /** Stops scheduling; running tasks are the runtime's to stop. */
  stop(): Promise<void>;
}

/** ECS: its API over the store, and the scheduler that keeps services as they are wanted. */
export function createEcsService(store: Store, options: EcsServiceOptions): EcsService {
  const state = openEcsState(store);
  const notify = (serviceKey: string): void => scheduler.notify(serviceKey);
  const ledger = new TaskLedger(state, options.tasks, notify);
  const reconciler = new ServiceReconciler(state, ledger, { ...SANDBOX_TIMING, ...options.timing });
  const scheduler = new ServiceScheduler(state, ledger, reconciler, options.scheduleMs ?? 200);

  const operations: Record<string, OperationHandler> = {
    ...createClusterOperations(state),
    ...createTaskDefinitionOperations(state),
    ...createServiceOperations(state, ledger, notify),
    ...createServiceDeploymentOperations(state, ledger, notify),
    ...createTaskOperations(state, ledger),
    ...createTagOperations(state),
    ...createAccountOperations(state),
  };

  return {
    definition: { signingName: 'ecs', operations },
    state,
    start: () => {
      ledger.markLost();
      scheduler.start();
    },
    stop: () => {
      scheduler.stop();
      return Promise.resolve();
    },
  };
}
