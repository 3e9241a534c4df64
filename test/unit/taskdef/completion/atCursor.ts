import assert from 'node:assert/strict';
import {
  completeTaskDefinition,
  type Completions,
} from '../../../../src/taskdef/completion/completeTaskDefinition';
import type { Knowledge } from '../../../../src/taskdef/completion/knowledge';
import type { Completion } from '../../../../src/taskdef/completion/suggestion';
import { applyEdits } from '../../../../src/taskdef/document/textSpan';

export const KNOWLEDGE: Knowledge = {
  region: 'eu-central-1',
  regions: new Map([
    ['eu-central-1', 'Europe (Frankfurt)'],
    ['us-east-1', 'US East (N. Virginia)'],
  ]),
};

/** Completes at the first `|` of a text. */
export function atCursor(marked: string, knowledge = KNOWLEDGE): Completions & { readonly text: string } {
  const offset = marked.indexOf('|');
  assert.notEqual(offset, -1, 'no cursor in the fixture');
  const text = marked.slice(0, offset) + marked.slice(offset + 1);
  return { text, ...completeTaskDefinition(text, offset, knowledge) };
}

/** The labels that are offered at the cursor. */
export function labelsAt(marked: string): string[] {
  return atCursor(marked).items.map(({ label }) => label);
}

/** The text after a completion was accepted, its tab stops left at what they offer. */
export function accepted(marked: string, label: string): string {
  const { text, items } = atCursor(marked);
  const item = items.find((each) => each.label === label);
  assert.ok(item, `"${label}" is not offered, but: ${items.map((each) => each.label).join(', ')}`);
  return applyCompletion(text, item);
}

export function applyCompletion(text: string, { span, insert, isSnippet, edits }: Completion): string {
  const lineStart = text.lastIndexOf('\n', span.offset - 1) + 1;
  const indent = /^[\t ]*/.exec(text.slice(lineStart, span.offset))?.[0] ?? '';
  const content = isSnippet ? expand(insert).replaceAll('\n', `\n${indent}`) : insert;
  return applyEdits(text, [...edits, { ...span, content }]);
}

/** What VS Code makes of a snippet before anything is typed: defaults, first choices, spaces for tabs. */
export function expand(snippet: string): string {
  const defaults = new Map<string, string>();
  for (const [, stop = '', value = ''] of snippet.matchAll(/\$\{(\d+):((?:[^\\}]|\\.)*)\}/g)) {
    defaults.set(stop, defaults.get(stop) ?? value);
  }
  return snippet
    .replace(/\$\{(\d+):(?:[^\\}]|\\.)*\}/g, (_, stop: string) => defaults.get(stop) ?? '')
    .replace(/\$\{\d+\|([^,|]*)[^}]*\}/g, '$1')
    .replace(/(?<!\\)\$(\d+)/g, (_, stop: string) => defaults.get(stop) ?? '')
    .replace(/\\([\\$}])/g, '$1')
    .replaceAll('\t', '  ');
}
