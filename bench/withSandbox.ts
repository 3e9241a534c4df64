import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { AwsContext } from '../src/aws/context';
import { type AwsSession, createSession } from '../src/aws/session';
import { launchSandbox, type RunningSandbox } from '../src/sandbox/launch';
import { sandboxContext } from '../test/support/sandboxContext';
import { PROJECT } from '../test/workbench/session';

/** A sandbox in a process of its own, with simulated tasks, and the extension's gateways to it. */
export interface SandboxSession extends Omit<AwsSession, 'context'> {
  readonly context: AwsContext & { readonly endpoint: string };
  readonly registry: string;
}

/** Makes a data directory for the time of `body`, for one sandbox after another. */
export async function withDataDir<T>(body: (dataDir: string) => Promise<T>): Promise<T> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'aws-containers-bench-'));
  try {
    return await body(dataDir);
  } finally {
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** @param latency milliseconds that every call takes at least */
export async function withSandbox<T>(
  { dataDir, latency = 0 }: { readonly dataDir: string; readonly latency?: number },
  body: (session: SandboxSession) => Promise<T>,
): Promise<T> {
  const entry = path.join(PROJECT, 'dist', 'sandbox.js');
  const sandbox: RunningSandbox = await launchSandbox({ entry, dataDir, latency, engine: 'none' });
  const context = sandboxContext(sandbox.endpoint);
  const session = createSession(context);
  try {
    return await body({ ...session, context, registry: sandbox.registry });
  } finally {
    session.dispose();
    await sandbox.stop();
  }
}
