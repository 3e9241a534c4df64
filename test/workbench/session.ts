import { once } from 'node:events';
import { createWriteStream, existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { start } from '../../src/base/process';

export const PROJECT = path.join(__dirname, '..', '..');

export interface WorkbenchOptions {
  /** The folder that the window opens. */
  readonly workspace: string;
  /** Where the server keeps settings, extensions and logs. Default: a temporary folder, removed by `stop`. */
  readonly dataDir?: string;
  /** Default 0: any free one. */
  readonly port?: number;
  /** User settings beside, or instead of, `DEFAULT_SETTINGS`. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Environment of the server and so of the extension host; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** A running VS Code server that loads this project as an extension under development. */
export interface Workbench {
  readonly port: number;
  /** What the server and the extension host print. */
  readonly logFile: string;
  readonly dataDir: string;
  /**
   * The address of a window; with `tests`, of one that runs that compiled suite and reports its end; with
   * `extension`, of one that loads the extension in that folder instead.
   */
  url(options?: {
    readonly tests?: string;
    readonly workspace?: string;
    readonly extension?: string;
  }): string;
  /** Ends the server with all its children. */
  stop(): Promise<void>;
}

/** A window without whatever is not ours: no welcome page, no chat, no trust question, no updates. */
export const DEFAULT_SETTINGS: Readonly<Record<string, unknown>> = {
  'security.workspace.trust.enabled': false,
  'chat.disableAIFeatures': true,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'window.dialogStyle': 'custom',
  'window.commandCenter': false,
  'git.openRepositoryInParentFolders': 'never',
  'extensions.ignoreRecommendations': true,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  // Ports that programs print are on this machine already.
  'remote.autoForwardPorts': false,
};

/**
 * Starts VS Code's server and waits until it answers. It must have been installed by
 * `node test/workbench/prepare.mjs host`, which the npm scripts do.
 */
export async function startWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const host = readHost();
  const dataDir = options.dataDir ?? (await mkdtemp(path.join(tmpdir(), 'aws-containers-vscode-')));
  const settings = path.join(dataDir, 'data', 'User', 'settings.json');
  await mkdir(path.dirname(settings), { recursive: true });
  await writeFile(settings, JSON.stringify({ ...DEFAULT_SETTINGS, ...options.settings }, undefined, 2));

  const logFile = path.join(dataDir, 'server.log');
  const log = createWriteStream(logFile);
  const listening = new EventTarget();
  let printed = '';
  const server = start(
    {
      file: host.node,
      args: [
        host.server,
        ...['--host', '127.0.0.1', '--port', String(options.port ?? 0)],
        ...['--server-data-dir', dataDir, '--telemetry-level', 'off'],
        '--without-connection-token',
        '--accept-server-license-terms',
        // Without this the workbench ignores the payload that loads an extension under development.
        '--enable-smoke-test-driver',
      ],
      // No marketplace: it would be asked for updates at every start.
      env: { EXTENSIONS_GALLERY: '{}', ...options.env },
    },
    {
      onOutput: (text) => {
        log.write(text);
        if (printed.length < 4096) {
          printed += text;
          listening.dispatchEvent(new Event('output'));
        }
      },
    },
  );
  const kill = (): void => server.kill();
  process.once('exit', kill);
  const stop = async (): Promise<void> => {
    process.off('exit', kill);
    kill();
    await server.ended;
    log.end();
    if (options.dataDir === undefined) {
      await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
    }
  };

  let over: string | undefined;
  server.ended.then(
    ({ exitCode, stdout, stderr }) => {
      over = `ended with code ${exitCode}:\n${stdout}${stderr}`;
      listening.dispatchEvent(new Event('output'));
    },
    (error: Error) => {
      over = error.message;
      listening.dispatchEvent(new Event('output'));
    },
  );
  for (;;) {
    const port = /Extension host agent listening on (\d+)\s/.exec(printed)?.[1];
    if (port !== undefined) {
      return session(Number(port), dataDir, logFile, options.workspace, stop);
    }
    if (over !== undefined) {
      throw new Error(`VS Code's server could not be started: it ${over}`);
    }
    await once(listening, 'output');
  }
}

function session(
  port: number,
  dataDir: string,
  logFile: string,
  workspace: string,
  stop: () => Promise<void>,
): Workbench {
  const remote = (file: string): string => `vscode-remote://127.0.0.1:${port}${pathToFileURL(file).pathname}`;
  return {
    port,
    dataDir,
    logFile,
    stop,
    url: ({ tests, workspace: folder = workspace, extension = PROJECT } = {}) => {
      const payload = [
        ['extensionDevelopmentPath', remote(extension)],
        ['enableProposedApi', ''],
        ...(tests === undefined ? [] : [['extensionTestsPath', remote(tests)]]),
      ];
      const query = new URLSearchParams({
        folder: decodeURIComponent(pathToFileURL(folder).pathname),
        payload: JSON.stringify(payload),
      });
      return `http://127.0.0.1:${port}/?${query.toString()}`;
    },
  };
}

function readHost(): { readonly node: string; readonly server: string } {
  const stamp = path.join(PROJECT, '.vscode-test', 'host', 'host.json');
  if (!existsSync(stamp)) {
    throw new Error('No VS Code server is installed yet: run `node test/workbench/prepare.mjs host`');
  }
  return JSON.parse(readFileSync(stamp, 'utf8')) as { node: string; server: string };
}
