import { delay } from '../../base/delay';
import { messageOf } from '../../base/errors';
import type { OutputStream, RunningProcess } from '../../base/process';
import type { Engine } from '../../containers/engine';
import { parseContainerInspection, type ContainerInspection } from '../../containers/containerInspection';
import { attachAgain, inspectContainer, startAttached } from '../../containers/controlContainer';
import { formatComplaint } from '../../containers/engineOutput';
import { EngineCallError, type EngineCalls } from './engineCalls';
import { StartFailure } from './startFailure';

export interface ContainerRunEvents {
  /** Everything that the container prints, from the first byte. */
  readonly onOutput: (text: string, stream: OutputStream) => void;
  readonly onStarted: (inspection: ContainerInspection) => void;
}

/** How a container ended. */
export interface ContainerExit {
  /** Absent when the engine does not know it any more. */
  readonly exitCode?: number;
  readonly outOfMemory?: boolean;
  /** Why the engine could not be asked. */
  readonly problem?: string;
}

const LOOK_INTERVAL = 100;
const LOOKS_AT_SILENT_ENGINE = 5;
const SILENT_ENGINE_INTERVAL = 500;

/** Starts a created container and stays with it to its end. */
export class ContainerRun {
  private client: RunningProcess | undefined;

  constructor(
    private readonly engine: Engine,
    private readonly calls: EngineCalls,
    private readonly id: string,
    private readonly events: ContainerRunEvents,
  ) {}

  /**
   * @param startedBefore when the container ran last, for one that is started again
   * @returns when it has ended and all of its output has been handed over
   * @throws StartFailure when the engine cannot start it
   */
  async run(startedBefore?: number): Promise<ContainerExit> {
    let complaint = '';
    let started = false;
    const client = this.attach(startAttached(this.engine, this.id), (text, stream) => {
      // The engine's own complaint about a start that failed comes the same way as the container's output.
      if (stream === 'stderr' && !started) {
        complaint += text;
      } else {
        this.events.onOutput(text, stream);
      }
    });
    const inspection = await this.untilStarted(client, startedBefore);
    if (inspection?.startedAt === undefined || inspection.startedAt === startedBefore) {
      await client.ended;
      const cause = inspection?.error ?? formatComplaint(complaint);
      throw new StartFailure('CannotStartContainerError', `Error response from daemon: ${cause}`);
    }
    started = true;
    this.events.onStarted(inspection);
    if (complaint !== '') {
      this.events.onOutput(complaint, 'stderr');
    }
    await client.ended;
    return this.untilEnded();
  }

  /** Lets go of a container whose engine does not answer any more. */
  abandon(): void {
    this.client?.kill();
  }

  private attach(
    command: ReturnType<typeof startAttached>,
    onOutput: (text: string, stream: OutputStream) => void,
  ): RunningProcess {
    this.client = this.calls.attach(command, onOutput);
    return this.client;
  }

  private async untilStarted(
    client: RunningProcess,
    startedBefore: number | undefined,
  ): Promise<ContainerInspection | undefined> {
    const state = { ended: false };
    const note = (): unknown => (state.ended = true);
    const ended = client.ended.then(note, note);
    for (;;) {
      // Asked in this order, what is found after the client has ended is final.
      const final = state.ended;
      const inspection = await this.inspect().catch(() => undefined);
      if (final || (inspection?.startedAt !== undefined && inspection.startedAt !== startedBefore)) {
        return inspection;
      }
      await Promise.race([delay(LOOK_INTERVAL), ended]);
    }
  }

  private async untilEnded(): Promise<ContainerExit> {
    for (;;) {
      const inspection = await this.inspectPatiently();
      if ('problem' in inspection) {
        return inspection;
      }
      if (!inspection.running) {
        return { exitCode: inspection.exitCode, outOfMemory: inspection.outOfMemory };
      }
      // The client was cut off, as by an engine that restarts and keeps its containers.
      await delay(LOOK_INTERVAL);
      await this.attach(attachAgain(this.engine, this.id), this.events.onOutput).ended;
    }
  }

  private async inspect(): Promise<ContainerInspection | undefined> {
    return parseContainerInspection(await this.calls.call(inspectContainer(this.engine, this.id)));
  }

  private async inspectPatiently(): Promise<ContainerInspection | { readonly problem: string }> {
    for (let look = 1; ; look += 1) {
      try {
        const inspection = await this.inspect();
        return inspection ?? { problem: 'the engine gave no description of the container' };
      } catch (error) {
        const problem = messageOf(error);
        const gone = error instanceof EngineCallError && /no such (container|object)/i.test(problem);
        if (gone || look === LOOKS_AT_SILENT_ENGINE) {
          return { problem };
        }
        await delay(SILENT_ENGINE_INTERVAL);
      }
    }
  }
}
