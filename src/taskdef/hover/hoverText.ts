/** What a hover says, before it is rendered: plain text, of which nothing is markup. */
export interface HoverText {
  readonly title: string;
  /** Name and value; sizes in bytes and times are put into words where they are shown. */
  readonly facts: readonly HoverFact[];
  /** A sentence about what is wrong, or not known. */
  readonly note?: string;
}

export type HoverFact = readonly [name: string, value: string | Date | { readonly bytes: number }];

type PossibleFact = readonly [name: string, value: HoverFact[1] | undefined];

/** Leaves out what is not known. */
export function hoverText(title: string, facts: readonly PossibleFact[], note?: string): HoverText {
  const known = facts.filter((fact): fact is HoverFact => fact[1] !== undefined && fact[1] !== '');
  return { title, facts: known, ...(note !== undefined && { note }) };
}
