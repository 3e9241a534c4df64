import type { Repository } from '@aws-sdk/client-ecr';
import type { EcrGateway } from '../aws/ecrGateway';
import { isCancellation, messageOf } from '../base/errors';
import { describeRules } from '../ecr/lifecyclePolicy';
import { readPolicy } from '../ecr/policyText';
import { describeCounts } from '../ecr/severity';
import { details, type PossibleFact, type RowDetails } from './details';
import type { ExplorerNode, ImageNode, RepositoryNode } from './explorerNode';

/** What the listing says of a repository. */
export function detailsOfRepository(
  { name, uri, repository }: RepositoryNode,
  place: PossibleFact,
): RowDetails {
  const { imageScanningConfiguration: scanning, encryptionConfiguration: encryption } = repository;
  return details(name, [
    ['URI', uri],
    ['Created', repository.createdAt],
    ['Tags', describeMutability(repository)],
    ['Scan on push', scanning && (scanning.scanOnPush ? 'yes' : 'no')],
    ['Encryption', encryption?.encryptionType],
    ['KMS key', encryption?.kmsKey],
    place,
  ]);
}

/** What the scan of an image has found, as far as the listing of images says it. */
export function scanOf({ image }: ImageNode): string | undefined {
  const counts = image.imageScanFindingsSummary?.findingSeverityCounts;
  return counts && describeScan(counts);
}

/**
 * What takes a call to know of a node, and is therefore asked for only when somebody looks: the policies of a repository,
 * and the scan of an image where the listing does not say it.
 *
 * @returns `undefined` where there is nothing to ask for; facts that could not be had say why
 * @throws UserError('cancelled')
 */
export function loadFacts(
  node: ExplorerNode,
  ecr: () => EcrGateway,
  signal: AbortSignal,
): Promise<readonly PossibleFact[]> | undefined {
  switch (node.kind) {
    case 'repository':
      return Promise.all([
        fact('Lifecycle policy', async () =>
          describeLifecycle(await ecr().lifecyclePolicy(node.name, signal)),
        ),
        fact('Repository policy', async () =>
          (await ecr().repositoryPolicy(node.name, signal)) === undefined ? 'none' : 'yes',
        ),
      ]);
    case 'image':
      return scanOf(node) !== undefined || node.members
        ? undefined
        : Promise.all([
            fact('Scan', async () => {
              const scan = await ecr().scan(node.repositoryName, { imageDigest: node.digest }, signal);
              return scan ? describeScan(scan.counts) : 'none';
            }),
          ]);
    default:
      return undefined;
  }
}

function describeMutability({
  imageTagMutability,
  imageTagMutabilityExclusionFilters: filters = [],
}: Repository): string | undefined {
  const but = filters.map(({ filter }) => filter).join(', ');
  switch (imageTagMutability) {
    case 'IMMUTABLE':
      return 'immutable';
    case 'IMMUTABLE_WITH_EXCLUSION':
      return `immutable, but for ${but}`;
    case 'MUTABLE_WITH_EXCLUSION':
      return `mutable, but for ${but}`;
    default:
      return 'mutable';
  }
}

function describeLifecycle(text: string | undefined): string {
  if (text === undefined) {
    return 'none';
  }
  return [...describeRules(readPolicy(text, 'lifecycle policy')).values()].join('; ') || 'no rules';
}

function describeScan(counts: Readonly<Partial<Record<string, number>>>): string {
  return describeCounts(counts).join(', ') || 'no findings';
}

async function fact(name: string, ask: () => Promise<string>): Promise<PossibleFact> {
  try {
    return [name, await ask()];
  } catch (error) {
    if (isCancellation(error)) {
      throw error;
    }
    return [name, `could not be read: ${messageOf(error)}`];
  }
}
