import type { OperationHandler, ServiceDefinition } from '../operation';
import type { Store } from '../state/store';
import type { TaskRuntime } from '../tasks/taskRuntime';
import { createAccountOperations } from './accountOperations';
import { createClusterOperations } from './clusterOperations';
import { openEcsState } from './ecsState';
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
  /** Ends, in the records, what an earlier process ran, clears the engine of it, and starts scheduling. */
  start(): void;
  /** Stops scheduling; running tasks are the runtime's to stop. */
  stop(): Promise<void>;
  /** Stops scheduling and every task, so that the store can be emptied. `start` begins anew. */
  clear(): Promise<void>;
}

/** ECS: its API over the store, and the scheduler that keeps services as they are wanted. */
export function createEcsService(store: Store, options: EcsServiceOptions): EcsService {
  const state = openEcsState(store);
  const notify = (serviceKey: string): void => scheduler.notify(serviceKey);
  const ledger = new TaskLedger(state, options.tasks, notify);
  const reconciler = new ServiceReconciler(state, ledger, { ...SANDBOX_TIMING, ...options.timing });
  const scheduler = new ServiceScheduler(state, ledger, reconciler, options.scheduleMs ?? 200);
  let swept: Promise<void> = Promise.resolve();
  let active = false;

  const operations: Record<string, OperationHandler> = {
    ...createClusterOperations(state),
    ...createTaskDefinitionOperations(state),
    ...createServiceOperations(state, ledger, notify),
    ...createServiceDeploymentOperations(state, ledger, notify),
    ...createTaskOperations(state, ledger, () => swept),
    ...createTagOperations(state),
    ...createAccountOperations(state),
  };

  const stop = async (): Promise<void> => {
    active = false;
    scheduler.stop();
    await swept;
  };

  return {
    definition: { targetPrefix: 'AmazonEC2ContainerServiceV20141113', operations },
    start: () => {
      active = true;
      ledger.markLost();
      // An engine that cannot be swept cannot run tasks either, and each of them will say so.
      swept = options.tasks.sweep().catch(() => undefined);
      void swept.then(() => {
        if (active) {
          scheduler.start();
        }
      });
    },
    stop,
    clear: async () => {
      await stop();
      await ledger.clear('The sandbox was reset.');
    },
  };
}
