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

/** Reads also a text that is being typed and not JSON at the moment, so that nothing comes and goes with every key. */
export function findLensAnchors(text: string): LensAnchors {
  const { kind, root, definition } = parseTaskDefinition(text);
  switch (kind) {
    case 'taskDefinition':
    case 'wrapper':
      return anchorsIn(definition);
    case 'containers':
      return { definition: undefined, images: imagesIn(root) };
    case 'invalid':
      return anchorsIn(readDraft(text));
    case 'pascalCase':
    case 'skeleton':
    case 'other':
      return { definition: undefined, images: [] };
  }
}

function readDraft(text: string): Node | undefined {
  const content = fillPlaceholders(text.replace(/^\uFEFF/, ' ')).text;
  const root = nestsTooDeep(content) ? undefined : parseTree(content, [], { allowTrailingComma: true });
  return [root, memberOf(root, 'taskDefinition')].find(
    (each) => memberOf(each, 'containerDefinitions')?.type === 'array',
  );
}

function anchorsIn(definition: Node | undefined): LensAnchors {
  const family = memberOf(definition, 'family')?.parent;
  const start = definition && { offset: definition.offset, length: 1 };
  return {
    definition: family ? spanOf(family) : start,
    images: imagesIn(memberOf(definition, 'containerDefinitions')),
  };
}

function imagesIn(containers: Node | undefined): ImageAnchor[] {
  return (containers?.children ?? []).flatMap((container) => {
    const image = memberOf(container, 'image')?.parent;
    const name: unknown = memberOf(container, 'name')?.value;
    return image && typeof name === 'string' && name !== '' ? [{ container: name, ...spanOf(image) }] : [];
  });
}

function spanOf({ offset, length }: Node): TextSpan {
  return { offset, length };
}
