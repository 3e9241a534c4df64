import { spawn } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf } from '../../src/base/errors';
import { endOnSignals } from './endOnSignals';
import { populateSandbox } from './populateSandbox';
import { PROJECT, startWorkbench } from './session';
import { setStage } from './stage';

const HELP = `npm start -- [options]
  --workspace DIR   the folder to open (default: samples)
  --port N          the port of the VS Code server (default: any free one)
  --aws             your own AWS profiles instead of the sandbox
  --no-open         do not open a browser`;

// The SDK's word about Node versions is for who maintains this, not for who tries it.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

/** `npm start`: the whole product in a browser, until Ctrl-C. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    allowNegative: true,
    options: {
      workspace: { type: 'string', default: path.join(PROJECT, 'samples') },
      port: { type: 'string', default: '0' },
      aws: { type: 'boolean', default: false },
      open: { type: 'boolean', default: true },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const workspace = path.resolve(values.workspace);
  const ended = new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
  // With --aws the environment is the user's own, without a stage around the window.
  const stage = values.aws ? undefined : await setStage({ workspace, inPlace: true });
  if (stage?.sandbox) {
    console.log('> Sandbox: pushing the sample and starting it as a service');
    await populateSandbox(stage.sandbox).catch((error: unknown) =>
      console.log(`The sample could not be started: ${messageOf(error)}`),
    );
  }
  const session = await startWorkbench({
    workspace,
    port: Number(values.port),
    env: stage?.env ?? {},
  });
  const url = session.url();
  console.log(
    stage?.sandbox ? describeSandbox(stage.sandbox.endpoint, stage.sandbox.engine) : 'Your own AWS profiles.',
  );
  console.log(`\nVS Code with the extension:\n\n  ${url}\n`);
  if (stage) {
    console.log(TRY);
  }
  console.log('Ctrl-C ends everything.');
  if (values.open) {
    openInBrowser(url);
  }
  await ended;
  console.log('\nEnding ...');
  // A second Ctrl-C does not wait.
  endOnSignals();
  await session.stop();
  await stage?.close();
}

const TRY = `Three things to try:
  1. Look: AWS Containers in the activity bar. Unfold ECS > demo > web to its container, right-click the
     task > Open in Browser, and the service > Stream Logs.
  2. Push: change web/www/index.html, then right-click web/Dockerfile in the explorer > Push to ECR...
  3. Deploy: press Deploy... in the message that follows, choose the service, and watch it being replaced.
`;

function describeSandbox(endpoint: string, engine: string): string {
  return engine === 'none'
    ? `Sandbox at ${endpoint}. There is no container engine: its tasks are simulated.`
    : `Sandbox at ${endpoint}. Its tasks run on ${engine}.`;
}

/** Without a desktop there is nothing to open: the address is printed anyway. */
function openInBrowser(url: string): void {
  const [file, args] =
    process.platform === 'darwin'
      ? ['open', [url]]
      : process.platform === 'win32'
        ? ['rundll32', ['url.dll,FileProtocolHandler', url]]
        : ['xdg-open', [url]];
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY) {
    return;
  }
  spawn(file, args, { stdio: 'ignore', detached: true })
    .once('error', () => undefined)
    .unref();
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
