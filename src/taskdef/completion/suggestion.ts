import type { TextEdit, TextSpan } from '../document/textSpan';
import type { Place } from './place';

/** What is said beside a suggestion; sizes in bytes and times are put into words where they are shown. */
export type Detail = string | Date | { readonly bytes: number };

/** What a suggestion stands for, which decides its icon. */
export type SuggestionKind = 'value' | 'container' | 'option' | 'image' | 'resource' | 'snippet';

/** A value that fits a place. */
export interface Suggestion {
  readonly value: string | number;
  readonly details?: readonly Detail[];
  /** A sentence or two, shown on demand. */
  readonly documentation?: string;
  /** What is listed, where that is not the value as JSON. */
  readonly label?: string;
  /** Further text by which it can be found. */
  readonly keywords?: string;
  readonly kind?: SuggestionKind;
  /** Where the value is only a piece of what stands in the place. */
  readonly span?: TextSpan;
  /** The cursor stays inside of the quotes, and more is suggested. */
  readonly goesOn?: true;
}

/** A suggestion as an edit of the text. */
export interface Completion {
  readonly label: string;
  readonly details: readonly Detail[];
  readonly documentation: string | undefined;
  readonly kind: SuggestionKind;
  /** On one line, around the cursor. */
  readonly span: TextSpan;
  readonly insert: string;
  /** `insert` has tab stops, in VS Code's snippet syntax. */
  readonly isSnippet: boolean;
  /** What the text between the start of `span` and the cursor is compared with. */
  readonly filter: string;
  /** Made together with the replacement of `span`, which they do not touch. */
  readonly edits: readonly TextEdit[];
  /** Completion is wanted again where the cursor then is. */
  readonly goesOn: boolean;
}

/** The suggestion as it is written into the place, commas included. */
export function completionOf(place: Place, suggestion: Suggestion): Completion {
  const { value, details = [], documentation, label, keywords, kind = 'value' } = suggestion;
  const json = JSON.stringify(value);
  const piece = suggestion.span !== undefined;
  const goesOn = suggestion.goesOn === true;
  return {
    label: label ?? json,
    details,
    documentation,
    kind,
    span: suggestion.span ?? place.span,
    insert: piece
      ? json.slice(1, -1)
      : goesOn
        ? `${escapeSnippet(json.slice(0, -1))}$0"${commaAfter(place)}`
        : json + commaAfter(place),
    isSnippet: goesOn,
    filter: piece ? json.slice(1, -1) : [json, keywords].join(' ').trimEnd(),
    edits: commaBefore(place),
    goesOn,
  };
}

/** A name of a member, with the place for its value. */
export function keyCompletionOf(place: Place, suggestion: Suggestion): Completion {
  const json = JSON.stringify(suggestion.value);
  return {
    ...completionOf(place, suggestion),
    label: suggestion.label ?? String(suggestion.value),
    insert: place.hasValue ? json : `${escapeSnippet(json)}: "$1"${commaAfter(place)}`,
    isSnippet: !place.hasValue,
    filter: json,
    goesOn: !place.hasValue,
  };
}

export function commaBefore({ commaBefore: offset }: Place): TextEdit[] {
  return offset === undefined ? [] : [{ offset, length: 0, content: ',' }];
}

export function commaAfter(place: Place): string {
  return place.commaAfter ? ',' : '';
}

/** Text that stands for itself in a snippet. */
export function escapeSnippet(text: string): string {
  return text.replace(/[\\$}]/g, '\\$&');
}
