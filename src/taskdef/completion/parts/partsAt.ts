import type { Knowledge } from '../knowledge';
import type { Scene } from '../scene';
import { commaAfter, commaBefore, type Completion } from '../suggestion';
import { containerParts, sidecars } from './containerParts';
import type { Defaults, Part } from './part';
import { volumeList, volumes } from './volumeParts';
import { membersOf, wholeFiles } from './wholeFiles';

/** Whole parts of a definition that can stand in a place. */
export function partsAt(scene: Scene, knowledge: Knowledge): Completion[] {
  const defaults = { region: regionOf(scene) ?? knowledge.region ?? '<AWS_REGION>' };
  return partsFor(scene, defaults).map((part) => completionOfPart(scene, part));
}

function partsFor(scene: Scene, defaults: Defaults): Part[] {
  const { path, place, task } = scene;
  switch (place.kind) {
    case 'root':
      return wholeFiles(defaults);
    case 'value':
      return path.length !== 2 || typeof path[1] !== 'number'
        ? []
        : path[0] === 'containerDefinitions'
          ? sidecars(scene)
          : path[0] === 'volumes'
            ? volumes(scene)
            : [];
    case 'key':
      if (place.hasValue) {
        return [];
      }
      if (path.length === 0) {
        return isEmpty(scene)
          ? wholeFiles(defaults).map((part) => ({ ...part, body: membersOf(part) }))
          : task.containers.length > 0
            ? volumeList(scene)
            : [];
      }
      return path.length === 2 && path[0] === 'containerDefinitions' ? containerParts(scene, defaults) : [];
  }
}

function isEmpty({ above, task }: Scene): boolean {
  // The key of the place itself has the value null, and does not count.
  return above(1).members().length === 0 && task.document.kind === 'taskDefinition';
}

/** The region that the definition names. */
function regionOf({ task }: Scene): string | undefined {
  return task.containers
    .map((each) => each.member('logConfiguration').member('options').member('awslogs-region').text)
    .find(Boolean);
}

function completionOfPart(scene: Scene, { label, about, keywords, body, needs }: Part): Completion {
  const { place } = scene;
  return {
    label,
    details: [],
    documentation: about,
    kind: 'snippet',
    span: place.span,
    insert: body + commaAfter(place),
    isSnippet: true,
    filter: `"${label} ${keywords}`,
    edits: [...commaBefore(place), ...scene.elsewhere(needs?.(scene) ?? [])],
    goesOn: false,
  };
}
