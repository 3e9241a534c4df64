import type { Engine } from '../../containers/engine';
import type { LogSink } from '../logs/logSink';
import type { EngineCalls } from './engineCalls';
import type { ImageSource } from './imageSource';
import type { PauseContainers } from './taskNetwork';
import type { SecretLookup } from './taskSecrets';

/** What tasks on an engine share. */
export interface EngineServices {
  readonly engine: Engine;
  readonly calls: EngineCalls;
  readonly images: ImageSource;
  readonly pauses: PauseContainers;
  readonly logs: LogSink;
  readonly secrets: SecretLookup | undefined;
  /** On everything that is made on the engine, so that it is found again. */
  readonly labels: Readonly<Record<string, string>>;
  /** CPUs that the engine has, when it says. */
  readonly cpus: () => Promise<number | undefined>;
}
