import type { Normalised } from './registerInput';

/** Longer values are cut: the diff editor shows them whole. */
const LONGEST_VALUE = 120;

/** How list items are told apart, so that one added in front does not change all that follow. */
const NAMES = ['name', 'key', 'containerPort', 'sourceVolume', 'containerName', 'type'] as const;

/**
 * Says each difference in a sentence, in the order of the members. Values of environment variables are left
 * out: they may be secrets, and these sentences are logged.
 */
export function describeChanges(before: Normalised, after: Normalised): string[] {
  const changes: string[] = [];
  compare([], before, after, changes);
  return changes;
}

function compare(path: readonly string[], before: unknown, after: unknown, changes: string[]): void {
  if (isComposite(before) && isComposite(after)) {
    const old = entriesOf(before);
    const now = entriesOf(after);
    for (const name of new Set([...old.keys(), ...now.keys()])) {
      compare([...path, name], old.get(name), now.get(name), changes);
    }
    return;
  }
  if (before === after) {
    return;
  }
  const where = path.filter((part) => part !== 'containerDefinitions').join(' ');
  if (path.includes('environment')) {
    const what = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
    changes.push(`${where.replace(/ value$/, '')} ${what}`);
  } else if (before === undefined) {
    changes.push(`${where} added: ${show(after)}`);
  } else if (after === undefined) {
    changes.push(`${where} removed: ${show(before)}`);
  } else {
    changes.push(`${where}: ${show(before)} → ${show(after)}`);
  }
}

function isComposite(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function entriesOf(value: object): Map<string, unknown> {
  if (!Array.isArray(value)) {
    return new Map(Object.entries(value));
  }
  const entries = new Map<string, unknown>();
  value.forEach((item: unknown, index) => {
    const name = nameOf(item) ?? String(index);
    entries.set(entries.has(name) ? `${name} #${index}` : name, item);
  });
  return entries;
}

function nameOf(item: unknown): string | undefined {
  if (!isComposite(item)) {
    return undefined;
  }
  const members = new Map<string, unknown>(Object.entries(item));
  const name = NAMES.map((key) => members.get(key)).find((found) => found !== undefined);
  return typeof name === 'string' || typeof name === 'number' ? String(name) : undefined;
}

function show(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  // A container that is new brings its environment along.
  const shown = isComposite(value) && 'environment' in value ? '(see the comparison)' : text;
  return shown.length > LONGEST_VALUE ? `${shown.slice(0, LONGEST_VALUE)}…` : shown;
}
