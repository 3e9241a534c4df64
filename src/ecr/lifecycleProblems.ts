import { getNodeValue, parseTree } from 'jsonc-parser';
import { isObject } from '../base/isObject';
import { memberOf } from '../taskdef/document/taskDefinitionDocument';
import type { TextSpan } from '../taskdef/document/textSpan';

/** Something that ECR refuses in a lifecycle policy, and where it stands. */
export interface LifecycleProblem {
  readonly span: TextSpan;
  readonly message: string;
}

interface PlacedRule {
  readonly priority: number;
  readonly span: TextSpan;
  readonly tagStatus: unknown;
  readonly storageClass: string;
  /** Patterns and prefixes, in an order of their own; empty for rules that are not of tags. */
  readonly tags: string;
}

/**
 * What is wrong between the rules of a lifecycle policy; what is wrong within one its JSON schema says.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html "Lifecycle policy evaluation rules"
 */
export function findLifecycleProblems(text: string): readonly LifecycleProblem[] {
  const rules = placedRules(text).sort((left, right) => left.priority - right.priority);
  return rules.flatMap((rule, index): LifecycleProblem[] => {
    const before = rules.slice(0, index);
    const problem = (message: string): LifecycleProblem => ({ span: rule.span, message });
    const found: LifecycleProblem[] = [];
    if (before.some(({ priority }) => priority === rule.priority)) {
      found.push(
        problem(`Another rule has the rulePriority ${rule.priority}: each rule needs one of its own.`),
      );
    }
    const inClass = ({ storageClass }: PlacedRule): boolean => storageClass === rule.storageClass;
    const sameClass = before.filter(inClass);
    const last = rules.findLast(inClass);
    if (rule.tagStatus === 'any' && last !== undefined && rule.priority < last.priority) {
      found.push(
        problem(
          `A rule with the tagStatus "any" is applied last: its rulePriority must be above those of all other rules of its storage class. The highest is ${last.priority}.`,
        ),
      );
    }
    if (rule.tagStatus === 'untagged' && sameClass.some(({ tagStatus }) => tagStatus === 'untagged')) {
      found.push(problem('Another rule selects untagged images of this storage class: only one may.'));
    }
    if (rule.tags !== '' && sameClass.some(({ tags }) => tags === rule.tags)) {
      found.push(
        problem('Another rule selects the same tags in this storage class: each must select others.'),
      );
    }
    return found;
  });
}

function placedRules(text: string): PlacedRule[] {
  const root = parseTree(text);
  const rules = memberOf(root, 'rules');
  return (rules?.type === 'array' ? (rules.children ?? []) : []).flatMap((node): PlacedRule[] => {
    const at = memberOf(node, 'rulePriority');
    if (at?.type !== 'number') {
      return [];
    }
    const selectionNode = memberOf(node, 'selection');
    const selection: unknown = selectionNode && getNodeValue(selectionNode);
    const { tagStatus, storageClass, tagPatternList, tagPrefixList } = isObject(selection) ? selection : {};
    return [
      {
        priority: at.value as number,
        span: { offset: at.offset, length: at.length },
        tagStatus,
        storageClass: typeof storageClass === 'string' ? storageClass : 'standard',
        tags: tagStatus === 'tagged' ? tagsOf(tagPatternList, tagPrefixList) : '',
      },
    ];
  });
}

function tagsOf(patterns: unknown, prefixes: unknown): string {
  const list = [...(Array.isArray(patterns) ? patterns : []).map(String)];
  list.push(...(Array.isArray(prefixes) ? prefixes : []).map((prefix) => `${String(prefix)}*`));
  return list.sort().join(' ');
}
