import assert from 'node:assert/strict';
import type { EcsGateway } from '../../../src/aws/ecsGateway';
import { UserError } from '../../../src/base/errors';
import {
  planCleanUp,
  planRemoval,
  removeRevisions,
  type RemovalEvent,
  type RemovalPlan,
} from '../../../src/deploy/removeRevisions';

const arn = (revision: number): string =>
  `arn:aws:ecs:eu-central-1:123456789012:task-definition/web:${revision}`;
const arns = (...revisions: readonly number[]): string[] => revisions.map(arn);
const inUse = (...revisions: readonly number[]): Map<string, string[]> =>
  new Map(revisions.map((revision) => [`web:${revision}`, ['service demo/web']]));

interface Case {
  readonly title: string;
  readonly active: readonly number[];
  readonly inactive?: readonly number[];
  readonly used?: readonly number[];
  readonly keep: number;
  readonly delete?: boolean;
  readonly expected: { deregister: number[]; delete: number[]; inUse: number[] };
}

const CASES: readonly Case[] = [
  {
    title: 'keeps the newest',
    active: [5, 4, 3, 2, 1],
    keep: 2,
    expected: { deregister: [3, 2, 1], delete: [], inUse: [] },
  },
  {
    title: 'leaves out what is in use',
    active: [5, 4, 3, 2, 1],
    used: [2, 5],
    keep: 1,
    expected: { deregister: [4, 3, 1], delete: [], inUse: [2] },
  },
  {
    title: 'has nothing to do for a short family',
    active: [2, 1],
    keep: 10,
    expected: { deregister: [], delete: [], inUse: [] },
  },
  {
    title: 'leaves inactive revisions alone',
    active: [4, 3],
    inactive: [2, 1],
    keep: 1,
    expected: { deregister: [3], delete: [], inUse: [] },
  },
  {
    title: 'deletes also those that were inactive before',
    active: [6, 4, 3],
    inactive: [5, 2],
    keep: 1,
    delete: true,
    expected: { deregister: [4, 3], delete: [5, 4, 3, 2], inUse: [] },
  },
  {
    title: 'deletes nothing that is in use',
    active: [4, 3],
    inactive: [2, 1],
    used: [3, 1],
    keep: 1,
    delete: true,
    expected: { deregister: [], delete: [2], inUse: [3, 1] },
  },
  {
    title: 'may keep none',
    active: [2, 1],
    used: [2],
    keep: 0,
    expected: { deregister: [1], delete: [], inUse: [2] },
  },
];

describe('The plan of a clean-up', () => {
  for (const {
    title,
    active,
    inactive = [],
    used = [],
    keep,
    delete: alsoDelete = false,
    expected,
  } of CASES) {
    it(title, () => {
      const plan = planCleanUp({ active: arns(...active), inactive: arns(...inactive) }, inUse(...used), {
        keep,
        delete: alsoDelete,
      });
      assert.deepEqual(plan, {
        deregister: arns(...expected.deregister),
        delete: arns(...expected.delete),
        inUse: arns(...expected.inUse),
      });
    });
  }

  it('knows revisions by name as well', () => {
    const plan = planRemoval({ active: ['web:2', 'web:1'], inactive: [] }, inUse(1), true);
    assert.deepEqual(plan, { deregister: ['web:2'], delete: ['web:2'], inUse: ['web:1'] });
  });
});

describe('Removing revisions', () => {
  interface Calls {
    readonly ecs: EcsGateway;
    readonly made: string[];
  }
  /** @param refuse gives the error that a call is answered with, by its name and how often it was made */
  function fake(refuse: (call: string, times: number) => Error | undefined = () => undefined): Calls {
    const made: string[] = [];
    const answer = (call: string): void => {
      made.push(call);
      const error = refuse(call, made.filter((each) => each === call).length);
      if (error) {
        throw error;
      }
    };
    const names = (ids: readonly string[]): string => ids.map((id) => id.split(':').at(-1)).join(',');
    const ecs = {
      deregisterTaskDefinition: async (id: string) => Promise.resolve(answer(`deregister ${names([id])}`)),
      deleteTaskDefinitions: async (ids: readonly string[]) => {
        await Promise.resolve(answer(`delete ${names(ids)}`));
        const refused = ids.filter((id) => id.endsWith(':3'));
        return {
          items: ids.filter((id) => !refused.includes(id)),
          failures: refused.map((id) => ({ id, reason: 'TASK_DEFINITION_STILL_ACTIVE' })),
        };
      },
    } as unknown as EcsGateway;
    return { ecs, made };
  }
  async function run(ecs: EcsGateway, plan: RemovalPlan, signal?: AbortSignal): Promise<string[]> {
    const events: RemovalEvent[] = [];
    for await (const event of removeRevisions(ecs, plan, signal)) {
      events.push(event);
    }
    return events.map(({ kind, name }) => `${kind} ${name}`);
  }
  const plan = (deregister: readonly number[], deleted: readonly number[]): RemovalPlan => ({
    deregister: arns(...deregister),
    delete: arns(...deleted),
    inUse: [],
  });

  it('goes from the oldest to the newest, and deletes ten at a time', async () => {
    const { ecs, made } = fake();
    const revisions = Array.from({ length: 12 }, (_, index) => 23 - index);
    const events = await run(ecs, plan([23, 22], revisions));
    assert.deepEqual(made, [
      'deregister 22',
      'deregister 23',
      'delete 12,13,14,15,16,17,18,19,20,21',
      'delete 22,23',
    ]);
    assert.equal(events.length, 14);
    assert.equal(events[0], 'deregistered web:22');
  });

  it('goes on after a failure, and does not delete what could not be deregistered', async () => {
    const { ecs, made } = fake((call) =>
      call === 'deregister 2' ? new UserError('accessDenied', 'no') : undefined,
    );
    assert.deepEqual(await run(ecs, plan([4, 2, 1], [4, 3, 2, 1])), [
      'deregistered web:1',
      'failed web:2',
      'deregistered web:4',
      'deleted web:1',
      'deleted web:4',
      'failed web:3',
    ]);
    assert.equal(made.at(-1), 'delete 1,3,4');
  });

  it('makes a throttled call again', async () => {
    const { ecs, made } = fake((_call, times) =>
      times === 1 ? new UserError('throttled', 'slower') : undefined,
    );
    assert.deepEqual(await run(ecs, plan([1], [])), ['deregistered web:1']);
    assert.deepEqual(made, ['deregister 1', 'deregister 1']);
  });

  it('ends between two calls when it is cancelled', async () => {
    const controller = new AbortController();
    const { ecs, made } = fake(() => {
      controller.abort();
      return undefined;
    });
    await assert.rejects(run(ecs, plan([2, 1], [2, 1]), controller.signal), { reason: 'cancelled' });
    assert.deepEqual(made, ['deregister 1']);
  });
});
