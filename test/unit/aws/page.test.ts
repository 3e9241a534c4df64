import assert from 'node:assert/strict';
import { chunk, collect, describedPages, pages, readAhead, type Page } from '../../../src/aws/page';
import { delay } from '../../../src/base/delay';
import { UserError } from '../../../src/base/errors';

/** A promise that a test settles. */
class Gate {
  open!: () => void;
  readonly passed = new Promise<void>((resolve) => (this.open = resolve));
}

async function* listing(...lists: (readonly string[])[]): AsyncGenerator<readonly string[], void, void> {
  for (const list of lists) {
    yield await Promise.resolve(list);
  }
}

const upper = (ids: string[]): Promise<Page<string>> =>
  Promise.resolve({ items: ids.map((id) => id.toUpperCase()), failures: [] });

async function read<T>(source: AsyncGenerator<Page<T>, void, void>): Promise<Page<T>[]> {
  const all: Page<T>[] = [];
  for await (const page of source) {
    all.push(page);
  }
  return all;
}

describe('paging', () => {
  it('follows the tokens to the end, and asks for a page only when it is wanted', async () => {
    const asked: (string | undefined)[] = [];
    const source = pages(async (token) => {
      asked.push(token);
      return Promise.resolve({ items: [token ?? 'first'], next: asked.length < 3 ? `t${asked.length}` : '' });
    });
    await source.next();
    assert.deepEqual(asked, [undefined]);
    assert.deepEqual(await collect(source), ['t1', 't2']);
    assert.deepEqual(asked, [undefined, 't1', 't2']);
  });

  it('asks for the next page before the one at hand is used, where it is read ahead', async () => {
    const asked: (string | undefined)[] = [];
    const source = readAhead(
      pages(async (token) => {
        asked.push(token);
        return Promise.resolve({
          items: [token ?? 'first'],
          next: asked.length < 3 ? `t${asked.length}` : '',
        });
      }),
    );
    assert.deepEqual((await source.next()).value, ['first']);
    assert.deepEqual(asked, [undefined, 't1']);
    assert.deepEqual(await collect(source), ['t1', 't2']);
  });

  it('gives the pages before one that fails, and leaves no failure behind when it is left early', async () => {
    const fails = (): AsyncGenerator<readonly string[], void, void> =>
      readAhead(
        pages((token) =>
          token === undefined
            ? Promise.resolve({ items: ['first'], next: 'second' })
            : Promise.reject(new Error('no second page')),
        ),
      );
    const source = fails();
    assert.deepEqual((await source.next()).value, ['first']);
    await assert.rejects(source.next(), /no second page/);
    for await (const page of fails()) {
      assert.deepEqual(page, ['first']);
      break;
    }
    // An unhandled rejection would end the process here.
    await new Promise((resolve) => setImmediate(resolve));
  });

  it('cuts into runs of at most the size', () => {
    assert.deepEqual(chunk([1, 2, 3, 4, 5], 2), [[1, 2], [3, 4], [5]]);
    assert.deepEqual(chunk([], 2), []);
  });
});

describe('describing what is listed', () => {
  it('keeps the order of the listing, whatever order the answers come in', async () => {
    const gates = new Map([
      ['a', new Gate()],
      ['b', new Gate()],
      ['c', new Gate()],
    ]);
    const source = describedPages(listing(['a', 'b'], ['c']), 1, async (ids) => {
      await gates.get(ids[0] ?? '')?.passed;
      return upper(ids);
    });
    const reading = read(source);
    gates.get('c')?.open();
    gates.get('b')?.open();
    gates.get('a')?.open();
    assert.deepEqual(
      (await reading).map(({ items }) => items),
      [['A', 'B'], ['C']],
    );
  });

  it('lists the next page while one is being described', async () => {
    const listed: string[] = [];
    const describing = new Gate();
    async function* slow(): AsyncGenerator<readonly string[], void, void> {
      for (const id of ['a', 'b']) {
        listed.push(id);
        yield await Promise.resolve([id]);
      }
    }
    const source = describedPages(slow(), 10, async (ids) => {
      await describing.passed;
      return upper(ids);
    });
    const first = source.next();
    while (listed.length < 2) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    describing.open();
    assert.deepEqual((await first).value, { items: ['A'], failures: [] });
    await source.return();
  });

  it('has no more than twenty describes under way', async () => {
    let running = 0;
    let most = 0;
    const ids = Array.from({ length: 50 }, (_, index) => `${index}`);
    await read(
      describedPages(listing(ids), 1, async (part) => {
        most = Math.max(most, ++running);
        // Long enough for all fifty to have started, were nothing holding them.
        await delay(200);
        running--;
        return upper(part);
      }),
    );
    assert.equal(most, 20);
  });

  it('gives failures for what one failed call was to describe, beside all others', async () => {
    const denied = new UserError('accessDenied', 'Not permitted.');
    const [page] = await read(
      describedPages(listing(['a', 'b', 'c']), 1, (ids) =>
        ids[0] === 'b' ? Promise.reject(denied) : upper(ids),
      ),
    );
    assert.deepEqual(page, {
      items: ['A', 'C'],
      failures: [{ id: 'b', reason: 'Not permitted.', error: denied }],
    });
  });

  it('gives what was listed before the listing failed, then the failure', async () => {
    async function* half(): AsyncGenerator<readonly string[], void, void> {
      yield await Promise.resolve(['a']);
      throw new UserError('throttled', 'Too fast.');
    }
    const source = describedPages(half(), 10, upper);
    assert.deepEqual((await source.next()).value, { items: ['A'], failures: [] });
    await assert.rejects(source.next(), { reason: 'throttled' });
  });

  it('ends with a cancellation instead of reporting it as a failure of each', async () => {
    const source = describedPages(listing(['a']), 10, () =>
      Promise.reject(new UserError('cancelled', 'Cancelled.')),
    );
    await assert.rejects(source.next(), { reason: 'cancelled' });
  });
});
