import type { JSONPath } from 'jsonc-parser';
import type { Knowledge } from './knowledge';
import { remoteRequestAt, suggestRemote, type RemoteRequest } from './remoteSuggestions';
import type { RemoteValues } from './remoteValues';
import { createScene, type Scene } from './scene';
import { partsAt } from './parts/partsAt';
import { completionOf, keyCompletionOf, type Completion, type Suggestion } from './suggestion';
import { KEYS, VALUES } from './valueSources';

/** What can be written at a place of a text. */
export interface Completions {
  /** In the order in which they are listed. */
  readonly items: readonly Completion[];
  /** What else fits and only AWS knows: for `completeFromAws`. */
  readonly remote?: { readonly request: RemoteRequest; readonly scene: Scene };
}

/**
 * Values and snippets for the place of the cursor in a task definition, be it JSON at the moment or not. Nothing
 * that the JSON schema offers already: the editor lists both. Never throws.
 */
export function completeTaskDefinition(text: string, offset: number, knowledge: Knowledge): Completions {
  const scene = createScene(text, offset);
  if (!scene) {
    return { items: [] };
  }
  const { place } = scene;
  const parts = partsAt(scene, knowledge);
  if (place.kind !== 'value') {
    const keys = place.kind === 'key' ? (KEYS.get(patternOf(scene.path))?.(scene) ?? []) : [];
    return { items: [...keys.map((each) => keyCompletionOf(place, each)), ...parts] };
  }
  const pattern = patternOf(scene.path);
  const request = remoteRequestAt(scene, pattern);
  const items = [...valuesAt(scene, pattern, knowledge).map((each) => completionOf(place, each)), ...parts];
  return { items, ...(request && { remote: { request, scene } }) };
}

/** The completions with those from AWS behind them, and whether these are all. */
export async function completeFromAws(
  { items, remote }: Completions,
  values: RemoteValues,
): Promise<{ readonly items: readonly Completion[]; readonly complete: boolean }> {
  if (!remote) {
    return { items, complete: true };
  }
  const { place } = remote.scene;
  const { values: suggestions, complete } = await suggestRemote(remote.request, place, values);
  const found = suggestions.map((each) => completionOf(place, each));
  const inserted = new Set(found.map(({ insert }) => insert));
  return { items: [...items.filter(({ insert }) => !inserted.has(insert)), ...found], complete };
}

function valuesAt(scene: Scene, pattern: string, knowledge: Knowledge): Suggestion[] {
  if (pattern.endsWith('/logConfiguration/options/awslogs-region')) {
    return suggestRegions(scene, knowledge);
  }
  const source = VALUES.get(pattern) ?? VALUES.get(pattern.replace(/[^/]+$/, '*'));
  return source?.(scene).filter(({ value }) => value !== '') ?? [];
}

/** The regions that the definition names, then where it is likely to be used, then all others. */
function suggestRegions({ task }: Scene, { region, regions }: Knowledge): Suggestion[] {
  const used = task.containers.map(
    (container) => container.member('logConfiguration').member('options').member('awslogs-region').text,
  );
  return [...new Set([...used, region, ...regions.keys()])].flatMap((value) =>
    value ? [{ value, details: [regions.get(value) ?? 'region'] }] : [],
  );
}

/** The path with `*` for each index. */
function patternOf(path: JSONPath): string {
  return path.map((segment) => (typeof segment === 'number' ? '*' : segment)).join('/');
}
