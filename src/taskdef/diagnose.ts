import type { TaskDefinitionDocument } from './document/taskDefinitionDocument';
import { parseTaskDefinition } from './document/taskDefinitionDocument';
import { applyEdits, editsOverlap, type TextEdit } from './document/textSpan';
import { definitionRules } from './rules/allRules';
import { fileRules } from './rules/fileRules';
import type { Finding, Rule, Severity } from './rules/rule';
import { viewTask } from './rules/task';

/** Severities by rule id, as a user sets them. What is not named has the severity of its rule. */
export type SeverityOverrides = Readonly<Record<string, Severity | 'off'>>;

export interface Diagnosis extends Finding {
  readonly rule: Rule;
  readonly severity: Severity;
}

/**
 * What ECS would refuse in a document, and what would go wrong later. Nothing of a text that is not a task
 * definition, or not yet JSON: the JSON language says that itself. Never throws.
 */
export function diagnose(document: TaskDefinitionDocument, overrides: SeverityOverrides = {}): Diagnosis[] {
  const task = viewTask(document);
  return rulesFor(document).flatMap((rule) => {
    const severity = (Object.hasOwn(overrides, rule.id) ? overrides[rule.id] : undefined) ?? rule.severity;
    return severity === 'off' ? [] : [...rule.check(task)].map((finding) => ({ ...finding, rule, severity }));
  });
}

/** Rounds that "fix all" may take: a fix can make another one necessary, as a network mode its ports. */
const MOST_ROUNDS = 8;

/**
 * The text with everything fixed that can be without asking: errors, warnings and information whose fix is no
 * guess. As one edit, of the least length; undefined when there is nothing to do.
 */
export function fixAll(text: string, overrides: SeverityOverrides = {}): TextEdit | undefined {
  let fixed = text;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const edits: TextEdit[] = [];
    for (const { fix, severity } of diagnose(parseTaskDefinition(fixed), overrides)) {
      const own = fix && !fix.guess && severity !== 'hint' ? fix.edits() : [];
      if (!editsOverlap(own, edits)) {
        edits.push(...own);
      }
    }
    if (edits.length === 0) {
      break;
    }
    fixed = applyEdits(fixed, edits);
  }
  return fixed === text ? undefined : difference(text, fixed);
}

function rulesFor({ kind }: TaskDefinitionDocument): readonly Rule[] {
  switch (kind) {
    case 'taskDefinition':
    case 'wrapper':
    case 'containers':
      return [...fileRules, ...definitionRules];
    case 'pascalCase':
    case 'skeleton':
      return fileRules.filter(({ id }) => id === 'pascal-case' || id === 'unfilled-skeleton');
    case 'invalid':
    case 'other':
      return [];
  }
}

function difference(before: string, after: string): TextEdit {
  const shortest = Math.min(before.length, after.length);
  let start = 0;
  while (start < shortest && before[start] === after[start]) {
    start += 1;
  }
  let same = 0;
  while (same < shortest - start && before.at(-1 - same) === after.at(-1 - same)) {
    same += 1;
  }
  return {
    offset: start,
    length: before.length - same - start,
    content: after.slice(start, after.length - same),
  };
}
