import { setMembers } from './edits';
import { memberOf, parseTaskDefinition, type TaskDefinitionDocument } from './taskDefinitionDocument';
import { applyEdits, type TextEdit } from './textSpan';
import { ValueView } from './valueView';
import { getNodeValue } from 'jsonc-parser';

/** False where tags would be taken over as something else: what stands for them has no value yet. */
export function isUnwrappable({ root, fillers }: TaskDefinitionDocument): boolean {
  const tags = memberOf(root, 'tags');
  return !tags || ![...fillers].some((at) => at >= tags.offset && at < tags.offset + tags.length);
}

/**
 * Takes a definition out of `{"taskDefinition": {…}}`, one step of indentation further left, with the tags that
 * DescribeTaskDefinition lists beside it.
 */
export function unwrap(document: TaskDefinitionDocument): TextEdit[] {
  const { text, root, definition } = document;
  if (!root || !definition) {
    return [];
  }
  const inner = text.slice(definition.offset, definition.offset + definition.length);
  const step = /\n([\t ]*)\}$/.exec(inner)?.[1] ?? '';
  const moved = step === '' ? inner : inner.replaceAll(`\n${step}`, '\n');
  const tags = memberOf(root, 'tags');
  const content = tags?.children?.length ? withTags(moved, getNodeValue(tags)) : moved;
  return [{ offset: root.offset, length: root.length, content }];
}

function withTags(text: string, tags: unknown): string {
  const unwrapped = parseTaskDefinition(text);
  const object = ValueView.of(unwrapped, unwrapped.definition);
  return object.member('tags').absent ? applyEdits(text, setMembers(object, { tags })) : text;
}
