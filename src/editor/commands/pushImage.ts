import * as vscode from 'vscode';
import type { AwsContext } from '../../aws/context';
import type { EcrGateway } from '../../aws/ecrGateway';
import { isCancellation, UserError } from '../../base/errors';
import { defaultBuildContext } from '../../image/dockerfile';
import { BuildFailedError } from '../../image/pushErrors';
import type { PushEvent, PushStep } from '../../image/pushEvent';
import { pushImage as runPush, type PushResult } from '../../image/pushImage';
import { requireTrust } from '../engineProvider';
import type { Services } from '../services';
import { withProgress, type ProgressReport } from '../ui/progress';
import { readArguments, readNode } from './commandArguments';
import { absolute, askForPush, rememberPush, repositoryName, type PushAnswers } from './pushWizard';
import { readContext } from './readContext';

/**
 * "Push to ECR...": builds a Dockerfile and pushes the image. Called on a file, on a repository, or from the
 * palette; accepts `PushAnswers`. Resolves to `{uri, digest}`.
 */
export async function pushImage(services: Services, argument?: unknown): Promise<PushResult> {
  requireTrust(vscode.l10n.t('build and push an image'));
  const node = readNode(argument, 'repository');
  const context = await readContext(services, argument);
  const answers = await askForPush(
    services,
    {
      context,
      dockerfile: argument instanceof vscode.Uri ? argument.fsPath : undefined,
      repository: node?.name,
    },
    readArguments<PushAnswers>(argument),
  );
  const result = await buildAndPush(services, context, answers);
  void offerNext(result, context);
  return result;
}

/** Builds and pushes by complete answers, under a notification that can be cancelled; they are remembered. */
export async function buildAndPush(
  services: Services,
  context: AwsContext,
  answers: PushAnswers,
): Promise<PushResult> {
  const name = repositoryName(answers.repository);
  await services.keeper.approve(context, name);
  const title = vscode.l10n.t('Pushing {0}:{1}', name, answers.tag);
  const result = await withProgress(title, (report, signal) =>
    push(services, context, name, answers, report, signal),
  );
  await rememberPush(services, context, { ...answers, repository: name });
  services.trees.refreshListing('registry', context);
  void services.trees.refreshMatching(context, (each) => each.kind === 'repository' && each.name === name);
  return result;
}

async function push(
  services: Services,
  context: AwsContext,
  name: string,
  answers: PushAnswers,
  report: ProgressReport,
  signal: AbortSignal,
): Promise<PushResult> {
  const { ecr } = services.sessions.get(context);
  const engine = await services.engines.get(signal);
  const repositoryUri = await uriOf(ecr, name, answers.createRepository === true, signal);
  const dockerfile = absolute(answers.dockerfile);
  const output = services.buildOutput;
  output.appendLine(`\n── ${new Date().toLocaleString()} · ${dockerfile} → ${repositoryUri}:${answers.tag}`);
  const events = runPush(
    {
      dockerfile,
      buildContext: absolute(answers.buildContext ?? defaultBuildContext(dockerfile)),
      repositoryUri,
      tag: answers.tag,
      platform: answers.platform,
      buildArgs: answers.buildArgs,
      target: answers.target,
    },
    {
      engine,
      authorization: (stop) => ecr.authorization(stop),
      findDigest: async (id, stop) => {
        const identifier = id.includes(':') ? { imageDigest: id } : { imageTag: id };
        return (await ecr.image(name, identifier, stop))?.imageDigest;
      },
    },
    signal,
  );
  try {
    for (;;) {
      const next = await events.next();
      if (next.done) {
        output.appendLine(`── ${next.value.uri} · ${next.value.digest}`);
        return next.value;
      }
      show(next.value, output, report);
    }
  } catch (error) {
    if (isCancellation(error)) {
      output.appendLine(`── ${vscode.l10n.t('Cancelled.')}`);
    } else {
      output.appendLine(`── ${error instanceof Error ? error.message : String(error)}`);
      output.show(true);
    }
    if (error instanceof BuildFailedError && error.location) {
      await revealLine(error.location);
    }
    throw error;
  }
}

async function uriOf(ecr: EcrGateway, name: string, create: boolean, signal: AbortSignal): Promise<string> {
  try {
    return (await ecr.repository(name, signal)).repositoryUri ?? '';
  } catch (error) {
    if (!(error instanceof UserError) || error.reason !== 'notFound') {
      throw error;
    }
    if (!create) {
      throw new UserError(
        'repositoryMissing',
        vscode.l10n.t(
          'There is no such repository in {0} · {1}. Create it, or push again and choose another: {2}',
          ecr.context.label,
          ecr.context.region,
          name,
        ),
        { action: 'createRepository', cause: error },
      );
    }
  }
  return (await ecr.createRepository({ repositoryName: name }, signal)).repositoryUri ?? '';
}

function show(event: PushEvent, output: vscode.OutputChannel, report: ProgressReport): void {
  switch (event.kind) {
    case 'output':
      output.append(event.text);
      break;
    case 'warning':
      output.appendLine(`! ${event.message}`);
      break;
    case 'stepStarted':
      report(stepTitle(event.step));
      break;
    case 'stepFinished':
      break;
    case 'progress':
      report(event.text);
      break;
  }
}

function stepTitle(step: PushStep): string {
  switch (step) {
    case 'build':
      return vscode.l10n.t('building');
    case 'signIn':
      return vscode.l10n.t('signing in');
    case 'push':
      return vscode.l10n.t('pushing');
    case 'verify':
      return vscode.l10n.t('asking ECR for the image');
  }
}

async function revealLine({ file, line }: { readonly file: string; readonly line: number }): Promise<void> {
  const start = new vscode.Position(line - 1, 0);
  await vscode.window.showTextDocument(vscode.Uri.file(file), {
    selection: new vscode.Range(start, start),
    preview: true,
  });
}

async function offerNext(result: PushResult, context: AwsContext): Promise<void> {
  const copy = vscode.l10n.t('Copy URI');
  const deploy = vscode.l10n.t('Deploy...');
  const pressed = await vscode.window.showInformationMessage(
    vscode.l10n.t('Pushed {0}', result.uri),
    deploy,
    copy,
  );
  if (pressed === copy) {
    await vscode.env.clipboard.writeText(result.uri);
  } else if (pressed === deploy) {
    await vscode.commands.executeCommand('awsContainers.service.deploy', {
      image: { uri: result.uri },
      context,
    });
  }
}
