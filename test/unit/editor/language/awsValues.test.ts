import assert from 'node:assert/strict';
import type { AwsSession } from '../../../../src/aws/session';
import { UserError } from '../../../../src/base/errors';
import { AwsValues } from '../../../../src/editor/language/awsValues';

const TRUST = {
  Statement: { Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' },
};

/** A gateway whose pages come when they are let go. */
class Gate {
  calls = 0;
  signal: AbortSignal | undefined;
  private release: (() => void)[] = [];

  async *pages<T>(pages: readonly (readonly T[])[], signal?: AbortSignal): AsyncGenerator<readonly T[]> {
    this.calls += 1;
    this.signal = signal;
    for (const page of pages) {
      await new Promise<void>((resolve) => this.release.push(resolve));
      yield page;
    }
  }

  open(): void {
    this.release.splice(0).forEach((resolve) => resolve());
  }
}

function session(gateways: object): AwsSession {
  return { context: { label: 'test', region: 'eu-central-1' }, ...gateways } as unknown as AwsSession;
}

async function settled(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
}

describe('What a context has in AWS', () => {
  const failures: string[] = [];
  const note = (list: string): void => void failures.push(list);
  beforeEach(() => failures.splice(0));

  it('comes as far as it is there by the time that a keystroke waits, and in full later', async () => {
    const gate = new Gate();
    const pages = [[{ name: '/a' }], [{ name: '/b' }]];
    const values = new AwsValues(
      session({ parameters: { parameters: (signal: AbortSignal) => gate.pages(pages, signal) } }),
      note,
    );
    const before = performance.now();
    assert.deepEqual(await values.parameters(), { values: [], complete: false });
    const waited = performance.now() - before;
    assert.ok(waited < 1000, `waited ${waited} ms`);
    gate.open();
    await settled();
    assert.deepEqual(await values.parameters(), { values: [{ name: '/a' }], complete: false });
    gate.open();
    await values.loaded();
    assert.deepEqual(await values.parameters(), { values: [{ name: '/a' }, { name: '/b' }], complete: true });
    assert.equal(gate.calls, 1);
  });

  it('is asked for once, however many want it at a time', async () => {
    const gate = new Gate();
    const values = new AwsValues(
      session({ secrets: { secrets: (signal: AbortSignal) => gate.pages([[]], signal) } }),
      note,
    );
    await Promise.all([values.secrets(), values.secrets(), values.secrets()]);
    gate.open();
    await values.loaded();
    await values.secrets();
    assert.equal(gate.calls, 1);
  });

  it('is empty without a word where it cannot be read, and is not asked for again at once', async () => {
    let calls = 0;
    const values = new AwsValues(
      session({
        ecr: {
          // eslint-disable-next-line require-yield -- fails before its first page
          async *repositories() {
            calls += 1;
            await settled();
            throw new UserError('credentialsMissing', 'Nobody is signed in.');
          },
        },
      }),
      note,
    );
    assert.deepEqual(await values.repositories(), { values: [], complete: true });
    assert.deepEqual(await values.repositories(), { values: [], complete: true });
    assert.deepEqual([calls, failures], [1, ['repositories']]);
  });

  it('is read up to a number of pages', async () => {
    let pages = 0;
    const values = new AwsValues(
      session({
        ecr: {
          async *images() {
            for (;;) {
              await settled();
              pages += 1;
              yield [{ imageDigest: `sha256:${pages}`, imageTags: ['a'] }];
            }
          },
        },
      }),
      note,
    );
    await values.images({ name: 'web', uri: 'web' });
    await values.loaded();
    assert.equal((await values.images({ name: 'web', uri: 'web' })).values.length, 10);
    assert.equal(pages, 10);
  });

  it('has of the roles those that tasks can assume', async () => {
    const roles = [
      { arn: 'arn:1', name: 'tasks', trustPolicy: TRUST },
      { arn: 'arn:2', name: 'unreadable', trustPolicy: undefined },
      { arn: 'arn:3', name: 'lambda', trustPolicy: { Statement: [] } },
    ];
    const values = new AwsValues(
      session({
        iam: {
          async *roles() {
            await settled();
            yield roles;
          },
        },
      }),
      note,
    );
    assert.deepEqual(
      (await values.roles()).values.map(({ name }) => name),
      ['tasks'],
    );
  });

  it('is given up when the context is closed', async () => {
    const gate = new Gate();
    const values = new AwsValues(
      session({ secrets: { secrets: (signal: AbortSignal) => gate.pages([[]], signal) } }),
      note,
    );
    await values.secrets();
    values.dispose();
    assert.equal(gate.signal?.aborted, true);
    gate.open();
    await settled();
    assert.deepEqual(failures, []);
  });
});
