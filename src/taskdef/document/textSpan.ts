/** A piece of a document, in UTF-16 units from its start, as VS Code counts. */
export interface TextSpan {
  readonly offset: number;
  readonly length: number;
}

/** Replaces a piece of a document. The edits of one fix all refer to the text before any of them, and never overlap. */
export interface TextEdit extends TextSpan {
  readonly content: string;
}

/** The text after the edits. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = '';
  let copied = 0;
  for (const edit of inOrder(edits)) {
    result += text.slice(copied, edit.offset) + edit.content;
    copied = edit.offset + edit.length;
  }
  return result + text.slice(copied);
}

/** True when one set of edits touches what the other changes, so that both cannot be made at once. */
export function editsOverlap(some: readonly TextEdit[], others: readonly TextEdit[]): boolean {
  return some.some((one) =>
    others.some(
      (other) => one.offset <= other.offset + other.length && other.offset <= one.offset + one.length,
    ),
  );
}

function inOrder(edits: readonly TextEdit[]): TextEdit[] {
  return [...edits].sort((one, other) => one.offset - other.offset || one.length - other.length);
}
