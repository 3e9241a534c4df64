import type { Engine } from '../../containers/engine';
import { parseEngineCpus } from '../../containers/containerInspection';
import {
  listContainers,
  listVolumes,
  removeContainers,
  removeVolumes,
} from '../../containers/controlContainer';
import type { LogSink } from '../logs/logSink';
import type { ImageLookup } from '../registry/imageLookup';
import { EngineCalls } from './engineCalls';
import type { EngineServices } from './engineServices';
import { EngineTask } from './engineTask';
import { ImageSource } from './imageSource';
import { readSandboxId } from './sandboxId';
import { PauseContainers } from './taskNetwork';
import type { RunningTask, TaskLaunch, TaskRuntime, TaskUpdate } from './taskRuntime';
import type { SecretLookup } from './taskSecrets';

export interface EngineRuntimeOptions {
  readonly engine: Engine;
  readonly images: ImageLookup;
  readonly logs: LogSink;
  readonly registryHost: () => string;
  readonly dataDir: string;
  readonly secrets?: SecretLookup;
}

const SANDBOX_LABEL = 'aws-containers.sandbox';

/** Runs tasks on a container engine. */
export class EngineRuntime implements TaskRuntime {
  readonly simulated = false;
  private readonly calls: EngineCalls;
  private readonly tasks = new Set<EngineTask>();
  private readonly closing = new AbortController();
  private readonly services: EngineServices;
  private readonly label: string;
  private cpus: Promise<number | undefined> | undefined;

  constructor({ engine, images, logs, registryHost, dataDir, secrets }: EngineRuntimeOptions) {
    const id = readSandboxId(dataDir);
    const calls = new EngineCalls(dataDir);
    this.calls = calls;
    this.label = `${SANDBOX_LABEL}=${id}`;
    this.services = {
      engine,
      calls,
      images: new ImageSource({ engine, calls, images, registryHost, signal: this.closing.signal }),
      pauses: new PauseContainers(engine, calls),
      logs,
      secrets,
      labels: { [SANDBOX_LABEL]: id },
      cpus: () => (this.cpus ??= this.countCpus()),
    };
  }

  run(launch: TaskLaunch, onChange: (update: TaskUpdate) => void): RunningTask {
    const task = new EngineTask(launch, this.services, (update) => {
      if (update.lastStatus === 'STOPPED') {
        this.tasks.delete(task);
      }
      onChange(update);
    });
    this.tasks.add(task);
    return task;
  }

  async sweep(): Promise<void> {
    const { engine } = this.services;
    const containers = await this.list(listContainers(engine, this.label));
    if (containers.length > 0) {
      await this.calls.call(removeContainers(engine, containers));
    }
    const volumes = await this.list(listVolumes(engine, this.label));
    if (volumes.length > 0) {
      await this.calls.call(removeVolumes(engine, volumes));
    }
  }

  async close(): Promise<void> {
    this.closing.abort();
    await Promise.all(
      [...this.tasks].map((task) => task.stopQuickly('TerminationNotice', 'The sandbox was stopped.')),
    );
    // An engine that does not answer any more cannot be cleaned up: the next start does.
    await this.sweep().catch(() => undefined);
    await Promise.all([this.services.images.close(), this.services.pauses.close()]);
  }

  private async list(command: ReturnType<typeof listContainers>): Promise<string[]> {
    return (await this.calls.call(command)).split('\n').filter((line) => line.trim() !== '');
  }

  private async countCpus(): Promise<number | undefined> {
    const { engine } = this.services;
    const text = await this.calls
      .call({ file: engine.file, args: ['info', '--format', '{{json .}}'] })
      .catch(() => '');
    return parseEngineCpus(text);
  }
}
