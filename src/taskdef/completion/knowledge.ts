/** What is known of AWS without asking it. */
export interface Knowledge {
  /** Where the definition is likely to be used. */
  readonly region?: string;
  /** All regions with their names. */
  readonly regions: ReadonlyMap<string, string>;
}
