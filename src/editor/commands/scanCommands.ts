import type { ImageIdentifier } from '@aws-sdk/client-ecr';
import * as vscode from 'vscode';
import { resourceName } from '../../aws/arn';
import type { AwsContext } from '../../aws/context';
import { UserError } from '../../base/errors';
import { readScan, scanImage, type ScanResult } from '../../ecr/scanFindings';
import { writeScanReport } from '../../ecr/scanReport';
import type { ImageNode } from '../../explorer/explorerNode';
import { describeNode, shortDigest } from '../../explorer/rowText';
import type { WithContext } from '../contexts/contextOfAnswers';
import { placeOf } from '../files/livePlace';
import type { Services } from '../services';
import { iconOf } from '../trees/treeItem';
import { withProgress } from '../ui/progress';
import { pick } from '../ui/prompts';
import { readArguments } from './commandArguments';
import { readOrPickNode } from './pickNode';
import { readContext } from './readContext';
import { refreshImages } from './runImageDeletion';

export interface ScanAnswers extends WithContext {
  readonly repository?: string;
  /** The image, by its tag or its digest. */
  readonly imageId?: ImageIdentifier;
}

export interface ShownScan {
  readonly repository: string;
  readonly digest: string;
  /** ECR's ImageScanStatus; `undefined` when the image was not scanned. */
  readonly status?: string;
  /** Names of what was found, the worst first. */
  readonly findings: readonly string[];
  /** Of the document that shows it. */
  readonly uri?: string;
}

/** "Show Scan Findings": accepts `ScanAnswers`; resolves to a `ShownScan`. */
export async function showScanFindings(services: Services, argument?: unknown): Promise<ShownScan> {
  const image = await chooseImage(services, argument, vscode.l10n.t('Show Scan Findings'));
  const result = await withProgress(
    vscode.l10n.t('Reading the scan of {0}', nameOf(image)),
    (_report, signal) =>
      readScan(services.sessions.get(image.context).ecr, image.repository, image.id, signal),
  );
  if (!result) {
    offerScan(image);
    return { repository: image.repository, digest: image.digest, findings: [] };
  }
  return show(services, image, result);
}

/** "Start Scan": scans an image, waits for the end and shows what was found. Accepts `ScanAnswers`; resolves to a `ShownScan`. */
export async function startScan(services: Services, argument?: unknown): Promise<ShownScan> {
  const image = await chooseImage(services, argument, vscode.l10n.t('Start Scan'));
  const { context, repository } = image;
  await services.keeper.approve(context, repository);
  const result = await withProgress(vscode.l10n.t('Scanning {0}', nameOf(image)), (_report, signal) =>
    scanImage(services.sessions.get(context).ecr, repository, image.id, { signal }),
  );
  refreshImages(services, context, repository);
  return show(services, image, result);
}

interface ChosenImage {
  readonly context: AwsContext;
  readonly repository: string;
  readonly id: ImageIdentifier;
  readonly digest: string;
  /** Its tag, or enough of its digest. */
  readonly label: string;
}

async function chooseImage(services: Services, argument: unknown, title: string): Promise<ChosenImage> {
  const { repository, imageId } = readArguments<ScanAnswers>(argument);
  if (repository !== undefined && imageId) {
    return readChosen(services, await readContext(services, argument), repository, imageId);
  }
  const node = await readOrPickNode(services, argument, 'image', title);
  return toChosen(node.members && node.members.length > 0 ? await pickMember(node.members, title) : node);
}

async function readChosen(
  services: Services,
  context: AwsContext,
  repository: string,
  id: ImageIdentifier,
): Promise<ChosenImage> {
  const image = await services.sessions.get(context).ecr.image(repository, id);
  const name = id.imageTag ?? id.imageDigest ?? '';
  if (!image) {
    throw new UserError('notFound', vscode.l10n.t('There is no such image: {0}', `${repository}:${name}`));
  }
  const digest = image.imageDigest ?? name;
  return {
    context,
    repository,
    id: { imageDigest: digest },
    digest,
    label: id.imageTag ?? image.imageTags?.[0] ?? shortDigest(digest),
  };
}

/** ECR scans the images of an index, not the index. */
function pickMember(members: readonly ImageNode[], title: string): Promise<ImageNode> {
  const choices = members.map((member) => {
    const { label, description } = describeNode(member, new Date());
    return {
      label,
      ...(description === undefined ? {} : { description }),
      iconPath: new vscode.ThemeIcon(iconOf(member)),
      value: member,
    };
  });
  return pick(choices, { title, placeholder: vscode.l10n.t('Each platform is scanned on its own.') });
}

function toChosen({ context, repositoryName, digest, tags, platform }: ImageNode): ChosenImage {
  return {
    context,
    repository: repositoryName,
    id: { imageDigest: digest },
    digest,
    label: tags[0] ?? platform ?? shortDigest(digest),
  };
}

async function show(services: Services, image: ChosenImage, result: ScanResult): Promise<ShownScan> {
  const { context, repository, digest, label } = image;
  const place = `${context.label} · ${context.region}`;
  const name = vscode.l10n.t('Scan of {0}', `${resourceName(repository)} ${label.replaceAll('/', '-')}`);
  const uri = await services.reports.show(
    `${placeOf(context)}/${repository}/${name}`,
    writeScanReport({ repository, image: label, digest, place }, result),
  );
  return {
    repository,
    digest,
    status: result.status,
    findings: result.findings.map((finding) => finding.name),
    uri: uri.toString(),
  };
}

function offerScan(image: ChosenImage): void {
  const { context, repository, id } = image;
  const start = vscode.l10n.t('Start Scan');
  void vscode.window
    .showInformationMessage(
      vscode.l10n.t('It was not scanned, or its findings have expired: {0}', nameOf(image)),
      start,
    )
    .then((pressed) =>
      pressed === start
        ? vscode.commands.executeCommand('awsContainers.image.startScan', {
            context,
            repository,
            imageId: id,
          })
        : undefined,
    );
}

function nameOf({ repository, label }: ChosenImage): string {
  return `${repository} ${label}`;
}
