import { findNodeAtLocation, parseTree, type JSONPath, type ParseError } from 'jsonc-parser';
import { fillPlaceholders } from '../document/placeholders';
import { memberOf, nestsTooDeep, type TaskDefinitionDocument } from '../document/taskDefinitionDocument';
import { editsOverlap, type TextEdit } from '../document/textSpan';
import { ValueView } from '../document/valueView';
import { viewTask, type Task } from '../rules/task';
import { findPlace, type Place } from './place';

/** A place of a definition, with the definition as it is apart from what stands there. */
export interface Scene {
  readonly place: Place;
  /** The place by names of RegisterTaskDefinition's input: without the wrapper, a bare list as `containerDefinitions`. */
  readonly path: JSONPath;
  /** `null` stands in the place, so that its own value never counts. */
  readonly task: Task;
  /** The container that the place is in. */
  readonly container: ValueView | undefined;
  /** The object or list that many steps above the place; 1 is what holds it. */
  readonly above: (steps: number) => ValueView;
  /**
   * Edits of the scene's document as edits of the text. None where the text cannot be trusted for that, or where
   * they would touch the place.
   */
  readonly elsewhere: (edits: readonly TextEdit[]) => TextEdit[];
}

/** @returns `undefined` where nothing can be completed */
export function createScene(text: string, offset: number): Scene | undefined {
  const { text: filled } = fillPlaceholders(text);
  const place = findPlace(filled, offset);
  if (!place) {
    return undefined;
  }
  const stand = standIn(place);
  const { span } = place;
  const content = text.slice(0, span.offset) + stand + text.slice(span.offset + span.length);
  if (nestsTooDeep(content)) {
    return undefined;
  }
  const document = parseDraft(content);
  const bare = document.kind === 'containers';
  const wrapped = document.kind === 'wrapper' && place.path[0] === 'taskDefinition';
  const path = bare ? ['containerDefinitions', ...place.path] : place.path.slice(wrapped ? 1 : 0);
  const viewAt = (raw: JSONPath): ValueView =>
    ValueView.of(document, document.root && findNodeAtLocation(document.root, raw));
  // A key is for an object that is in the path; a value has its own name at the end.
  const depth = place.path.length - (place.kind === 'key' ? 0 : 1);
  const inContainer = path[0] === 'containerDefinitions' && path.length > 1;
  const containerPath = place.path.slice(0, place.path.length - path.length + 2);
  return {
    place,
    path,
    task: viewTask(document),
    container: inContainer ? viewAt(containerPath) : undefined,
    above: (steps) => viewAt(place.path.slice(0, Math.max(0, depth - steps + 1))),
    elsewhere: (edits) => (document.intact ? moveEdits(edits, span.offset, span.length, stand.length) : []),
  };
}

/** What makes the text complete at the place. */
function standIn({ kind, hasValue, commaBefore, commaAfter }: Place): string {
  const content = kind === 'key' ? (hasValue ? '"\\u0000"' : '"\\u0000":null') : 'null';
  return `${commaBefore === undefined ? '' : ','}${content}${commaAfter ? ',' : ''}`;
}

interface Draft extends TaskDefinitionDocument {
  /** The whole of it could be read. */
  readonly intact: boolean;
}

/** Reads as much as can be read, and takes what is neither a wrapper nor a list for a definition. */
function parseDraft(original: string): Draft {
  const text = original.replace(/^\uFEFF/, ' ');
  const read = (content: string) => {
    const errors: ParseError[] = [];
    return { root: parseTree(content, errors, { allowTrailingComma: true }), intact: errors.length === 0 };
  };
  let fillers: ReadonlySet<number> = new Set();
  let result = read(text);
  if (!result.intact) {
    const filled = fillPlaceholders(text);
    fillers = filled.fillers;
    result = fillers.size > 0 ? read(filled.text) : result;
  }
  const { root, intact } = result;
  if (root?.type === 'array') {
    return { text, root, intact, fillers, kind: 'containers', definition: undefined };
  }
  const inner = memberOf(root, 'taskDefinition');
  return inner?.type === 'object' && memberOf(root, 'containerDefinitions') === undefined
    ? { text, root, intact, fillers, kind: 'wrapper', definition: inner }
    : { text, root, intact, fillers, kind: 'taskDefinition', definition: root };
}

function moveEdits(
  edits: readonly TextEdit[],
  start: number,
  length: number,
  standLength: number,
): TextEdit[] {
  if (editsOverlap(edits, [{ offset: start, length: standLength, content: '' }])) {
    return [];
  }
  return edits.map((edit) =>
    edit.offset < start ? edit : { ...edit, offset: edit.offset - standLength + length },
  );
}
