import { refuse } from './ecrRefusal';
import { matchesWildcard } from '../../base/wildcard';

/** A rule whose form has been checked. */
export interface LifecycleRule {
  readonly priority: number;
  readonly tagStatus: 'tagged' | 'untagged' | 'any';
  /** Each must match one of an image's tags. */
  readonly tagPatterns: readonly string[];
  /** The one that it selects images of. */
  readonly storageClass: 'standard' | 'archive';
  readonly countType: CountType;
  /** Images, or days, by the count's type. */
  readonly countNumber: number;
  readonly action: 'EXPIRE' | 'TRANSITION';
}

/** What a rule looks at in an image; times are epoch milliseconds. */
export interface LifecycleImage {
  readonly digest: string;
  readonly tags: readonly string[];
  readonly pushedAt: number;
  readonly lastPulledAt?: number;
}

export interface LifecycleMatch<T extends LifecycleImage> {
  readonly image: T;
  readonly rule: LifecycleRule;
}

const COUNT_TYPES = [
  'imageCountMoreThan',
  'sinceImagePushed',
  'sinceImagePulled',
  'sinceImageTransitioned',
] as const;
type CountType = (typeof COUNT_TYPES)[number];

const MAX_RULES = 50;
/** Days that ECR keeps an archived image at least ("Archiving an image", Amazon ECR user guide). */
const MIN_ARCHIVED_DAYS = 90;
const DAY_MILLISECONDS = 24 * 3600 * 1000;

/**
 * Reads a lifecycle policy by the rules of the Amazon ECR user guide, "Lifecycle policy properties".
 * @throws ServiceError InvalidParameterException that says which rule is wrong, and how
 */
export function parseLifecyclePolicy(text: string): LifecycleRule[] {
  const { rules } = readJson(text);
  if (!Array.isArray(rules) || rules.length < 1 || rules.length > MAX_RULES) {
    throw invalid(`rules must be an array of 1 to ${MAX_RULES} rules`);
  }
  const read = rules.map((rule: unknown, index) => readRule(rule, `rules[${index}]`));
  read.sort((left, right) => left.priority - right.priority);
  read.forEach((rule, index) => {
    const before = read.slice(0, index);
    if (before.at(-1)?.priority === rule.priority) {
      throw invalid(`rulePriority ${rule.priority} is not unique`);
    }
    const sameClass = before.filter(({ storageClass }) => storageClass === rule.storageClass);
    if (sameClass.some(({ tagStatus }) => tagStatus === 'any')) {
      throw invalid("a rule with tagStatus 'any' must have the highest rulePriority of its storage class");
    }
    if (rule.tagStatus === 'untagged' && sameClass.some(({ tagStatus }) => tagStatus === 'untagged')) {
      throw invalid('only one rule of a storage class may select untagged images');
    }
    if (rule.tagStatus === 'tagged' && sameClass.some((other) => selectSameTags(rule, other))) {
      throw invalid('the rules of a storage class must select different tags');
    }
  });
  return read;
}

/**
 * What a policy would do now. A rule counts all images that its tag status and patterns select, but acts on
 * none that a rule of higher priority selects ("How lifecycle policies work", Amazon ECR user guide).
 */
export function evaluateLifecyclePolicy<T extends LifecycleImage>(
  rules: readonly LifecycleRule[],
  images: readonly T[],
  now: number,
): LifecycleMatch<T>[] {
  const newestFirst = [...images].sort((left, right) => right.pushedAt - left.pushedAt);
  const claimed = new Set<string>();
  return rules.flatMap((rule) => {
    const selected = newestFirst.filter((image) => selects(rule, image));
    const due = selected.filter((image, index) => isDue(rule, image, index, now));
    const matches = due.filter(({ digest }) => !claimed.has(digest)).map((image) => ({ image, rule }));
    selected.forEach(({ digest }) => claimed.add(digest));
    return matches;
  });
}

function selectSameTags(one: LifecycleRule, other: LifecycleRule): boolean {
  const key = ({ tagPatterns }: LifecycleRule): string => [...tagPatterns].sort().join(' ');
  return other.tagStatus === 'tagged' && key(one) === key(other);
}

function selects(rule: LifecycleRule, image: LifecycleImage): boolean {
  if (rule.storageClass === 'archive') {
    // Nothing is ever archived here.
    return false;
  }
  switch (rule.tagStatus) {
    case 'any':
      return true;
    case 'untagged':
      return image.tags.length === 0;
    case 'tagged':
      return rule.tagPatterns.every((pattern) => image.tags.some((tag) => matchesWildcard(pattern, tag)));
  }
}

