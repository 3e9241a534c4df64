import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { openWorkbenchPage } from '../ui/openWorkbenchPage';
import type { WorkbenchPage } from '../ui/workbenchPage';
import { startBrowser } from './browser';
import { endOnSignals } from './endOnSignals';
import { populateSandbox } from './populateSandbox';
import { PROJECT, startWorkbench } from './session';
import { setStage } from './stage';

/*
 * `npm run demo [-- --theme dark|light]`: goes through the main job in the real workbench, as a person would,
 * and leaves numbered pictures in demo/, for the README among others. It ends with an error when a step does
 * not come to what it should.
 */
const THEMES: Readonly<Record<string, string>> = {
  dark: 'Default Dark Modern',
  light: 'Default Light Modern',
};
const FOLDER = path.join(PROJECT, 'demo');
const LONG = 90_000;

// The SDK's word about Node versions is for who maintains this.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { theme: { type: 'string', multiple: true } } });
  await mkdir(FOLDER, { recursive: true });
  for (const theme of values.theme ?? Object.keys(THEMES)) {
    await showMainJob(theme);
  }
}

async function showMainJob(theme: string): Promise<void> {
  for (const old of (await readdir(FOLDER)).filter((file) => file.endsWith(`-${theme}.png`))) {
    await rm(path.join(FOLDER, old));
  }
  const stage = await setStage();
  try {
    if (!stage.sandbox || stage.sandbox.engine === 'none') {
      throw new Error('The demo builds and runs a container: it needs a container engine.');
    }
    await populateSandbox(stage.sandbox);
    const session = await startWorkbench({
      workspace: stage.workspace,
      settings: { 'workbench.colorTheme': THEMES[theme] ?? theme, 'window.title': 'AWS Containers' },
      env: stage.env,
    });
    const browser = await startBrowser();
    try {
      const workbench = await openWorkbenchPage(browser, session.url(), { width: 1360, height: 850 });
      const pictures = new Pictures(workbench, theme);
      await goThrough(workbench, pictures).catch(async (error: unknown) => {
        await pictures.take('failed');
        throw error;
      });
    } finally {
      await browser.close();
      await session.stop();
    }
  } finally {
    await stage.close();
  }
}

/** Numbers the pictures in the order in which they are taken. */
class Pictures {
  private count = 0;

  constructor(
    private readonly workbench: WorkbenchPage,
    private readonly theme: string,
  ) {}

  async take(name: string): Promise<void> {
    this.count++;
    const file = `${String(this.count).padStart(2, '0')}-${name}-${this.theme}.png`;
    await this.workbench.screenshot(path.join(FOLDER, file));
    console.log(`demo/${file}`);
  }
}

async function goThrough(workbench: WorkbenchPage, pictures: Pictures): Promise<void> {
  // The running sample, from the repository to its container.
  await workbench.openViewContainer('AWS Containers');
  await workbench.expand('ECR', 'web');
  await workbench.row('ECR', /v1/);
  await workbench.expand('ECS', 'demo');
  await workbench.expand('ECS', 'web');
  await pictures.take('browse');

  // Its lines, while it answers.
  await workbench.chooseFromRowMenu('ECS', 'web', 'Stream Logs');
  await workbench.page.locator('.output-view, .output-view-container').first().waitFor();
  await pictures.take('logs');

  // A second version: edited, built, pushed.
  await workbench.runCommand('workbench.view.explorer');
  await workbench.editor.open('web/www/index.html');
  const page = (await workbench.editor.visibleText()).replace('Version 1', 'Version 2');
  await workbench.editor.replaceAll(page);
  await workbench.editor.save();
  await workbench.openFileMenu('Dockerfile');
  await pictures.take('push-menu');
  await workbench.chooseFromMenu('Push to ECR...');
  await workbench.pick('web');
  await pictures.take('push-tag');
  await workbench.pick('Type a Tag...');
  await workbench.answer('v2');
  await workbench.notification(/Pushed .*web:v2/, LONG);
  await workbench.openViewContainer('AWS Containers');
  await workbench.row('ECR', /v2/);
  await pictures.take('pushed');

  // Completion in the task definition.
  await workbench.editor.open('web/task-definition.json');
  await workbench.editor.goTo(6, 19);
  await workbench.editor.type('\n"');
  await workbench.editor.suggestions();
  await pictures.take('completion');
  await workbench.page.keyboard.press('Escape');
  await workbench.runCommand('workbench.action.files.revert');

  // The second version replaces the first.
  await workbench.pressNotificationButton(/Pushed .*web:v2/, 'Deploy...');
  await workbench.pick('demo');
  await workbench.pick('web');
  await workbench.waitUntil('the difference', async () =>
    (await workbench.quickPick()).title.startsWith('Deploy to') ? true : undefined,
  );
  await pictures.take('deploy-difference');
  await workbench.pick('Deploy to web');
  await workbench.notification(/runs web:2 now/, LONG);
  await pictures.take('deployed');
}

endOnSignals();
main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
