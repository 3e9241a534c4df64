/** What is worth knowing of a node beyond its row, as plain text: the tooltip is made of it. */
export interface RowDetails {
  readonly title: string;
  /** Name and value; what is not known is left out. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** A text of its own, below the facts. */
  readonly text?: string;
}

/** Left out where it is not known, or empty. */
export type PossibleFact = readonly [name: string, value: string | number | Date | undefined];

export function details(title: string, facts: readonly PossibleFact[], text?: string): RowDetails {
  const known = knownOf(facts);
  return text === undefined ? { title, facts: known } : { title, facts: known, text };
}

/** The details with more of them, before the last, which says where it is. */
export function withFacts(base: RowDetails, more: readonly PossibleFact[]): RowDetails {
  return { ...base, facts: [...base.facts.slice(0, -1), ...knownOf(more), ...base.facts.slice(-1)] };
}

function knownOf(facts: readonly PossibleFact[]): [string, string][] {
  return facts.flatMap(([name, value]): [string, string][] =>
    value === undefined || value === ''
      ? []
      : [[name, value instanceof Date ? value.toLocaleString() : String(value)]],
  );
}
