import type { TextEdit, TextSpan } from '../document/textSpan';
import type { Task } from './task';

export type Severity = 'error' | 'warning' | 'information' | 'hint';

/** Something to change, as edits of the text in which the finding was made. */
export interface Fix {
  /** An imperative, as the light bulb shows it. */
  readonly title: string;
  /** Made when asked for: most fixes are never looked at. */
  readonly edits: () => readonly TextEdit[];
  /** A choice or a value that the user has to confirm: offered alone, left out of "fix all". */
  readonly guess?: true;
}

export interface Finding {
  readonly span: TextSpan;
  /** The value, the limit, and what to do. */
  readonly message: string;
  /** The other end of a finding about two places. */
  readonly related?: { readonly span: TextSpan; readonly message: string };
  readonly fix?: Fix;
}

/** One thing that ECS demands of a task definition, or that goes wrong later when it is not heeded. */
export interface Rule {
  /** Stable: users name it in their settings. */
  readonly id: string;
  readonly severity: Severity;
  /** The page that says so. */
  readonly source: string;
  readonly check: (task: Task) => Iterable<Finding>;
}
