import { isObject } from '../base/isObject';
import { samePolicy, type PolicyDocument } from './policyText';

/** What a repository without a policy is offered: it takes away what no tag names any more. */
export const STARTER_LIFECYCLE_POLICY = `${JSON.stringify(
  {
    rules: [
      {
        rulePriority: 1,
        description: 'Expire untagged images older than 14 days',
        selection: {
          tagStatus: 'untagged',
          countType: 'sinceImagePushed',
          countUnit: 'days',
          countNumber: 14,
        },
        action: { type: 'expire' },
      },
    ],
  },
  undefined,
  2,
)}\n`;

/** Each rule of a policy in one sentence, by its priority, in the order in which they are applied. */
export function describeRules(policy: PolicyDocument): ReadonlyMap<number, string> {
  const rules = rulesOf(policy).sort(([left], [right]) => left - right);
  return new Map(rules.map(([priority, rule]) => [priority, describeRule(rule)]));
}

/**
 * What another policy changes, a sentence a rule.
 * @param before `undefined` where there is none
 */
export function describeLifecycleChanges(
  before: PolicyDocument | undefined,
  after: PolicyDocument,
): readonly string[] {
  const old = new Map(before ? rulesOf(before) : []);
  const next = new Map(rulesOf(after));
  const priorities = [...new Set([...old.keys(), ...next.keys()])].sort((left, right) => left - right);
  const changes = priorities.flatMap((priority): string[] => {
    const was = old.get(priority);
    const is = next.get(priority);
    if (was === undefined || is === undefined) {
      return is === undefined
        ? [`Rule ${priority} is removed: ${describeRule(was ?? {})}`]
        : [`Rule ${priority} is added: ${describeRule(is)}`];
    }
    if (samePolicy(was, is)) {
      return [];
    }
    const [then, now] = [describeRule(was), describeRule(is)];
    return [then === now ? `Rule ${priority} is described otherwise` : `Rule ${priority}: ${then} → ${now}`];
  });
  return changes.length > 0 ? changes : ['The rules stay the same'];
}

type RuleObject = Readonly<Record<string, unknown>>;

/** What is no rule is left to ECR, which says what is wrong with it. */
function rulesOf({ rules }: PolicyDocument): [number, RuleObject][] {
  return (Array.isArray(rules) ? rules : []).flatMap((rule: unknown): [number, RuleObject][] =>
    isObject(rule) && typeof rule.rulePriority === 'number' ? [[rule.rulePriority, rule]] : [],
  );
}

function describeRule({ selection, action }: RuleObject): string {
  const { countType, countNumber, ...tags } = isObject(selection) ? selection : {};
  const verb = isObject(action) && action.type === 'transition' ? 'archive' : 'expire';
  const images = describeSelection(tags);
  const days = `${String(countNumber)} ${countNumber === 1 ? 'day' : 'days'}`;
  switch (countType) {
    case 'imageCountMoreThan':
      return `${verb} all but the newest ${String(countNumber)} of ${images}`;
    case 'sinceImagePushed':
      return `${verb} ${images} that were pushed more than ${days} ago`;
    case 'sinceImagePulled':
      return `${verb} ${images} that were not pulled for ${days}`;
    case 'sinceImageTransitioned':
      return `${verb} ${images} that were archived more than ${days} ago`;
    default:
      return `${verb} ${images}`;
  }
}

function describeSelection({ tagStatus, tagPatternList, tagPrefixList }: RuleObject): string {
  const patterns = [...texts(tagPatternList), ...texts(tagPrefixList).map((prefix) => `${prefix}*`)];
  switch (tagStatus) {
    case 'untagged':
      return 'untagged images';
    case 'tagged':
      return `images tagged ${patterns.join(' and ')}`;
    default:
      return 'all images';
  }
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
