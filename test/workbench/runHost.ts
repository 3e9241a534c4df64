import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { format, parseArgs } from 'node:util';
import { runTests } from '@vscode/test-electron';
import { startBrowser } from './browser';
import { endOnSignals } from './endOnSignals';
import { PROJECT, startWorkbench } from './session';
import { setStage, type Stage } from './stage';

/*
 * Runs the host suite in a VS Code of its own: VS Code's server with a browser, or, where VSCODE_EXECUTABLE
 * names one, the desktop VS Code.
 *   tsx test/workbench/runHost.ts [--grep PATTERN] [--result FILE]
 */
const ENTRY = path.join(PROJECT, 'test', 'host', 'entry.cjs');
/** What the window logs beside the tests. */
const LOG = path.join(PROJECT, 'test-results', 'host-window.log');
/** Starts the lines of the report among all that a window logs. */
const MARK = '[test] ';

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { grep: { type: 'string' }, result: { type: 'string' } } });
  const stage = await setStage();
  const env = { ...stage.env, TEST_RESULT: values.result, TEST_GREP: values.grep, TEST_MARK: MARK };
  await mkdir(path.dirname(LOG), { recursive: true });
  try {
    const desktop = process.env['VSCODE_EXECUTABLE'];
    process.exitCode = await (desktop === undefined ? onServer(stage, env) : onDesktop(desktop, stage, env));
  } finally {
    await stage.close();
  }
}

async function onServer(stage: Stage, env: Record<string, string | undefined>): Promise<number> {
  const session = await startWorkbench({ workspace: stage.workspace, env });
  const browser = await startBrowser();
  const log = createWriteStream(LOG);
  try {
    const page = await browser.newPage();
    await page.exposeFunction('codeAutomationLog', (type: string, args: unknown[]) => {
      const text = format(...args);
      if (text.startsWith(MARK)) {
        console.log(text.slice(MARK.length));
      } else {
        log.write(`${type}: ${text}\n`);
      }
    });
    const ended = new Promise<number>((resolve, reject) => {
      void page.exposeFunction('codeAutomationExit', (code: number) => resolve(code));
      page.once('crash', () => reject(new Error('The page crashed')));
      page.once('close', () => reject(new Error('The page was closed')));
    });
    await page.goto(session.url({ tests: ENTRY }));
    return await ended;
  } finally {
    await browser.close();
    await session.stop();
    log.end();
  }
}

async function onDesktop(
  vscodeExecutablePath: string,
  stage: Stage,
  extensionTestsEnv: Record<string, string | undefined>,
): Promise<number> {
  const profile = await mkdtemp(path.join(tmpdir(), 'aws-containers-desktop-'));
  try {
    return await runTests({
      vscodeExecutablePath,
      extensionDevelopmentPath: PROJECT,
      extensionTestsPath: ENTRY,
      extensionTestsEnv,
      launchArgs: [
        stage.workspace,
        ...[
          '--user-data-dir',
          path.join(profile, 'data'),
          '--extensions-dir',
          path.join(profile, 'extensions'),
        ],
        '--disable-workspace-trust',
      ],
    });
  } finally {
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

endOnSignals();
main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
