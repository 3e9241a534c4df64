import type { LifecyclePolicyPreviewResult } from '@aws-sdk/client-ecr';
import type { EcrGateway } from '../aws/ecrGateway';
import type { LifecyclePreviewPage } from '../aws/ecrPolicies';
import { delay } from '../base/delay';
import { UserError } from '../base/errors';
import { samePolicy } from './policyText';

/** What a lifecycle policy would do with one image. */
export interface PreviewedImage {
  readonly digest: string;
  readonly tags: readonly string[];
  readonly pushedAt: Date | undefined;
  /** Bytes; `undefined` for what was deleted since. */
  readonly size: number | undefined;
  readonly action: 'expire' | 'archive';
  readonly rulePriority: number | undefined;
}

export interface PreviewOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds between two looks at how far ECR is. */
  readonly interval?: number;
}

const INTERVAL_MS = 1000;

/**
 * Has ECR find out what a policy would do, and waits for it. Nothing is deleted, and no policy is saved.
 *
 * @returns the images on which the policy would act now, the oldest first
 * @throws UserError('requestRefused' | 'serviceUnavailable') when ECR refuses the policy, or fails; UserError('conflict')
 *   when somebody else has another policy previewed at the same time
 */
export async function previewLifecycle(
  ecr: EcrGateway,
  repository: string,
  policy: string,
  { signal, interval = INTERVAL_MS }: PreviewOptions = {},
): Promise<readonly PreviewedImage[]> {
  while (!(await ecr.startLifecyclePreview(repository, policy, signal))) {
    await delay(interval, signal);
  }
  for (;;) {
    const results = await readPreview(ecr, repository, policy, signal);
    if (results) {
      const sizes = results.length === 0 ? new Map<string, number>() : await sizesOf(ecr, repository, signal);
      return results.map((result) => toImage(result, sizes)).sort(oldestFirst);
    }
    await delay(interval, signal);
  }
}

/** @returns `undefined` while ECR is at it */
async function readPreview(
  ecr: EcrGateway,
  repository: string,
  policy: string,
  signal: AbortSignal | undefined,
): Promise<LifecyclePolicyPreviewResult[] | undefined> {
  const results: LifecyclePolicyPreviewResult[] = [];
  for await (const page of ecr.lifecyclePreview(repository, signal)) {
    if (!isComplete(page, repository)) {
      return undefined;
    }
    if (!samePolicy(parsed(page.policy), parsed(policy))) {
      throw new UserError(
        'conflict',
        `Another policy is being previewed at the same time by somebody else. Wait a moment, then retry: ${repository}`,
        { action: 'retry' },
      );
    }
    results.push(...page.results);
  }
  return results;
}

function isComplete({ status }: LifecyclePreviewPage, repository: string): boolean {
  switch (status) {
    case 'COMPLETE':
      return true;
    case 'EXPIRED':
    case 'FAILED':
      throw new UserError(
        'serviceUnavailable',
        `ECR could not preview the lifecycle policy (${status}). Retry in a moment: ${repository}`,
        { action: 'retry' },
      );
    default:
      return false;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** ECR's preview has none. Listing all images takes fewer calls than asking for those of each page of results. */
async function sizesOf(
  ecr: EcrGateway,
  repository: string,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, number>> {
  const sizes = new Map<string, number>();
  for await (const images of ecr.images(repository, signal)) {
    for (const { imageDigest, imageSizeInBytes } of images) {
      if (imageDigest !== undefined && imageSizeInBytes !== undefined) {
        sizes.set(imageDigest, imageSizeInBytes);
      }
    }
  }
  return sizes;
}

function toImage(result: LifecyclePolicyPreviewResult, sizes: ReadonlyMap<string, number>): PreviewedImage {
  const { imageDigest = '', imageTags = [], imagePushedAt, action, appliedRulePriority } = result;
  return {
    digest: imageDigest,
    tags: imageTags,
    pushedAt: imagePushedAt,
    size: sizes.get(imageDigest),
    action: action?.type === 'TRANSITION' ? 'archive' : 'expire',
    rulePriority: appliedRulePriority,
  };
}

function oldestFirst(left: PreviewedImage, right: PreviewedImage): number {
  return (
    (left.pushedAt?.getTime() ?? 0) - (right.pushedAt?.getTime() ?? 0) ||
    (left.digest < right.digest ? -1 : 1)
  );
}
