import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { launchSandbox } from '../../src/sandbox/launch';
import { PROJECT } from './session';

export interface StageOptions {
  /** Default: a sandbox with the samples' resources on the engine at hand. `false`: none is started. */
  readonly sandbox?: boolean;
  /** The folder that serves as workspace. Default: the samples. */
  readonly workspace?: string;
  /** Works in that folder itself, not in a copy. */
  readonly inPlace?: boolean;
  /** What the shared AWS config file says. Default: nothing, so there is no profile. */
  readonly awsConfig?: string;
  readonly awsCredentials?: string;
}

/** What a window needs around it: a workspace, an AWS to talk to, and no trace of the user's own AWS. */
export interface Stage {
  /** Unless in place, a fresh copy that a test may change. */
  readonly workspace: string;
  readonly sandbox:
    { readonly endpoint: string; readonly registry: string; readonly engine: string } | undefined;
  /** For the extension host. */
  readonly env: Readonly<Record<string, string | undefined>>;
  close(): Promise<void>;
}

/** Everything is made in a temporary folder, which `close` removes with the sandbox and its containers. */
export async function setStage(options: StageOptions = {}): Promise<Stage> {
  const folder = await mkdtemp(path.join(tmpdir(), 'aws-containers-stage-'));
  const original = options.workspace ?? path.join(PROJECT, 'samples');
  const workspace = options.inPlace ? original : path.join(folder, 'workspace');
  if (!options.inPlace) {
    await cp(original, workspace, { recursive: true });
  }
  const aws = path.join(folder, 'aws');
  await mkdir(aws);
  await writeFile(path.join(aws, 'config'), options.awsConfig ?? '');
  await writeFile(path.join(aws, 'credentials'), options.awsCredentials ?? '');
  const sandbox =
    options.sandbox === false
      ? undefined
      : await launchSandbox({
          entry: path.join(PROJECT, 'dist', 'sandbox.js'),
          dataDir: path.join(folder, 'sandbox'),
          seed: path.join(PROJECT, 'media', 'sandboxSeed.json'),
        });
  return {
    workspace,
    sandbox,
    env: {
      ...WITHOUT_AWS,
      AWS_CONFIG_FILE: path.join(aws, 'config'),
      AWS_SHARED_CREDENTIALS_FILE: path.join(aws, 'credentials'),
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONTAINERS_SANDBOX_ENDPOINT: sandbox?.endpoint,
    },
    close: async () => {
      await sandbox?.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Takes away every variable by which the user's own account would shine through. */
const WITHOUT_AWS: Readonly<Record<string, undefined>> = Object.fromEntries(
  Object.keys(process.env)
    .filter((name) => name.startsWith('AWS_'))
    .map((name) => [name, undefined]),
);
