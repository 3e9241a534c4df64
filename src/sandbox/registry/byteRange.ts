/** Byte positions, both inclusive. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/**
 * Reads a `Range` header for content of `size` bytes (RFC 9110, section 14). Gives `undefined` where the
 * whole content is the right answer: no header, another unit, several ranges, or a header that is not of
 * the form; and `'unsatisfiable'` where none of the content is in the range.
 */
export function parseRange(
  header: string | undefined,
  size: number,
): ByteRange | 'unsatisfiable' | undefined {
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '') ?? [];
  if (from === undefined || to === undefined || (from === '' && to === '')) {
    return undefined;
  }
  if (from === '') {
    const length = Math.min(Number(to), size);
    return length === 0 ? 'unsatisfiable' : { first: size - length, last: size - 1 };
  }
  const first = Number(from);
  const last = to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (to !== '' && Number(to) < first) {
    return undefined;
  }
  return first >= size ? 'unsatisfiable' : { first, last };
}

/**
 * Reads the `Content-Range` of an upload's chunk: `first-last` as the OCI distribution specification has
 * it, or `bytes first-last/total` as HTTP has it. `undefined` when it is neither, or ends before it starts.
 */
export function parseContentRange(header: string): ByteRange | undefined {
  const [, from, to] = /^(?:bytes[ =])?(\d+)-(\d+)(?:\/(?:\d+|\*))?$/.exec(header.trim()) ?? [];
  const range = { first: Number(from), last: Number(to) };
  return Number.isSafeInteger(range.first) && Number.isSafeInteger(range.last) && range.first <= range.last
    ? range
    : undefined;
}
