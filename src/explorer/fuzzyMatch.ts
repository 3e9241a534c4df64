/**
 * How well a name answers what was typed: the higher the better, `undefined` when it does not. The letters
 * have to stand in the name in this order; better when they stand together, begin a word of it, or are all of it.
 */
export function fuzzyScore(query: string, name: string): number | undefined {
  const wanted = query.toLowerCase().replaceAll(/\s+/g, '');
  const text = name.toLowerCase();
  if (wanted === '') {
    return 0;
  }
  const whole = text.indexOf(wanted);
  if (whole >= 0) {
    return 1000 - Math.min(whole, 100) + (isWordStart(text, whole) ? 200 : 0) - text.length / 100;
  }
  let score = 0;
  let from = 0;
  let last = -2;
  for (const letter of wanted) {
    const at = startOfWord(text, letter, from) ?? text.indexOf(letter, from);
    if (at < 0) {
      return undefined;
    }
    score += at === last + 1 ? 8 : isWordStart(text, at) ? 6 : 1;
    last = at;
    from = at + 1;
  }
  return score - text.length / 100;
}

/** The best answers among many, the best first. */
export function bestMatches<T>(
  query: string,
  items: Iterable<T>,
  nameOf: (item: T) => string,
  most: number,
): T[] {
  const found: { readonly item: T; readonly score: number; readonly name: string }[] = [];
  for (const item of items) {
    const name = nameOf(item);
    const score = fuzzyScore(query, name);
    if (score !== undefined) {
      found.push({ item, score, name });
    }
  }
  return found
    .sort((a, b) => b.score - a.score || (a.name < b.name ? -1 : 1))
    .slice(0, most)
    .map(({ item }) => item);
}

/** Where the letter next continues the word that is being typed, or begins another one. */
function startOfWord(text: string, letter: string, from: number): number | undefined {
  if (text[from] === letter) {
    return from;
  }
  for (let at = text.indexOf(letter, from); at >= 0; at = text.indexOf(letter, at + 1)) {
    if (isWordStart(text, at)) {
      return at;
    }
  }
  return undefined;
}

function isWordStart(text: string, at: number): boolean {
  return at === 0 || !/[a-z0-9]/.test(text[at - 1] ?? '');
}
