import type { Answer, ImageFacts, RoleFacts, ScanFacts } from '../lookups';
import { foundOf, REFERENCE_NAMES, type Found, type LookedUp } from '../references';
import { reasonInWords } from '../verify/judge';
import { TASKS_SERVICE, trustedPrincipals, trustsEcsTasks } from '../verify/trustPolicy';
import { hoverText, type HoverText } from './hoverText';

/** The severities of ECR and Inspector, worst first. */
const SEVERITIES = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'INFORMATIONAL', 'UNDEFINED', 'UNTRIAGED'];

/** Principals shown of a trust policy. */
const MOST_PRINCIPALS = 5;

/**
 * What a reference leads to, for a hover.
 * @param scan of an image, where it was asked for
 * @returns `undefined` when there is nothing to say
 */
export function describeReference(lookedUp: LookedUp, scan?: Answer<ScanFacts>): HoverText | undefined {
  const { answer, kind } = lookedUp;
  if (answer.kind === 'absent') {
    return hoverText(answer.because, []);
  }
  const found = foundOf(lookedUp);
  if (answer.kind === 'unknown' || !found) {
    const why = answer.kind === 'unknown' ? reasonInWords(answer) : undefined;
    return why === undefined
      ? undefined
      : hoverText(`Nothing is known of this ${REFERENCE_NAMES[kind]}: ${why}`, []);
  }
  return describeFound(found, scan);
}

function describeFound(found: Found, scan: Answer<ScanFacts> | undefined): HoverText {
  switch (found.kind) {
    case 'image':
      return describeImage(found.facts, scan);
    case 'role':
      return describeRole(found.facts);
    case 'secret': {
      const { name, description, lastChanged, deletedAt } = found.facts;
      return hoverText(
        `Secret ${name}`,
        [
          ['Description', description],
          ['Last changed', lastChanged],
          ['Marked for deletion', deletedAt],
        ],
        deletedAt && 'It cannot be read until it is restored.',
      );
    }
    case 'parameter': {
      const { name, description, type, lastModified, version } = found.facts;
      return hoverText(`Parameter ${name}`, [
        ['Description', description],
        ['Type', type],
        ['Last changed', lastModified],
        ['Version', version?.toString()],
      ]);
    }
    case 'logGroup': {
      const { name, retentionDays, storedBytes, createdAt } = found.facts;
      return hoverText(`Log group ${name}`, [
        ['Retention', retentionDays === undefined ? 'never expires' : `${retentionDays} days`],
        ['Stored', storedBytes === undefined ? undefined : { bytes: storedBytes }],
        ['Created', createdAt],
      ]);
    }
    case 'fileSystem': {
      const { id, name, state, sizeBytes, encrypted } = found.facts;
      return hoverText(`File system ${name ?? id}`, [
        ['Id', name === undefined ? undefined : id],
        ['State', state],
        ['Size', sizeBytes === undefined ? undefined : { bytes: sizeBytes }],
        ['Encrypted', encrypted === undefined ? undefined : encrypted ? 'yes' : 'no'],
      ]);
    }
    case 'accessPoint': {
      const { id, name, fileSystemId, rootDirectory, state } = found.facts;
      return hoverText(`Access point ${name ?? id}`, [
        ['Id', name === undefined ? undefined : id],
        ['File system', fileSystemId],
        ['Directory', rootDirectory],
        ['State', state],
      ]);
    }
  }
}

function describeImage(facts: ImageFacts, scan: Answer<ScanFacts> | undefined): HoverText {
  const { repository, digest, tags, pushedAt, sizeBytes, platforms } = facts;
  return hoverText(`Image of ${repository}`, [
    ['Pushed', pushedAt],
    ['Digest', digest],
    ['Tags', tags.join(', ')],
    ['Size', sizeBytes === undefined ? undefined : { bytes: sizeBytes }],
    ['Platforms', platforms.kind === 'found' ? platforms.facts.join(', ') : inWords(platforms)],
    ['Scan', scan && describeScan(scan)],
  ]);
}

function describeScan(scan: Answer<ScanFacts>): string | undefined {
  if (scan.kind !== 'found') {
    return scan.kind === 'absent' ? 'not scanned' : inWords(scan);
  }
  const { status, counts } = scan.facts;
  // Of enhanced scanning, "ACTIVE" is the state in which there are findings.
  if (!['COMPLETE', 'ACTIVE'].includes(status)) {
    return status.toLowerCase().replaceAll('_', ' ');
  }
  const found = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .sort(([a], [b]) => rankOf(a) - rankOf(b))
    .map(([severity, count]) => `${count} ${severity.toLowerCase()}`);
  return found.length === 0 ? 'no findings' : found.join(', ');
}

function rankOf(severity: string): number {
  const rank = SEVERITIES.indexOf(severity);
  return rank < 0 ? SEVERITIES.length : rank;
}

function inWords(answer: Answer<unknown>): string | undefined {
  const why = answer.kind === 'unknown' ? reasonInWords(answer) : undefined;
  return why === undefined ? undefined : `not known: ${why}`;
}

function describeRole({ name, description, createdAt, trustPolicy }: RoleFacts): HoverText {
  const trusted = trustedPrincipals(trustPolicy);
  const more = trusted.length - MOST_PRINCIPALS;
  return hoverText(
    `Role ${name}`,
    [
      ['Description', description],
      ['Trusts', trusted.slice(0, MOST_PRINCIPALS).join(', ') + (more > 0 ? `, and ${more} more` : '')],
      ['Created', createdAt],
    ],
    trustsEcsTasks(trustPolicy) === false
      ? `It does not trust ${TASKS_SERVICE}: ECS cannot assume it for a task.`
      : undefined,
  );
}
