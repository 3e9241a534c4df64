import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '../../containers/engine';
import type { ContainerInspection } from '../../containers/containerInspection';
import { parseContainerInspection } from '../../containers/containerInspection';
import { inspectContainer, removeContainers } from '../../containers/controlContainer';
import { loadImage, removeImage } from '../../containers/engineImage';
import { runDetached, type PublishedPort } from '../../containers/runContainer';
import { EngineCallError, type EngineCalls } from './engineCalls';
import { buildPauseArchive, PAUSE_IMAGE } from './pauseImage';
import { StartFailure } from './startFailure';
import type { PlannedPort, TaskPlan } from './taskPlan';

/** Whether a task needs a container that holds the namespaces which its containers share. */
export function needsPause(plan: TaskPlan): boolean {
  return plan.networkMode === 'awsvpc' || plan.pidMode === 'task' || plan.ipcMode === 'task';
}

/** Starts the containers that hold tasks' namespaces. */
export class PauseContainers {
  private loaded: Promise<void> | undefined;

  constructor(
    private readonly engine: Engine,
    private readonly calls: EngineCalls,
  ) {}

  /**
   * Starts one. For awsvpc it publishes all of the task's ports: on the same numbers of this machine's loopback
   * where these are free, so that a user finds the service where the task definition says, else on others.
   * @throws StartFailure
   */
  async start(
    name: string,
    plan: TaskPlan,
    labels: Readonly<Record<string, string>>,
  ): Promise<ContainerInspection> {
    const ports = plan.networkMode === 'awsvpc' ? uniquePorts(plan) : [];
    const wished = await Promise.all(ports.map(preferSameNumber));
    try {
      return await this.run(name, plan, labels, wished);
    } catch (error) {
      if (!wished.some(({ hostPort }) => hostPort !== undefined)) {
        throw failure(error);
      }
    }
    // Somebody was faster, or the number is one that the engine may not use: any free one will do.
    await this.calls.call(removeContainers(this.engine, [name])).catch(() => undefined);
    try {
      return await this.run(
        name,
        plan,
        labels,
        ports.map(({ containerPort, protocol }) => ({ containerPort, protocol })),
      );
    } catch (error) {
      throw failure(error);
    }
  }

  /** Removes the image, when this sandbox brought it and no other one uses it. */
  async close(): Promise<void> {
    if (this.loaded) {
      await this.calls.call(removeImage(this.engine, PAUSE_IMAGE)).catch(() => undefined);
    }
  }

  private async run(
    name: string,
    plan: TaskPlan,
    labels: Readonly<Record<string, string>>,
    publish: readonly PublishedPort[],
  ): Promise<ContainerInspection> {
    const command = runDetached(this.engine, {
      name,
      image: PAUSE_IMAGE,
      labels,
      network: plan.networkMode === 'awsvpc' ? { kind: 'bridge', publish } : { kind: 'none' },
      ...(plan.ipcMode === 'task' && { ipc: 'shareable' }),
    });
    try {
      await this.calls.call(command);
    } catch (error) {
      if (!(error instanceof EngineCallError && isImageMissing(error.message))) {
        throw error;
      }
      await this.load();
      await this.calls.call(command);
    }
    const inspection = parseContainerInspection(await this.calls.call(inspectContainer(this.engine, name)));
    if (!inspection?.running) {
      throw new EngineCallError('the container that holds the network of the task has ended');
    }
    return inspection;
  }

  private load(): Promise<void> {
    const loading = (this.loaded ?? this.loadNow()).catch((error: unknown) => {
      this.loaded = undefined;
      throw error;
    });
    this.loaded = loading;
    return loading;
  }

  private async loadNow(): Promise<void> {
    const architecture = this.engine.platform.split('/')[1] ?? '';
    const archive = buildPauseArchive(architecture);
    if (!archive) {
      throw new EngineCallError(
        `tasks with the network mode "awsvpc" run on amd64 and arm64 only, as on ECS; this engine's architecture is ${architecture}`,
      );
    }
    const folder = await mkdtemp(join(tmpdir(), 'aws-containers-pause-'));
    try {
      const file = join(folder, 'pause.tar');
      await writeFile(file, archive);
      await this.calls.call(loadImage(this.engine, file));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

function uniquePorts(plan: TaskPlan): PlannedPort[] {
  const ports = plan.containers.flatMap((container) => container.ports);
  return [...new Map(ports.map((port) => [`${port.containerPort}/${port.protocol}`, port])).values()];
}

async function preferSameNumber({ containerPort, protocol }: PlannedPort): Promise<PublishedPort> {
  const free = protocol === 'udp' ? await isUdpPortFree(containerPort) : await isTcpPortFree(containerPort);
  return { containerPort, protocol, ...(free && { hostPort: containerPort }) };
}

/** Not every engine notices that another program listens on a port. One that we may not use, the engine may. */
function isTcpPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'EACCES'));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

function isUdpPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'EACCES'));
    socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => socket.close(() => resolve(true)));
  });
}

/** Docker, podman and nerdctl, when told not to pull. */
function isImageMissing(message: string): boolean {
  return /no such image|image not known|not found/i.test(message);
}

function failure(error: unknown): unknown {
  return error instanceof EngineCallError
    ? new StartFailure(
        'ResourceInitializationError',
        `failed to set up the network of the task: ${error.message}`,
      )
    : error;
}
