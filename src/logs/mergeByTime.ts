import type { LogLine } from './logTarget';

/**
 * Merges page sequences, each of which goes forward in time, into one that does: a line is given once no
 * sequence can give an older one. Holds one page a sequence.
 */
export async function* mergeByTime(
  sequences: readonly AsyncIterator<LogLine[], void, void>[],
): AsyncGenerator<LogLine[], void, void> {
  interface Head {
    readonly sequence: AsyncIterator<LogLine[], void, void>;
    lines: LogLine[];
  }
  const fill = async (head: Head): Promise<Head | undefined> => {
    const next = await head.sequence.next();
    if (next.done) {
      return undefined;
    }
    head.lines = next.value.sort(byTime);
    return head;
  };
  let heads: Head[] = await present(sequences.map((sequence) => fill({ sequence, lines: [] })));
  while (heads.length > 0) {
    const bound = Math.min(...heads.map(({ lines }) => lines.at(-1)?.timestamp ?? -Infinity));
    const given: LogLine[] = [];
    for (const head of heads) {
      const end = firstAfter(head.lines, bound);
      for (let index = 0; index < end; index++) {
        given.push(head.lines[index]!);
      }
      head.lines = head.lines.slice(end);
    }
    if (given.length > 0) {
      yield heads.length === 1 ? given : given.sort(byTime);
    }
    heads = await present(heads.map((head) => (head.lines.length > 0 ? Promise.resolve(head) : fill(head))));
  }
}

export function byTime(a: LogLine, b: LogLine): number {
  return a.timestamp - b.timestamp;
}

async function present<T>(promises: readonly Promise<T | undefined>[]): Promise<T[]> {
  return (await Promise.all(promises)).filter((value) => value !== undefined);
}

function firstAfter(lines: readonly LogLine[], bound: number): number {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (lines[middle]!.timestamp <= bound) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
