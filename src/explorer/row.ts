/** How a resource fares, for the colour of its icon. */
export type Tone = 'plain' | 'good' | 'busy' | 'failing' | 'idle';

/** A row as people read it. All text is plain: what came from AWS is data, never markup. */
export interface Row {
  readonly label: string;
  readonly description?: string;
  readonly tone: Tone;
  /** What menus match on, as "service.failing"; the first token is the node's kind. */
  readonly contextValue: string;
  readonly expandable: boolean;
  /** What a screen reader says in place of label and description. */
  readonly accessibleLabel: string;
}

/** Everything that may stand in a `contextValue`, between dots. */
export const CONTEXT_TOKENS = [
  'context',
  'repository',
  'image',
  'cluster',
  'service',
  'taskGroup',
  'task',
  'container',
  'section',
  'capacityProvider',
  'deployment',
  'event',
  'networkEntry',
  'target',
  'roles',
  'role',
  'family',
  'revision',
  'inactiveRevisions',
  'message',
  'tagged',
  'untagged',
  'severalTags',
  'index',
  'member',
  'running',
  'stopped',
  'failing',
  'deploying',
  'draining',
  'reachable',
  'active',
  'inactive',
  'former',
  'remembered',
  'remembering',
  'named',
  'arn',
  'page',
  'targets',
  'actionable',
  'retry',
] as const;

export type ContextToken = (typeof CONTEXT_TOKENS)[number];

interface RowParts {
  readonly label: string;
  readonly description?: string | undefined;
  /** What is said in place of a description that is shortened for the eye. */
  readonly spokenDescription?: string;
  /** The kind, as said before the label. */
  readonly spoken: string;
  readonly tokens: readonly (ContextToken | false)[];
  readonly tone?: Tone;
  readonly expandable?: boolean;
}

export function row({
  label,
  description,
  spokenDescription = description,
  spoken,
  tokens,
  tone = 'plain',
  expandable = false,
}: RowParts): Row {
  return {
    label,
    ...(description ? { description } : {}),
    tone,
    contextValue: tokens.filter((token) => token !== false).join('.'),
    expandable,
    accessibleLabel: [
      `${spoken} ${label}`,
      ...(spokenDescription ? [spokenDescription.replaceAll(' · ', ', ')] : []),
    ].join(', '),
  };
}

export function join(...parts: readonly (string | false | undefined)[]): string {
  return parts.filter(Boolean).join(' · ');
}

/** "1 task", "2 tasks" */
export function countOf(count: number | undefined, noun: string): string | false {
  return count !== undefined && `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** "RUNNING" as "running": the services' own terms, in the case of the rest of the row. */
export function inWords(status: string | undefined): string | undefined {
  return status?.toLowerCase().replaceAll('_', ' ');
}
