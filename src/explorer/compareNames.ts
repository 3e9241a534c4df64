/** Made once: `localeCompare` with options makes one for each comparison. */
const COLLATOR = new Intl.Collator('en', { numeric: true });

/** Orders names as people do: "web-9" before "web-10". */
export function compareNames(a: string, b: string): number {
  return COLLATOR.compare(a, b);
}
