import type { Node } from 'jsonc-parser';
import type { TextEdit } from './textSpan';
import type { ValueView } from './valueView';

/*
 * Edits that leave everything else of the document as it is: its indentation, its line ends, its comments, and
 * whether an object stands on one line or on many.
 */

/** Writes another value in the place of this one. */
export function replaceValue(view: ValueView, value: unknown): TextEdit[] {
  const { text } = view.document;
  const { offset, length } = view.span;
  return [{ offset, length, content: render(value, text, indentAt(text, offset)) }];
}

/** Sets a member, whether it is there or not. */
export function setMember(object: ValueView, name: string, value: unknown): TextEdit[] {
  return setMembers(object, { [name]: value });
}

/** Sets members: each in its place where it is written, be it as null, and the others behind the last one. */
export function setMembers(object: ValueView, members: Readonly<Record<string, unknown>>): TextEdit[] {
  const replaced: TextEdit[] = [];
  const added: Rendering[] = [];
  for (const [name, value] of Object.entries(members)) {
    const present = object.member(name);
    if (present.node) {
      replaced.push(...replaceValue(present, value));
    } else {
      added.push((indent) => `${JSON.stringify(name)}: ${render(value, object.document.text, indent)}`);
    }
  }
  return [...replaced, ...append(object, added)];
}

/** Adds an element behind the last one of a list. */
export function addItem(list: ValueView, value: unknown): TextEdit[] {
  return append(list, [(indent) => render(value, list.document.text, indent)]);
}

/** Puts an element before another one of a list. */
export function insertItemBefore(item: ValueView, value: unknown): TextEdit[] {
  const { text } = item.document;
  const { offset } = item.span;
  const separator = startsLine(text, offset) ? `,${eolOf(text)}${indentAt(text, offset)}` : ', ';
  return [{ offset, length: 0, content: `${JSON.stringify(value)}${separator}` }];
}

/** Takes members (by their values) or elements away, with their lines where they have lines of their own. */
export function removeAll(views: readonly ValueView[]): TextEdit[] {
  const byParent = new Map<Node, Set<Node>>();
  for (const { node } of views) {
    const entry = node?.parent?.type === 'property' ? node.parent : node;
    if (entry?.parent) {
      byParent.set(entry.parent, (byParent.get(entry.parent) ?? new Set()).add(entry));
    }
  }
  const text = views[0]?.document.text ?? '';
  return [...byParent].flatMap(([parent, entries]) => removeEntries(text, parent, entries));
}

type Rendering = (indent: string | undefined) => string;

function append(container: ValueView, entries: readonly Rendering[]): TextEdit[] {
  const { text } = container.document;
  const { node } = container;
  if (!node || entries.length === 0) {
    return [];
  }
  const last = node.children?.at(-1);
  if (!last) {
    return fillEmpty(text, node, entries);
  }
  const end = last.offset + last.length;
  const comma = commaAfter(text, end);
  const ownLine = startsLine(text, last.offset);
  const indent = ownLine ? indentAt(text, last.offset) : undefined;
  const separator = indent === undefined ? ' ' : `${eolOf(text)}${indent}`;
  const added = entries.map((entry) => separator + entry(indent)).join(',');
  const from = comma === undefined ? end : comma + 1;
  // A comment behind the last member belongs to it, and stays on its line.
  const trailing = ownLine
    ? /^[^\S\r\n]*(?:\/\/[^\r\n]*|\/\*[^\r\n]*?\*\/[^\S\r\n]*(?=[\r\n]))/.exec(text.slice(from))
    : null;
  if (!trailing) {
    return [{ offset: from, length: 0, content: (comma === undefined ? ',' : '') + added }];
  }
  const separate = comma === undefined ? [{ offset: end, length: 0, content: ',' }] : [];
  return [...separate, { offset: from + trailing[0].length, length: 0, content: added }];
}

