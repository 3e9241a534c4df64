/** The name that was probably meant: the one with the fewest changed letters, if these are few. */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  let nearest: string | undefined;
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < least) {
      [nearest, least] = [candidate, distance];
    }
  }
  return nearest;
}

/** The sentence that ends a message about an unknown name. */
export function suggestName(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  if (nearest !== undefined) {
    return `Did you mean "${nearest}"?`;
  }
  return known.length > 0 ? `There are: ${known.slice(0, 12).join(', ')}.` : 'There are none.';
}

/** Levenshtein's, by one row of his table. Names longer than any that ECS accepts are taken to be far apart. */
function editDistance(one: string, other: string): number {
  if (Math.max(one.length, other.length) > 255) {
    return Infinity;
  }
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const same = one[i - 1] === other[j - 1] ? 0 : 1;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
