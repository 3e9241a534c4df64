import type { Engine } from '../../containers/engine';
import type { LogSink } from '../logs/logSink';
import type { ImageLookup } from '../registry/imageLookup';
import { EngineRuntime } from './engineRuntime';
import { SimulatedRuntime } from './simulatedRuntime';
import type { TaskRuntime } from './taskRuntime';
import type { SecretLookup } from './taskSecrets';

export interface TaskRuntimeOptions {
  /** Without one, tasks are simulated. */
  readonly engine: Engine | undefined;
  readonly images: ImageLookup;
  readonly logs: LogSink;
  /** "127.0.0.1:PORT", what the URIs of the sandbox's repositories start with. */
  readonly registryHost: () => string;
  readonly dataDir: string;
  /** Finds the values of secrets; without it, placeholders stand for all of them. */
  readonly secrets?: SecretLookup;
}

export function createTaskRuntime(options: TaskRuntimeOptions): TaskRuntime {
  const { engine } = options;
  return engine ? new EngineRuntime({ ...options, engine }) : new SimulatedRuntime(options);
}
