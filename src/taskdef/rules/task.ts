import type { TaskDefinitionDocument } from '../document/taskDefinitionDocument';
import { ValueView } from '../document/valueView';

/** A definition with what most rules ask of it. */
export interface Task {
  readonly document: TaskDefinitionDocument;
  /** The object with the `containerDefinitions`; of a bare list of containers, something of which nothing is known. */
  readonly definition: ValueView;
  readonly containers: readonly ValueView[];
  readonly family: ValueView;
  readonly cpu: ValueView;
  readonly memory: ValueView;
  readonly networkMode: ValueView;
  readonly compatibilities: ValueView;
  /** The element `FARGATE` of `requiresCompatibilities`: its rules hold even where other launch types are named too. */
  readonly fargate: ValueView | undefined;
  readonly managedInstances: boolean;
  readonly windows: boolean;
}

export function viewTask(document: TaskDefinitionDocument): Task {
  const bare = document.kind === 'containers';
  const definition = bare ? ValueView.elsewhere(document) : ValueView.of(document, document.definition);
  const containers = bare ? ValueView.of(document, document.root) : definition.member('containerDefinitions');
  const compatibilities = definition.member('requiresCompatibilities');
  const system = definition.member('runtimePlatform').member('operatingSystemFamily').text;
  return {
    document,
    definition,
    containers: containers.items().filter(({ isObject }) => isObject),
    family: definition.member('family'),
    cpu: definition.member('cpu'),
    memory: definition.member('memory'),
    networkMode: definition.member('networkMode'),
    compatibilities,
    fargate: compatibilities.items().find(({ text }) => text === 'FARGATE'),
    managedInstances: compatibilities.items().some(({ text }) => text === 'MANAGED_INSTANCES'),
    windows: system?.startsWith('WINDOWS') ?? false,
  };
}

/** A container as messages call it: by its name, or by its place where it has none yet. */
export function labelOf(container: ValueView): string {
  const { node } = container.member('name');
  const name: unknown = node && !container.document.fillers.has(node.offset) ? node.value : undefined;
  if (typeof name === 'string' && name !== '') {
    return `Container "${name}"`;
  }
  const place = container.node?.parent?.children?.indexOf(container.node) ?? 0;
  return `Container ${place + 1}`;
}

/** What a message about a whole container is put at: its name, else its opening brace. */
export function headOf(container: ValueView): { offset: number; length: number } {
  const name = container.member('name');
  return name.node ? name.span : { offset: container.span.offset, length: 1 };
}

export function fargateReason(
  task: Task,
): { span: { offset: number; length: number }; message: string } | undefined {
  return task.fargate && { span: task.fargate.span, message: 'The definition is for Fargate.' };
}

/** The container of this name, or undefined when there is none. */
export function containerNamed(task: Task, name: string): ValueView | undefined {
  return task.containers.find((container) => container.member('name').text === name);
}

/** True when no placeholder stands for a container, or for all, so that what no container has is missing. */
export function allContainersKnown({ document, definition }: Task): boolean {
  return document.kind === 'containers' || definition.member('containerDefinitions').complete;
}

/** The names of all containers, or undefined when some are yet to be filled in. */
export function containerNames(task: Task): string[] | undefined {
  return allContainersKnown(task) ? namesIn(task.containers) : undefined;
}

/** The `name`s of the objects in a list, or undefined when some are yet to be filled in. */
export function listedNames(list: ValueView): string[] | undefined {
  return list.complete ? namesIn(list.items()) : undefined;
}

function namesIn(objects: readonly ValueView[]): string[] | undefined {
  const names = objects.map((object) => object.member('name'));
  return names.some(({ unknown }) => unknown) ? undefined : names.flatMap(({ text }) => text ?? []);
}
