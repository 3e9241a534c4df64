import { parseTree, type Node } from 'jsonc-parser';
import { fillPlaceholders } from './document/placeholders';
import { memberOf, nestsTooDeep, parseTaskDefinition } from './document/taskDefinitionDocument';
import type { TextSpan } from './document/textSpan';

export interface ImageAnchor extends TextSpan {
  /** The name of the container. */
  readonly container: string;
}

/** Where a text has what can be acted on. */
export interface LensAnchors {
  /** The family of a task definition, or the definition itself where it has none. Not of a bare list of containers. */
  readonly definition: TextSpan | undefined;
  /** The member `image` of each container that has a name. */
  readonly images: readonly ImageAnchor[];
}

/** A member whose value is not typed yet, right before the next one, which would be taken for it. */
const UNTYPED_VALUE = /:\s(?=\s*"(?:[^"\\\r\n]|\\.)*"\s*:)/g;

/** Reads also a text that is being typed and not JSON at the moment, so that nothing comes and goes with every key. */
export function findLensAnchors(text: string): LensAnchors {
  const document = parseTaskDefinition(text);
  switch (document.kind) {
    case 'taskDefinition':
    case 'wrapper':
      return anchorsIn(document.definition, document.fillers);
    case 'containers':
      return { definition: undefined, images: imagesIn(document.root, document.fillers) };
    case 'invalid':
      return anchorsInDraft(text);
    case 'pascalCase':
    case 'skeleton':
    case 'other':
      return { definition: undefined, images: [] };
  }
}

function anchorsInDraft(text: string): LensAnchors {
  const { text: filled, fillers } = fillPlaceholders(text.replace(/^\uFEFF/, ' '));
  // As long as the text, so that offsets stay.
  const content = filled.replace(UNTYPED_VALUE, ':0');
  const root = nestsTooDeep(content) ? undefined : parseTree(content, [], { allowTrailingComma: true });
  const definition = [root, memberOf(root, 'taskDefinition')].find(
    (each) => memberOf(each, 'containerDefinitions')?.type === 'array',
  );
  return anchorsIn(definition, fillers);
}

function anchorsIn(definition: Node | undefined, fillers: ReadonlySet<number>): LensAnchors {
  const family = memberOf(definition, 'family')?.parent;
  const start = definition && { offset: definition.offset, length: 1 };
  return {
    definition: family ? spanOf(family) : start,
    images: imagesIn(memberOf(definition, 'containerDefinitions'), fillers),
  };
}

function imagesIn(containers: Node | undefined, fillers: ReadonlySet<number>): ImageAnchor[] {
  return (containers?.children ?? []).flatMap((container) => {
    const image = memberOf(container, 'image')?.parent;
    const name = memberOf(container, 'name');
    const text: unknown = name && !fillers.has(name.offset) ? name.value : undefined;
    return image && typeof text === 'string' && text !== '' ? [{ container: text, ...spanOf(image) }] : [];
  });
}

function spanOf({ offset, length }: Node): TextSpan {
  return { offset, length };
}
