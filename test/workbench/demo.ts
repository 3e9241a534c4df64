import { copyFile, mkdir, readdir, readFile, rm } from 'node:fs/promises';
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
 * `npm run demo [-- --theme dark|light] [--readme]`: goes through the main job in the real workbench, as a person would,
 * and leaves numbered pictures in demo/. `--readme` also copies those that the README shows to media/readme/.
 * It ends with an error when a step does not come to what it should.
 */
const THEMES: Readonly<Record<string, string>> = {
  dark: 'Default Dark Modern',
  light: 'Default Light Modern',
};
const FOLDER = path.join(PROJECT, 'demo');
const README_FOLDER = path.join(PROJECT, 'media', 'readme');
const README_PICTURES = [
  'overview',
  'push',
  'problems',
  'completion',
  'verify',
  'compare',
  'deploy',
  'failure',
];
const LONG = 90_000;

// The SDK's word about Node versions is for who maintains this.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { theme: { type: 'string', multiple: true }, readme: { type: 'boolean', default: false } },
  });
  await mkdir(FOLDER, { recursive: true });
  for (const theme of values.theme ?? Object.keys(THEMES)) {
    await showMainJob(theme);
    if (values.readme) {
      await copyForReadme(theme);
    }
  }
}

async function copyForReadme(theme: string): Promise<void> {
  await mkdir(README_FOLDER, { recursive: true });
  for (const file of await readdir(FOLDER)) {
    const name = README_PICTURES.find((each) => file.endsWith(`-${each}-${theme}.png`));
    if (name !== undefined) {
      await copyFile(path.join(FOLDER, file), path.join(README_FOLDER, `${name}-${theme}.png`));
    }
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
      await goThrough(workbench, pictures, stage.workspace).catch(async (error: unknown) => {
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

async function goThrough(workbench: WorkbenchPage, pictures: Pictures, workspace: string): Promise<void> {
  // The running sample, from the repository to its container, and its lines.
  await workbench.openViewContainer('AWS Containers');
  await workbench.expand('ECR', 'web');
  await workbench.row('ECR', /v1/);
  await workbench.expand('ECS', 'demo');
  await workbench.expand('ECS', 'web');
  const task = await workbench.waitUntil('the running task', async () => {
    const running = (await workbench.rows('ECS')).find(({ description }) =>
      description.includes('running · rev.'),
    );
    return running?.label;
  });
  await workbench.expand('ECS', task);
  await workbench.expand('Task Definitions', 'web');
  await workbench.editor.open('web/Dockerfile');
  await workbench.chooseFromRowMenu('ECS', 'web', 'Stream Logs');
  await workbench.outputMatching('Logs: demo/web', /Network:/);
  await workbench.page.keyboard.press('ArrowDown');
  await workbench.pointAway();
  await pictures.take('overview');

  // A second version: edited, built, pushed.
  await workbench.runCommand('workbench.view.explorer');
  await workbench.editor.open('web/www/index.html');
  const page = (await workbench.editor.visibleText()).replace('Version 1', 'Version 2');
  await workbench.editor.replaceAll(page);
  await workbench.editor.save();
  await workbench.openFileMenu('Dockerfile');
  await workbench.page.locator('.monaco-menu .action-label', { hasText: 'Push to ECR...' }).hover();
  await pictures.take('push');
  await workbench.chooseFromMenu('Push to ECR...');
  await workbench.pick('web');
  await workbench.quickPick(/Tag of/);
  await pictures.take('tag');
  await workbench.pick('Type a Tag...');
  await workbench.answer('v2');
  await workbench.notification(/Pushed .*web:v2/, LONG);
  await workbench.openViewContainer('AWS Containers');
  await workbench.row('ECR', /v2/);
  await workbench.pointAway();
  await pictures.take('pushed');

  await editDefinition(workbench, pictures, path.join(workspace, 'web', 'task-definition.json'));

  // The second version replaces the first.
  await workbench.clearNotifications();
  await workbench.pressRowAction('ECR', /^v2/, 'Deploy...');
  await deploy(workbench, () => pictures.take('deploy'));
  await workbench.notification(/runs web:2 now/, LONG);
  await workbench.pointAway();
  await pictures.take('deployed');

  // A third, which cannot start.
  await workbench.clearNotifications();
  const dockerfile = path.join(workspace, 'web', 'Dockerfile');
  const broken = (await readFile(dockerfile, 'utf8')).replace('--servedir=/www', '--serve-dir=/www');
  await workbench.editor.open('web/Dockerfile');
  await workbench.editor.replaceAll(broken);
  await workbench.editor.save();
  await workbench.pressRowAction('ECR', 'web', 'Push to ECR');
  await workbench.pick('Change...');
  await workbench.pick('Type a Tag...');
  await workbench.answer('v3');
  await workbench.pressNotificationButton(/Pushed .*web:v3/, 'Deploy...', LONG);
  await deploy(workbench);
  await workbench.pressNotificationButton(/failed and was rolled back/, 'Show Details', LONG);
  await workbench.outputMatching('AWS Containers: Deployments', /failed and was rolled back/);
  await workbench.page.keyboard.press('ArrowDown');
  await workbench.pointAway();
  await pictures.take('failure');
}

/** A task definition with a mistake: what the editor says, offers and finds. The file ends as it began. */
async function editDefinition(workbench: WorkbenchPage, pictures: Pictures, file: string): Promise<void> {
  const { editor, page } = workbench;
  const definition = await readFile(file, 'utf8');
  const lineOf = (text: string): number =>
    definition.split('\n').findIndex((line) => line.includes(text)) + 1;
  await editor.open('web/task-definition.json');
  await editor.replaceAll(definition.replace('"memory": "512"', '"memory": "600"'));
  await editor.goTo(lineOf('"memory"'), 15);
  await editor.fixes();
  await pictures.take('problems');
  await editor.applyFix(/Change memory/);

  await editor.replaceAll(definition.replace('"web:latest"', '""'));
  const image = definition.split('\n').find((line) => line.includes('"image"')) ?? '';
  await editor.goTo(lineOf('"image"'), image.indexOf('"web:latest"') + 2);
  await editor.suggestions('web');
  await page.locator('.suggest-widget.visible .monaco-list-row', { hasText: 'web' }).first().click();
  const newest = page.locator('.suggest-widget.visible .monaco-list-row', { hasText: 'v2' }).first();
  await newest.waitFor();
  await pictures.take('completion');
  await newest.click();
  const uri = /"image": "([^"]+:v2)"/.exec(await editor.visibleText())?.[1] ?? '';

  await editor.replaceAll(definition.replace('"web:latest"', JSON.stringify(`${uri}.1`)));
  await editor.save();
  await editor.goTo(1);
  await editor.lenses('Verify');
  await editor.pressLens('Verify');
  await workbench.notification(/Verified/);
  await editor.problems();
  await pictures.take('verify');
  await workbench.runCommand('workbench.action.closePanel');

  await editor.replaceAll(definition.replace('"web:latest"', JSON.stringify(uri)));
  await editor.save();
  await editor.goTo(1);
  await editor.lenses('Diff with live');
  await editor.pressLens('Diff with live');
  await page.locator('.monaco-diff-editor .modified .view-line', { hasText: 'v2' }).first().waitFor();
  await workbench.pointAway();
  await pictures.take('compare');
  await workbench.runCommand('workbench.action.closeActiveEditor');
  await editor.replaceAll(definition);
  await editor.save();
}

/** Answers the questions of a deployment to the sample's service. */
async function deploy(workbench: WorkbenchPage, onDifference?: () => Promise<void>): Promise<void> {
  await workbench.pick('demo');
  await workbench.pick('web');
  await workbench.quickPick(/^Deploy to/);
  await onDifference?.();
  await workbench.pick('Deploy to web');
}

endOnSignals();
main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
