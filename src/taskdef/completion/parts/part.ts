import type { TextEdit } from '../../document/textSpan';
import type { Scene } from '../scene';

/** A whole part of a definition, as a snippet. */
export interface Part {
  readonly label: string;
  readonly about: string;
  /** What it adds or is, by the API's names. */
  readonly keywords: string;
  /** In VS Code's snippet syntax, indented with tabs. */
  readonly body: string;
  /** What the part needs elsewhere in the definition. */
  readonly needs?: (scene: Scene) => readonly TextEdit[];
}

/** What the parts are filled in with. */
export interface Defaults {
  readonly region: string;
}
