import path from 'node:path';
import type { Browser } from 'playwright-core';
import { startBrowser } from '../workbench/browser';
import { PROJECT, startWorkbench, type Workbench } from '../workbench/session';
import { setStage, type Stage, type StageOptions } from '../workbench/stage';
import { openWorkbenchPage } from './openWorkbenchPage';
import type { WorkbenchPage } from './workbenchPage';

export interface WorkbenchSuiteOptions extends StageOptions {
  /** User settings beside the defaults, for example `'security.workspace.trust.enabled': true`. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Environment of the extension host beside that of the stage. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** What a test in a workbench has at hand. */
export interface WorkbenchSuite {
  readonly workbench: WorkbenchPage;
  readonly stage: Stage;
  readonly session: Workbench;
  readonly browser: Browser;
}

/**
 * A suite whose tests share one window of a real workbench, with its own sandbox, settings and copy of the
 * workspace. A failed test leaves a picture of the window in test-results/.
 *
 * ```ts
 * describeInWorkbench('Browsing', {}, (suite) => {
 *   it('shows the repositories', async () => {
 *     const { workbench } = suite();
 *     await workbench.openViewContainer('AWS Containers');
 *     await workbench.row('ECR', 'web');
 *   });
 * });
 * ```
 * @param options of what only hooks know, such as an endpoint, a function: it is called before the window opens
 * @param body defines the tests; what it is given may be called inside of tests and hooks
 */
export function describeInWorkbench(
  name: string,
  options: WorkbenchSuiteOptions | (() => WorkbenchSuiteOptions),
  body: (suite: () => WorkbenchSuite) => void,
): void {
  describe(name, function () {
    const closers: (() => Promise<unknown>)[] = [];
    let current: WorkbenchSuite | undefined;

    before(async function () {
      this.timeout(120_000);
      const given = typeof options === 'function' ? options() : options;
      const stage = await setStage(given);
      closers.push(() => stage.close());
      const session = await startWorkbench({
        workspace: stage.workspace,
        settings: given.settings ?? {},
        env: { ...stage.env, ...given.env },
      });
      closers.push(() => session.stop());
      const browser = await startBrowser();
      closers.push(() => browser.close());
      current = { stage, session, browser, workbench: await openWorkbenchPage(browser, session.url()) };
    });

    afterEach(async function () {
      if (this.currentTest?.state === 'failed') {
        const file = this.currentTest.fullTitle().replace(/[^\w.-]+/g, '-');
        await current?.workbench.screenshot(path.join(PROJECT, 'test-results', `${file}.png`));
      }
    });

    after(async function () {
      this.timeout(60_000);
      for (const close of closers.reverse()) {
        await close();
      }
    });

    body(() => {
      if (!current) {
        throw new Error('The workbench is only there inside of tests and hooks.');
      }
      return current;
    });
  });
}
