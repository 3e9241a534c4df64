import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { delay } from '../base/delay';
import { isCancellation, UserError } from '../base/errors';
import { launchSandbox, type RunningSandbox } from '../sandbox/launch';
import { requireTrust } from './engineProvider';
import { settings } from './ui/settings';

export interface SandboxConnection {
  readonly endpoint: string;
  readonly engine: string;
}

/** How long a sandbox may take to be ready: it looks for an engine first. */
const STARTING_MILLISECONDS = 20_000;

/** How one window tells another, and the next session, where the sandbox is. */
interface Beacon {
  readonly endpoint: string;
}

/** The sandbox that this window started, or found running for another window of the same user. */
export class SandboxController implements vscode.Disposable {
  private running: RunningSandbox | undefined;
  private readonly dataDir: string;
  private readonly beaconFile: string;
  private readonly seedFile: string;
  private readonly entry: string;

  constructor(
    extension: vscode.ExtensionContext,
    private readonly log: vscode.LogOutputChannel,
  ) {
    const storage = extension.globalStorageUri.fsPath;
    this.dataDir = join(storage, 'sandbox');
    this.beaconFile = join(storage, 'sandbox.json');
    this.entry = extension.asAbsolutePath(join('dist', 'sandbox.js'));
    this.seedFile = extension.asAbsolutePath(join('media', 'sandboxSeed.json'));
  }

  /**
   * Connects to the sandbox that runs already, or starts it.
   * @throws UserError('untrustedWorkspace' | 'sandboxFailed')
   */
  async start(signal?: AbortSignal): Promise<SandboxConnection> {
    requireTrust(vscode.l10n.t('start the local sandbox'));
    const found = await this.find();
    if (found) {
      return found;
    }
    await mkdir(this.dataDir, { recursive: true, mode: 0o700 });
    try {
      this.running = await launchSandbox({
        entry: this.entry,
        dataDir: this.dataDir,
        port: settings.sandboxPort(),
        engine: settings.engine(),
        seed: this.seedFile,
        signal,
      });
    } catch (error) {
      const other = isCancellation(error) ? undefined : await this.findStarting(signal);
      if (other) {
        return other;
      }
      throw error;
    }
    const { endpoint, engine } = this.running;
    await writeFile(this.beaconFile, JSON.stringify({ endpoint } satisfies Beacon));
    this.log.info(`Sandbox at ${endpoint}, engine: ${engine}`);
    return { endpoint, engine };
  }

  /** The sandbox, if it runs. */
  async find(): Promise<SandboxConnection | undefined> {
    const endpoint =
      process.env.AWS_CONTAINERS_SANDBOX_ENDPOINT ??
      this.running?.endpoint ??
      (await this.beacon())?.endpoint;
    if (!endpoint) {
      return undefined;
    }
    try {
      const info = (await (await this.control(endpoint, 'GET', 'info')).json()) as { engine?: string };
      return info.engine === undefined ? undefined : { endpoint, engine: info.engine };
    } catch {
      // It has ended since, or something else listens there now.
      return undefined;
    }
  }

  /** The sandbox that another window was starting at the same time, which holds the folder, once it is ready. */
  private async findStarting(signal: AbortSignal | undefined): Promise<SandboxConnection | undefined> {
    const deadline = AbortSignal.timeout(STARTING_MILLISECONDS);
    const held = (): boolean => existsSync(join(this.dataDir, 'lock'));
    while (held() && !deadline.aborted) {
      const found = await this.find();
      if (found) {
        return found;
      }
      await delay(200, signal);
    }
    return undefined;
  }

  /** Ends the sandbox with all its containers; what it remembers stays. False when none runs. */
  async stop(): Promise<boolean> {
    const found = await this.find();
    if (!found) {
      return false;
    }
    await this.control(found.endpoint, 'POST', 'shutdown');
    await this.running?.stop();
    this.running = undefined;
    return true;
  }

  /** Deletes everything in the sandbox, and puts the sample resources back. */
  async reset(): Promise<void> {
    const found = await this.find();
    if (!found) {
      throw new UserError('sandboxFailed', vscode.l10n.t('The local sandbox is not running.'), {
        action: 'startSandbox',
      });
    }
    await this.control(found.endpoint, 'POST', 'reset');
  }

  dispose(): Promise<void> | undefined {
    return this.running?.stop();
  }

  private async control(endpoint: string, method: string, action: string): Promise<Response> {
    const response = await fetch(`${endpoint}/_sandbox/${action}`, {
      method,
      headers: { 'x-sandbox-control': '1' },
      signal: AbortSignal.timeout(60_000),
    });
    if (!response.ok) {
      throw new UserError(
        'sandboxFailed',
        `The sandbox at ${endpoint} refused to ${action}: HTTP ${response.status}`,
      );
    }
    return response;
  }

  private async beacon(): Promise<Beacon | undefined> {
    try {
      return JSON.parse(await readFile(this.beaconFile, 'utf8')) as Beacon;
    } catch {
      // No sandbox was ever started here.
      return undefined;
    }
  }
}
