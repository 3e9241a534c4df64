import { formatAge, formatSize } from '../explorer/quantity';
import { shortDigest } from '../explorer/rowText';
import { describeRules } from './lifecyclePolicy';
import { escapeMarkdown, markdownTable } from './markdownText';
import { readPolicy } from './policyText';
import type { PreviewedImage } from './previewLifecycle';

export interface PreviewSubject {
  readonly repository: string;
  /** Where the repository is, for the eye: "prod · eu-central-1". */
  readonly place: string;
  /** The policy that was previewed. */
  readonly policy: string;
  /** Whether it is the repository's own, or what an editor shows. */
  readonly saved: boolean;
}

/**
 * What a lifecycle policy would do, as a Markdown document to read.
 * @param now what ages are counted to
 */
export function writePreviewReport(
  { repository, place, policy, saved }: PreviewSubject,
  images: readonly PreviewedImage[],
  now: Date,
): string {
  const rules = describeRules(readPolicy(policy, repository));
  const expiring = images.filter(({ action }) => action === 'expire');
  const archived = images.filter(({ action }) => action === 'archive');
  const what = saved ? 'The policy of the repository' : 'The policy in the editor, which is not saved,';
  return [
    `# Lifecycle preview of ${escapeMarkdown(repository)}`,
    `${escapeMarkdown(place)} · ${escapeMarkdown(now.toLocaleString())}`,
    summarize(what, expiring, archived),
    ...section('Would be deleted', expiring, now),
    ...section('Would be archived', archived, now),
    '## Rules',
    [...rules]
      .map(([priority, rule]) => {
        const count = images.filter(({ rulePriority }) => rulePriority === priority).length;
        return `- **${priority}** ${escapeMarkdown(rule)}: ${countOf(count)}`;
      })
      .join('\n'),
    '_A preview deletes nothing. ECR acts on a saved policy within 24 hours after an image comes to meet a rule._',
    '',
  ].join('\n\n');
}

function summarize(
  what: string,
  expiring: readonly PreviewedImage[],
  archived: readonly PreviewedImage[],
): string {
  const parts = [
    ...(expiring.length > 0 ? [`delete ${amountOf(expiring)}`] : []),
    ...(archived.length > 0 ? [`archive ${amountOf(archived)}`] : []),
  ];
  return parts.length === 0
    ? `${what} would delete nothing now.`
    : `${what} would now **${parts.join('** and **')}**.`;
}

function section(title: string, images: readonly PreviewedImage[], now: Date): string[] {
  if (images.length === 0) {
    return [];
  }
  const rows = images.map(({ tags, digest, size, pushedAt, rulePriority }) => [
    escapeMarkdown(tags.join(', ') || '‹untagged›'),
    `\`${shortDigest(digest).replace(/[^\w:+.-]/g, '')}\``,
    size === undefined ? '' : escapeMarkdown(formatSize(size)),
    pushedAt === undefined ? '' : escapeMarkdown(formatAge(pushedAt, now)),
    String(rulePriority ?? ''),
  ]);
  return [`## ${title}`, markdownTable(['Tags', 'Digest', 'Size', 'Pushed', 'Rule'], rows).join('\n')];
}

/** "3 images (12.5 MB)" */
function amountOf(images: readonly PreviewedImage[]): string {
  const bytes = images.reduce((sum, { size = 0 }) => sum + size, 0);
  return `${countOf(images.length)} (${formatSize(bytes)})`;
}

function countOf(count: number): string {
  return `${count} ${count === 1 ? 'image' : 'images'}`;
}
