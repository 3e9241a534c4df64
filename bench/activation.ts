import { cp, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { startBrowser } from '../test/workbench/browser';
import { PROJECT, startWorkbench } from '../test/workbench/session';
import { setStage } from '../test/workbench/stage';
import { type Figure, inMilliseconds, median } from './figure';

const OURS = 'aws-containers.aws-containers';
const EMPTY = 'bench.empty';
const WINDOWS = 8;

interface Activation {
  readonly milliseconds: number;
  /** Paths of all modules that the extension host had then loaded. */
  readonly files: readonly string[];
}

type Activations = Readonly<Record<typeof OURS | typeof EMPTY, Activation>>;

/** A profile that is complete, and an address behind which nothing is: what a user has, without the network. */
const AWS_CONFIG = '[default]\nregion = eu-central-1\nendpoint_url = http://127.0.0.1:9\n';
const AWS_CREDENTIALS =
  '[default]\naws_access_key_id = AKIAEXAMPLEEXAMPLE\naws_secret_access_key = example\n';

/** What a window pays for having the extension, beside an extension that does nothing in the same window. */
export async function measureActivation(say: (text: string) => void): Promise<Figure[]> {
  const windows = await openWindows(say);
  const own = path.join(PROJECT, 'dist') + path.sep;
  const files = (windows[0]?.[OURS].files ?? []).filter((file) => file.startsWith(own));
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  const sources = (await Promise.all(files.map(sourcesOf))).flat();
  const count = (kind: RegExp): number => sources.filter((source) => kind.test(source)).length;
  const time = (id: keyof Activations): number => median(windows.map((each) => each[id].milliseconds));
  return [
    {
      name: 'Code loaded at activation, minified',
      seen: `${(bytes / 1024).toFixed(0)} KB (${files.map((file) => path.basename(file)).join(', ')})`,
      goal: 'at most 150 KB',
    },
    {
      name: 'AWS SDK modules among it',
      seen: `${count(/node_modules\/@aws-sdk\//)}, and ${count(/node_modules\/@smithy\//)} of @smithy/core: its parser of config files`,
      goal: '0',
    },
    {
      name: `Activation, median of ${windows.length} windows`,
      seen:
        `${inMilliseconds(time(OURS))}; an empty extension in the same windows ${inMilliseconds(time(EMPTY))}: ` +
        `${inMilliseconds(time(OURS) - time(EMPTY))} more`,
    },
  ];
}

/** The sources that a bundled file was made of, by its source map. */
async function sourcesOf(file: string): Promise<readonly string[]> {
  const map = JSON.parse(await readFile(`${file}.map`, 'utf8')) as { readonly sources: readonly string[] };
  return map.sources;
}

/** Opens windows one after another. Who goes first changes each time, and the first window is not counted. */
async function openWindows(say: (text: string) => void): Promise<Activations[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'aws-containers-bench-'));
  const extension = await makeQuietCopy(folder);
  const workspace = path.join(folder, 'workspace');
  await mkdir(workspace);
  const stage = await setStage({
    sandbox: false,
    workspace,
    awsConfig: AWS_CONFIG,
    awsCredentials: AWS_CREDENTIALS,
  });
  const browser = await startBrowser();
  const windows: Activations[] = [];
  try {
    for (let index = 0; index <= WINDOWS; index++) {
      const result = path.join(folder, `window-${index}.json`);
      const order = (index % 2 === 0 ? [OURS, EMPTY] : [EMPTY, OURS]).join();
      const env = { ...stage.env, BENCH_RESULT: result, BENCH_ORDER: order };
      await openWindow(browser, { workspace: stage.workspace, extension, env });
      windows.push(JSON.parse(await readFile(result, 'utf8')) as Activations);
      say(`window ${index} of ${WINDOWS}`);
    }
  } finally {
    await browser.close();
    await stage.close();
    await rm(folder, { recursive: true });
  }
  return windows.slice(1);
}

/** The extension without the events that activate it: a window's own JSON files would, before it can be timed. */
async function makeQuietCopy(folder: string): Promise<string> {
  const copy = path.join(folder, 'extension');
  await mkdir(copy);
  const manifest = JSON.parse(await readFile(path.join(PROJECT, 'package.json'), 'utf8')) as object;
  await writeFile(path.join(copy, 'package.json'), JSON.stringify({ ...manifest, activationEvents: [] }));
  for (const name of ['package.nls.json', 'dist', 'media']) {
    await symlink(path.join(PROJECT, name), path.join(copy, name));
  }
  return copy;
}

interface WindowOptions {
  readonly workspace: string;
  readonly extension: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

async function openWindow(browser: Browser, { workspace, extension, env }: WindowOptions): Promise<void> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'aws-containers-bench-'));
  await cp(path.join(__dirname, 'emptyExtension'), path.join(dataDir, 'extensions', `${EMPTY}-0.0.0`), {
    recursive: true,
  });
  const session = await startWorkbench({ workspace, env, dataDir });
  try {
    const page = await browser.newPage();
    const said: string[] = [];
    await page.exposeFunction('codeAutomationLog', (_type: string, args: unknown[]) => {
      said.push(args.map(String).join(' '));
    });
    const ended = new Promise<number>((resolve) => {
      void page.exposeFunction('codeAutomationExit', resolve);
    });
    await page.goto(session.url({ tests: path.join(__dirname, 'activationProbe.cjs'), extension }));
    if ((await ended) !== 0) {
      throw new Error(`The window's probe failed:\n${said.join('\n')}`);
    }
    await page.close();
  } finally {
    await session.stop();
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
  }
}