function fillEmpty(text: string, node: Node, entries: readonly Rendering[]): TextEdit[] {
  const outer = indentAt(text, node.offset);
  const inner = outer + indentUnit(text);
  const eol = eolOf(text);
  const content = entries.map((entry) => `${eol}${inner}${entry(inner)}`).join(',');
  const interior = text.slice(node.offset + 1, node.offset + node.length - 1);
  return interior.trim() === ''
    ? [{ offset: node.offset + 1, length: interior.length, content: `${content}${eol}${outer}` }]
    : [{ offset: node.offset + 1, length: 0, content }];
}

function removeEntries(text: string, parent: Node, removed: ReadonlySet<Node>): TextEdit[] {
  const entries = parent.children ?? [];
  if (entries.length === removed.size && !holdsComments(text, parent)) {
    return [{ offset: parent.offset + 1, length: parent.length - 2, content: '' }];
  }
  const edits: TextEdit[] = [];
  for (let first = 0; first < entries.length; first += 1) {
    if (!removed.has(entries[first]!)) {
      continue;
    }
    let last = first;
    while (last + 1 < entries.length && removed.has(entries[last + 1]!)) {
      last += 1;
    }
    edits.push(...removeRun(text, entries, first, last));
    first = last;
  }
  return edits;
}

/** Takes neighbours away together, so that of two commas the right one goes. */
function removeRun(text: string, entries: readonly Node[], first: number, last: number): TextEdit[] {
  const start = entries[first]!.offset;
  const end = endOf(entries[last]!);
  const behind = (commaAfter(text, end) ?? end - 1) + 1;
  const before = entries[first - 1];
  const after = entries[last + 1];
  const lineEnd = /^[^\S\r\n]*(?:\/\/[^\r\n]*)?(\r\n|\r|\n)/.exec(text.slice(behind));
  if (lineEnd && startsLine(text, start)) {
    const lineStart = lineStartOf(text, start);
    const lines = { offset: lineStart, length: behind + lineEnd[0].length - lineStart, content: '' };
    const comma = before && !after ? commaAfter(text, endOf(before)) : undefined;
    return comma === undefined ? [lines] : [{ offset: comma, length: 1, content: '' }, lines];
  }
  if (after) {
    return [{ offset: start, length: after.offset - start, content: '' }];
  }
  const from = before ? endOf(before) : start;
  return [{ offset: from, length: behind - from, content: '' }];
}

function holdsComments(text: string, parent: Node): boolean {
  let from = parent.offset + 1;
  for (const entry of parent.children ?? []) {
    if (text.slice(from, entry.offset).includes('/')) {
      return true;
    }
    from = endOf(entry);
  }
  return text.slice(from, parent.offset + parent.length).includes('/');
}

function endOf(node: Node): number {
  return node.offset + node.length;
}

/** The offset of the comma that follows, across blanks and comments. */
function commaAfter(text: string, from: number): number | undefined {
  const between = /^(?:\s|\/\/[^\r\n]*|\/\*[^]*?\*\/)*/.exec(text.slice(from))?.[0].length ?? 0;
  return text[from + between] === ',' ? from + between : undefined;
}

function lineStartOf(text: string, offset: number): number {
  return Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
}

function startsLine(text: string, offset: number): boolean {
  const lineStart = lineStartOf(text, offset);
  return lineStart > 0 && text.slice(lineStart, offset).trim() === '';
}

/** The blanks with which the line of this offset begins. */
function indentAt(text: string, offset: number): string {
  return /^[^\S\r\n\uFEFF]*/.exec(text.slice(lineStartOf(text, offset), offset))?.[0] ?? '';
}

/** One step of indentation: that of the first line that has any. */
function indentUnit(text: string): string {
  return /[\r\n]([\t ]+)\S/.exec(text)?.[1] ?? '  ';
}

function eolOf(text: string): string {
  return /\r\n|\r|\n/.exec(text)?.[0] ?? '\n';
}

/** JSON of a value whose first line is indented by `indent`; on one line where there is none. */
function render(value: unknown, text: string, indent: string | undefined): string {
  const lines = JSON.stringify(value, null, indentUnit(text)).split('\n');
  return indent === undefined
    ? lines.map((line) => line.trim()).join(' ')
    : lines.join(`${eolOf(text)}${indent}`);
}
