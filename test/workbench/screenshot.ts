import { parseArgs } from 'node:util';
import path from 'node:path';
import { openWorkbenchPage } from '../ui/openWorkbenchPage';
import { startBrowser } from './browser';
import { PROJECT, startWorkbench } from './session';

/*
 * Shows the extension as built, from the command line:
 *   npx tsx test/workbench/screenshot.ts --out x.png [--workspace DIR] [--view "AWS Containers"]
 *     [--run commandIdOrTitle]... [--pick row]... [--open file] [--theme "Default Light Modern"]
 *     [--env NAME=VALUE]... [--wait seconds] [--size 1400x900]
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      out: { type: 'string', default: 'screenshot.png' },
      workspace: { type: 'string', default: path.join(PROJECT, 'samples') },
      view: { type: 'string' },
      run: { type: 'string', multiple: true, default: [] },
      pick: { type: 'string', multiple: true, default: [] },
      open: { type: 'string' },
      theme: { type: 'string', default: 'Default Dark Modern' },
      env: { type: 'string', multiple: true, default: [] },
      wait: { type: 'string', default: '2' },
      size: { type: 'string', default: '1400x900' },
    },
  });
  const [width = 1400, height = 900] = values.size.split('x').map(Number);
  const session = await startWorkbench({
    workspace: path.resolve(values.workspace),
    settings: { 'workbench.colorTheme': values.theme },
    env: Object.fromEntries(values.env.map((pair) => pair.split(/=(.*)/s) as [string, string])),
  });
  const browser = await startBrowser();
  try {
    const workbench = await openWorkbenchPage(browser, session.url(), { width, height });
    if (values.view !== undefined) {
      await workbench.openViewContainer(values.view);
    }
    if (values.open !== undefined) {
      await workbench.editor.open(values.open);
    }
    for (const command of values.run) {
      await workbench.runCommand(command);
    }
    for (const row of values.pick) {
      await workbench.pick(row);
    }
    // There is no state to wait for: this tool does not know what the caller wants to see.
    await new Promise((resolve) => setTimeout(resolve, Number(values.wait) * 1000));
    await workbench.screenshot(path.resolve(values.out));
    console.log((await workbench.notifications()).map((text) => `notification: ${text}`).join('\n'));
  } finally {
    await browser.close();
    await session.stop();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
