import * as vscode from 'vscode';
import type { AwsContext } from '../../aws/context';
import { isCancellation, messageOf, UserError } from '../../base/errors';
import type { EngineId } from '../../containers/engine';
import { pullImage as runPull, type PullEvent } from '../../image/pullImage';
import { pullText, signInAndPullText } from '../../image/pullText';
import type { WithContext } from '../contexts/contextOfAnswers';
import { requireTrust } from '../engineProvider';
import type { Services } from '../services';
import { pick } from '../ui/prompts';
import { withProgress, type ProgressReport } from '../ui/progress';
import { settings } from '../ui/settings';
import { readArguments } from './commandArguments';
import { copyText } from './copyResource';
import { readOrPickNode } from './pickNode';
import { readContext } from './readContext';
import { imageIdOf, noSuchImage } from './readTaggedImage';

export interface PullAnswers extends WithContext {
  readonly repository?: string;
  /** A tag or a digest. */
  readonly image?: string;
  /** Of the command that is copied: with a sign-in by the AWS CLI before it. */
  readonly signIn?: boolean;
}

interface ChosenImage {
  readonly context: AwsContext;
  /** With its tag or digest. */
  readonly uri: string;
  readonly platform?: string;
}

/**
 * "Pull Image": pulls with the engine of this machine, signed in for that time alone. Accepts `{repository, image}`;
 * resolves to `{image}`, the name that the engine has it under.
 */
export async function pullImage(services: Services, argument?: unknown): Promise<{ image: string }> {
  requireTrust(vscode.l10n.t('pull an image'));
  const { context, uri, platform } = await chooseImage(services, argument, vscode.l10n.t('Pull Image'));
  const output = services.buildOutput;
  output.appendLine(`\n── ${new Date().toLocaleString()} · ${uri}`);
  try {
    await withProgress(vscode.l10n.t('Pulling {0}', uri), async (report, signal) => {
      const engine = await services.engines.get(signal);
      const { ecr } = services.sessions.get(context);
      const authorization = (stop?: AbortSignal) => ecr.authorization(stop);
      const pull = { image: uri, ...(platform === undefined ? {} : { platform }) };
      for await (const event of runPull(pull, { engine, authorization }, signal)) {
        show(event, output, report);
      }
    });
  } catch (error) {
    output.appendLine(`── ${isCancellation(error) ? vscode.l10n.t('Cancelled.') : messageOf(error)}`);
    throw error;
  }
  output.appendLine(`── ${vscode.l10n.t('Pulled {0}', uri)}`);
  void vscode.window.showInformationMessage(vscode.l10n.t('Pulled {0}', uri));
  return { image: uri };
}

/**
 * "Copy Pull Command": the engine's, alone or after a sign-in by the AWS CLI, as text to paste; nothing in it is
 * secret. Accepts `{repository, image, signIn}`. Resolves to the text.
 */
export async function copyPullCommand(services: Services, argument?: unknown): Promise<string> {
  const title = vscode.l10n.t('Copy Pull Command');
  const answers = readArguments<PullAnswers>(argument);
  const { context, uri } = await chooseImage(services, argument, title);
  const engine = await engineName(services);
  const { region, endpoint, source } = context;
  const alone = pullText(engine, uri);
  const whole = signInAndPullText(engine, uri, {
    region,
    ...(source.kind === 'profile' ? { profile: source.profile } : {}),
    ...(endpoint === undefined ? {} : { endpoint }),
  });
  if (answers.image !== undefined) {
    return copyText(answers.signIn === true ? whole : alone);
  }
  const choices = [
    {
      label: vscode.l10n.t('Pull'),
      detail: alone,
      value: alone,
      iconPath: new vscode.ThemeIcon('cloud-download'),
    },
    {
      label: vscode.l10n.t('Sign in with the AWS CLI, then pull'),
      detail: whole.replace('\n', '  ↵  '),
      value: whole,
      iconPath: new vscode.ThemeIcon('key'),
    },
  ];
  return copyText(await pick(choices, { title }));
}

async function chooseImage(services: Services, argument: unknown, title: string): Promise<ChosenImage> {
  const { repository, image } = readArguments<PullAnswers>(argument);
  if (repository !== undefined && image !== undefined) {
    const context = await readContext(services, argument);
    const { ecr } = services.sessions.get(context);
    const { repositoryUri = '' } = await ecr.repository(repository);
    const id = imageIdOf(image);
    if (!(await ecr.image(repository, id))) {
      throw noSuchImage(repository, image);
    }
    return { context, uri: `${repositoryUri}${id.imageDigest === undefined ? ':' : '@'}${image}` };
  }
  const { context, repositoryUri, digest, tags, platform } = await readOrPickNode(
    services,
    argument,
    'image',
    title,
  );
  const exact = `${repositoryUri}@${digest}`;
  const [tag, ...others] = tags.map((each) => `${repositoryUri}:${each}`);
  const uri =
    tag === undefined || others.length === 0
      ? (tag ?? exact)
      : await pick(
          [tag, ...others, exact].map((label) => ({ label, value: label })),
          { title },
        );
  // What is listed besides, as "attestation", is no platform.
  return { context, uri, ...(platform?.includes('/') ? { platform } : {}) };
}

/** The engine that is chosen, or found; docker where none may be looked for or none is there. */
async function engineName({ engines }: Services): Promise<EngineId> {
  const chosen = settings.engine();
  if (chosen !== 'auto') {
    return chosen;
  }
  const found = await engines.get().catch((error: unknown) => {
    if (error instanceof UserError) {
      return undefined;
    }
    throw error;
  });
  return found?.id ?? 'docker';
}

function show(event: PullEvent, output: vscode.OutputChannel, report: ProgressReport): void {
  switch (event.kind) {
    case 'output':
      output.append(event.text);
      break;
    case 'progress':
      report(event.text);
      break;
    case 'stepStarted':
      report(event.step === 'signIn' ? vscode.l10n.t('signing in') : vscode.l10n.t('pulling'));
      break;
  }
}
