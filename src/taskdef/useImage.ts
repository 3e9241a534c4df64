import { setMember } from './document/edits';
import { parseTaskDefinition, type TaskDefinitionDocument } from './document/taskDefinitionDocument';
import type { TextEdit } from './document/textSpan';
import { ValueView } from './document/valueView';

/** What a container of a definition says of its image. */
export interface ContainerImage {
  /** As it stands there, be it a placeholder. */
  readonly image: string | undefined;
  /** "linux/arm64", as an engine calls what the definition says that it runs on; only of Linux. */
  readonly platform: string | undefined;
}

/** @returns `undefined` when the text has no such container */
export function readContainerImage(text: string, container: string): ContainerImage | undefined {
  const document = parseTaskDefinition(text);
  const found = findContainer(document, container);
  if (!found) {
    return undefined;
  }
  const runtime = ValueView.of(document, document.definition).member('runtimePlatform');
  const system = runtime.member('operatingSystemFamily').text ?? 'LINUX';
  const architecture = new Map([
    ['X86_64', 'amd64'],
    ['ARM64', 'arm64'],
  ]).get(runtime.member('cpuArchitecture').text ?? '');
  const { node } = found.member('image');
  return {
    image: typeof node?.value === 'string' ? node.value : undefined,
    platform: system === 'LINUX' && architecture !== undefined ? `linux/${architecture}` : undefined,
  };
}

/**
 * Puts an image into a container, and leaves all else of the text as it is.
 * @returns `undefined` when the text has no such container
 */
export function useImage(text: string, container: string, uri: string): TextEdit[] | undefined {
  const found = findContainer(parseTaskDefinition(text), container);
  return found && setMember(found, 'image', uri);
}

function findContainer(document: TaskDefinitionDocument, name: string): ValueView | undefined {
  const list =
    document.kind === 'containers'
      ? ValueView.of(document, document.root)
      : ValueView.of(document, document.definition).member('containerDefinitions');
  return list.items().find((each) => each.member('name').text === name);
}