function isDue(rule: LifecycleRule, image: LifecycleImage, index: number, now: number): boolean {
  const before = now - rule.countNumber * DAY_MILLISECONDS;
  switch (rule.countType) {
    case 'imageCountMoreThan':
      return index >= rule.countNumber;
    case 'sinceImagePushed':
      return image.pushedAt < before;
    case 'sinceImagePulled':
      return (image.lastPulledAt ?? image.pushedAt) < before;
    case 'sinceImageTransitioned':
      return false;
  }
}

function readRule(value: unknown, at: string): LifecycleRule {
  const rule = readObject(value, at);
  const selection = readObject(rule.selection, `${at}.selection`);
  const countType = COUNT_TYPES.find((known) => known === selection.countType);
  if (countType === undefined) {
    throw invalid(`${at}.selection.countType must be one of ${COUNT_TYPES.join(', ')}`);
  }
  const byDays = countType !== 'imageCountMoreThan';
  if (byDays ? selection.countUnit !== 'days' : selection.countUnit !== undefined) {
    throw invalid(`${at}.selection.countUnit must be ${byDays ? "'days'" : 'absent'} with ${countType}`);
  }
  const action = readAction(readObject(rule.action, `${at}.action`), at);
  const needed = COUNT_ACTIONS[countType];
  if (needed !== undefined && action !== needed) {
    throw invalid(`${at}.action must be to ${needed.toLowerCase()} with ${countType}`);
  }
  const countNumber = readPositive(selection.countNumber, `${at}.selection.countNumber`);
  if (countType === 'sinceImageTransitioned' && countNumber < MIN_ARCHIVED_DAYS) {
    throw invalid(`${at}.selection.countNumber must be at least ${MIN_ARCHIVED_DAYS} with ${countType}`);
  }
  return {
    priority: readPositive(rule.rulePriority, `${at}.rulePriority`),
    ...readTagSelection(selection, at),
    storageClass: readStorageClass(selection.storageClass, countType, at),
    countType,
    countNumber,
    action,
  };
}

/** Archived images are all that is counted from their transition, and it is what they are then expired by. */
const COUNT_ACTIONS: Readonly<Record<CountType, LifecycleRule['action'] | undefined>> = {
  imageCountMoreThan: undefined,
  sinceImagePushed: undefined,
  sinceImagePulled: 'TRANSITION',
  sinceImageTransitioned: 'EXPIRE',
};

function readStorageClass(value: unknown, countType: CountType, at: string): LifecycleRule['storageClass'] {
  const only = countType === 'sinceImageTransitioned' ? 'archive' : 'standard';
  if (value !== only && (value !== undefined || only === 'archive')) {
    throw invalid(`${at}.selection.storageClass must be '${only}' with ${countType}`);
  }
  return only;
}

function readTagSelection(
  { tagStatus, tagPrefixList, tagPatternList }: Record<string, unknown>,
  at: string,
): Pick<LifecycleRule, 'tagStatus' | 'tagPatterns'> {
  const prefixes = readStrings(tagPrefixList, `${at}.selection.tagPrefixList`);
  const patterns = readStrings(tagPatternList, `${at}.selection.tagPatternList`);
  if (tagStatus !== 'tagged' && tagStatus !== 'untagged' && tagStatus !== 'any') {
    throw invalid(`${at}.selection.tagStatus must be one of tagged, untagged, any`);
  }
  const lists = Number(prefixes.length > 0) + Number(patterns.length > 0);
  if (lists !== (tagStatus === 'tagged' ? 1 : 0)) {
    throw invalid(
      `${at}.selection: tagPrefixList or tagPatternList belongs to tagStatus 'tagged', and only there`,
    );
  }
  if (patterns.some((pattern) => pattern.split('*').length > 5)) {
    throw invalid(`${at}.selection.tagPatternList: a pattern has at most four wildcards`);
  }
  return { tagStatus, tagPatterns: [...prefixes.map((prefix) => `${prefix}*`), ...patterns] };
}

function readAction(action: Record<string, unknown>, at: string): LifecycleRule['action'] {
  if (action.type === 'expire' && action.targetStorageClass === undefined) {
    return 'EXPIRE';
  }
  if (action.type === 'transition' && action.targetStorageClass === 'archive') {
    return 'TRANSITION';
  }
  throw invalid(`${at}.action must be to expire, or to transition to the storage class archive`);
}

function readJson(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid('it is not valid JSON');
  }
  return readObject(value, 'the policy');
}

function readObject(value: unknown, at: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid(`${at} must be an object`);
  }
  return value as Record<string, unknown>;
}

function readPositive(value: unknown, at: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1) {
    throw invalid(`${at} must be an integer of at least 1`);
  }
  return value;
}

function readStrings(value: unknown, at: string): string[] {
  if (value === undefined) {
    return [];
  }
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
    throw invalid(`${at} must be an array of strings`);
  }
  return value;
}

function invalid(why: string) {
  return refuse.invalidParameter('LifecyclePolicyText', `Lifecycle policy validation failure: ${why}`);
}
