import assert from 'node:assert/strict';
import type { ImageDetail, Repository } from '@aws-sdk/client-ecr';
import type { Cluster, Service, Task } from '@aws-sdk/client-ecs';
import type { AwsContext } from '../../../src/aws/context';
import type { Page } from '../../../src/aws/page';
import { UserError } from '../../../src/base/errors';
import { children } from '../../../src/explorer/children';
import { toServiceNode } from '../../../src/explorer/clustersBranch';
import type { ExplorerNode, MessageNode } from '../../../src/explorer/explorerNode';
import { detailsOf } from '../../../src/explorer/rowDetails';
import { describeNode } from '../../../src/explorer/rowText';
import { usesRevision } from '../../../src/explorer/serviceState';
import { CONTEXT, fakeSource, pagesOf, rowsOf, snapshots, type FakeGateways } from './fakeSource';

const ACCOUNT = 'arn:aws:ecs:eu-central-1:123456789012';
const OTHER: AwsContext = { ...CONTEXT, region: 'us-east-1' };

const one = (gateways: FakeGateways): ReturnType<typeof fakeSource> =>
  fakeSource([CONTEXT], { [CONTEXT.region]: gateways });
const labels = (rows: readonly ExplorerNode[]): string[] =>
  rows.map((node) => describeNode(node, new Date(0)).label);
const repository = (repositoryName: string): Repository => ({
  repositoryName,
  repositoryUri: `registry.example/${repositoryName}`,
});
const page = <T>(...items: T[]): Page<T> => ({ items, failures: [] });

function only<K extends ExplorerNode['kind']>(
  rows: readonly ExplorerNode[],
  kind: K,
): Extract<ExplorerNode, { kind: K }> {
  const found = rows.filter((node) => node.kind === kind);
  assert.equal(found.length, 1, `one ${kind} among ${labels(rows).join(', ')}`);
  return found[0] as Extract<ExplorerNode, { kind: K }>;
}

describe('The rows of a branch', () => {
  it('come as pages arrive, sorted by name, the rows of before being the same objects', async () => {
    const ecr = {
      repositories: () => pagesOf([repository('web-10'), repository('api')], [repository('web-9')]),
    };
    const [first = [], second = [], ...more] = await snapshots('registry', one({ ecr }));
    assert.deepEqual(labels(first), ['api', 'web-10']);
    assert.deepEqual(labels(second), ['api', 'web-9', 'web-10']);
    assert.equal(second[0], first[0]);
    assert.equal(more.length, 0);
  });

  it('keep what came when a later page fails, with a row that says why and offers the way out', async () => {
    const fail = (): never => {
      throw new UserError('throttled', 'Could not list the repositories: too many calls. Wait a moment.', {
        action: 'retry',
      });
    };
    const ecr = { repositories: () => pagesOf<Repository[]>([repository('api')], fail) };
    const rows = await rowsOf('registry', one({ ecr }));
    assert.deepEqual(labels(rows), ['api', 'Could not list the repositories']);
    const message = only(rows, 'message');
    assert.equal(message.note, 'too many calls');
    assert.equal(message.reason, 'throttled');
    assert.equal(message.action, 'retry');
    assert.equal(describeNode(message, new Date()).contextValue, 'message.actionable.retry');
  });

  it('say once that somebody must sign in: in the place of all rows of a context, and nowhere below', async () => {
    const signedOut = (): never => {
      throw new UserError('credentialsExpired', 'Sign in to use work: the sign-in has ended (our).', {
        action: 'signIn',
      });
    };
    const ecr = {
      repositories: () => pagesOf<Repository[]>([repository('api')], signedOut),
      images: () => pagesOf<ImageDetail[]>(signedOut),
    };
    const rows = await rowsOf('registry', one({ ecr }));
    assert.deepEqual(labels(rows), ['Sign in to use work']);
    const { description, contextValue } = describeNode(only(rows, 'message'), new Date());
    assert.equal(description, 'the sign-in has ended (our) · click to sign in');
    assert.equal(contextValue, 'message.actionable');
    const [web] = await rowsOf(
      'registry',
      one({ ecr: { repositories: () => pagesOf([repository('web')]) } }),
    );
    assert.ok(web);
    assert.deepEqual(await rowsOf(web, one({ ecr })), []);
  });

  it('keep the name of what was listed but not described', async () => {
    const failures = [{ id: `${ACCOUNT}:cluster/gone`, reason: 'MISSING' }];
    const ecs = { clusters: () => pagesOf<Page<Cluster>>({ items: [{ clusterName: 'web' }], failures }) };
    const rows = await rowsOf('clusters', one({ ecs }));
    assert.deepEqual(labels(rows), ['web', 'gone']);
    assert.equal((rows[1] as MessageNode).note, 'gone meanwhile');
  });

  it('say that there is nothing, and offer to create a repository', async () => {
    const rows = await rowsOf('registry', one({ ecr: { repositories: () => pagesOf<Repository[]>([]) } }));
    assert.equal(only(rows, 'message').action, 'createRepository');
  });

  it('end without a message when the signal is aborted', async () => {
    const stop = new AbortController();
    const ecr = {
      repositories: () =>
        pagesOf<Repository[]>([repository('api')], () => {
          throw new UserError('cancelled', 'Cancelled.');
        }),
    };
    const rows = children('registry', one({ ecr }), stop.signal);
    await rows.next();
    stop.abort();
    await assert.rejects(rows.next(), { reason: 'cancelled' });
  });
});

describe('Several open contexts', () => {
  const gateways = (name: string): FakeGateways => ({
    ecr: { repositories: () => pagesOf([repository('web'), repository(name)]) },
  });
  const source = fakeSource([CONTEXT, OTHER], {
    [CONTEXT.region]: gateways('german'),
    [OTHER.region]: gateways('american'),
  });

  it('stand beside each other as rows, each with its own content', async () => {
    const roots = await rowsOf('registry', source);
    assert.deepEqual(
      roots.map(({ kind, context }) => [kind, context.region]),
      [
        ['context', 'eu-central-1'],
        ['context', 'us-east-1'],
      ],
    );
    const contents = await Promise.all(roots.map((root) => rowsOf(root, source)));
    assert.deepEqual(contents.map(labels), [
      ['german', 'web'],
      ['american', 'web'],
    ]);
    for (const [index, rows] of contents.entries()) {
      assert.ok(rows.every(({ context }) => context === roots[index]?.context));
    }
  });

  it('say what they are held to', () => {
    const describe = (context: AwsContext): string | undefined =>
      describeNode({ kind: 'context', id: 'x', view: 'registry', context }, new Date()).description;
    assert.equal(describe(CONTEXT), 'eu-central-1');
    assert.equal(describe({ ...CONTEXT, guard: 'readOnly' }), 'eu-central-1 · read-only');
    assert.equal(describe({ ...CONTEXT, guard: 'protected' }), 'eu-central-1 · protected');
  });

  it('never share an id, and ids are the same at every loading', async () => {
    const load = async (): Promise<string[]> => {
      const roots = await rowsOf('registry', source);
      const rows = await Promise.all(roots.map((root) => rowsOf(root, source)));
      return [...roots, ...rows.flat()].map(({ id }) => id);
    };
    const ids = await load();
    assert.equal(new Set(ids).size, 6);
    assert.deepEqual(await load(), ids);
  });
});

describe('The images of a repository', () => {
  const image = (name: string, pushed: number, more: Partial<ImageDetail> = {}): ImageDetail => ({
    imageDigest: `sha256:${name.repeat(12)}`,
    imagePushedAt: new Date(pushed),
    imageSizeInBytes: 1_000_000,
    ...more,
  });
  const rows = async (
    images: ImageDetail[],
    more: FakeGateways['ecr'] = {},
  ): Promise<readonly ExplorerNode[]> => {
    const ecr = {
      repositories: () => pagesOf([repository('web')]),
      images: () => pagesOf(images),
      ...more,
    };
    const source = one({ ecr });
    return rowsOf(only(await rowsOf('registry', source), 'repository'), source);
  };

  it('are one row a digest with its tags in the label, newest first, untagged ones marked', async () => {
    const found = await rows([
      image('a', 1000, { imageTags: ['v1'] }),
      image('b', 2000),
      image('c', 3000, { imageTags: ['v2', 'latest'] }),
    ]);
    assert.deepEqual(labels(found), ['latest, v2', '‹untagged› sha256:bbbbbbbbbbbb', 'v1']);
    assert.deepEqual(
      found.map((node) => describeNode(node, new Date(64_000)).description),
      ['1 MB · 1 minute ago', '1 MB · 1 minute ago', '1 MB · 1 minute ago'],
    );
    assert.deepEqual(
      found.map((node) => describeNode(node, new Date()).contextValue),
      ['image.tagged.severalTags', 'image.untagged', 'image.tagged'],
    );
  });

  const index = image('f', 4000, {
    imageTags: ['v3'],
    imageSizeInBytes: 700,
    imageManifestMediaType: 'application/vnd.oci.image.index.v1+json',
  });
  const [amd, arm] = [image('a', 4000), image('b', 4000)];
  const manifest = JSON.stringify({
    manifests: [
      { digest: amd?.imageDigest, platform: { os: 'linux', architecture: 'amd64' } },
      { digest: arm?.imageDigest, platform: { os: 'linux', architecture: 'arm64' } },
      { digest: arm?.imageDigest, platform: { os: 'linux', architecture: 'arm64', variant: 'v8' } },
    ],
  });

  it('stand under the index that refers to them, whose size is theirs together', async () => {
    const found = await rows([index, amd, arm, image('c', 1)], {
      manifests: () =>
        Promise.resolve([{ imageId: { imageDigest: index.imageDigest }, imageManifest: manifest }]),
    });
    assert.deepEqual(labels(found), ['v3', '‹untagged› sha256:cccccccccccc']);
    assert.equal(describeNode(found[0]!, new Date(4000)).description, 'multi-platform · 2 MB · just now');
    const members = await rowsOf(found[0]!, one({}));
    assert.deepEqual(labels(members), ['linux/amd64', 'linux/arm64']);
  });

  it('are read from an index once: each reading counts as a pull', async () => {
    let reads = 0;
    const manifests = (): Promise<{ imageId: { imageDigest?: string }; imageManifest: string }[]> => {
      reads++;
      return Promise.resolve([
        { imageId: { imageDigest: index.imageDigest ?? '' }, imageManifest: manifest },
      ]);
    };
    const ecr = {
      repositories: () => pagesOf([repository('web')]),
      images: () => pagesOf([index, amd, arm]),
      manifests,
    };
    const source = { ...one({ ecr }), knownIndexes: new Map() };
    const web = only(await rowsOf('registry', source), 'repository');
    assert.deepEqual(labels(await rowsOf(web, source)), ['v3']);
    assert.deepEqual(labels(await rowsOf(web, source)), ['v3']);
    assert.equal(reads, 1);
  });

  it('stay as they are, with a row that says so, where manifests may not be read', async () => {
    const found = await rows([index, amd], {
      manifests: () => Promise.reject(new UserError('accessDenied', 'Could not read image manifests: no.')),
    });
    assert.deepEqual(labels(found), [
      'v3',
      '‹untagged› sha256:aaaaaaaaaaaa',
      'Could not read image manifests',
    ]);
  });
});

describe('The services of a cluster', () => {
  const cluster: Cluster = { clusterArn: `${ACCOUNT}:cluster/web`, clusterName: 'web', status: 'ACTIVE' };
  const service: Service = {
    serviceArn: `${ACCOUNT}:service/web/api`,
    serviceName: 'api',
    clusterArn: cluster.clusterArn,
    status: 'ACTIVE',
    desiredCount: 2,
    runningCount: 1,
    deployments: [{ status: 'PRIMARY', rolloutState: 'IN_PROGRESS', failedTasks: 3 }],
    events: [{ message: '(service api) is unable to place a task.' }],
  };
  const task = (id: string, more: Partial<Task>): Task => ({
    taskArn: `${ACCOUNT}:task/web/${id}`,
    taskDefinitionArn: `${ACCOUNT}:task-definition/api:3`,
    group: 'service:api',
    lastStatus: 'RUNNING',
    ...more,
  });
  const stopped = (id: string, stopCode: Task['stopCode'], more: Partial<Task> = {}): Task =>
    task(id, { lastStatus: 'STOPPED', stopCode, ...more });

  async function below(
    kind: 'service' | 'taskGroup',
    running: Task[],
    ended: Task[],
  ): Promise<readonly ExplorerNode[]> {
    const ecs: FakeGateways['ecs'] = {
      clusters: () => pagesOf(page(cluster)),
      services: () => pagesOf(page(service)),
      tasks: (_cluster, query) =>
        pagesOf<Page<Task>>({ items: query?.desiredStatus === 'STOPPED' ? ended : running, failures: [] }),
    };
    const source = one({ ecs });
    const clusterNode = only(await rowsOf('clusters', source), 'cluster');
    return rowsOf(only(await rowsOf(clusterNode, source), kind), source);
  }

  it('say how many run, that a rollout is under way, and that tasks fail', async () => {
    const ecs = { clusters: () => pagesOf(page(cluster)), services: () => pagesOf(page(service)) };
    const source = one({ ecs });
    const rows = await rowsOf(only(await rowsOf('clusters', source), 'cluster'), source);
    assert.deepEqual(labels(rows), ['api', 'Tasks without a service']);
    const row = describeNode(rows[0]!, new Date());
    assert.equal(row.description, '1/2 running · rollout in progress · tasks are failing');
    assert.equal(row.contextValue, 'service.failing.deploying');
    assert.equal(row.accessibleLabel, 'Service api, 1/2 running, rollout in progress, tasks are failing');
  });

  it('show tasks that failed beside those that run, but not those that were replaced', async () => {
    const rows = await below(
      'service',
      [task('aaaaaaaaaaaa', {})],
      [
        stopped('bbbbbbbbbbbb', 'EssentialContainerExited'),
        stopped('cccccccccccc', 'ServiceSchedulerInitiated', {
          stoppedReason: 'Scaling activity initiated by deployment',
        }),
        stopped('dddddddddddd', 'ServiceSchedulerInitiated', {
          stoppedReason: 'Task failed container health checks',
        }),
        stopped('eeeeeeeeeeee', 'UserInitiated'),
      ],
    );
    assert.deepEqual(labels(rows.filter(({ kind }) => kind === 'task')), [
      'aaaaaaaa',
      'bbbbbbbb',
      'dddddddd',
    ]);
    assert.equal(describeNode(rows[1]!, new Date()).contextValue, 'task.stopped.failing');
  });

  it('say what tells tasks apart first and in few letters, and all of it to a screen reader', async () => {
    const [node] = await below('service', [task('aaaaaaaaaaaa', { startedAt: new Date(0) })], []);
    const row = describeNode(node!, new Date(5 * 60_000));
    assert.equal(row.description, 'running · rev. 3 · 5m ago');
    assert.equal(row.accessibleLabel, 'Task aaaaaaaa, running, api, revision 3, 5 minutes ago');
    const [alone] = await below('taskGroup', [task('bbbbbbbbbbbb', { group: 'family:api' })], []);
    assert.equal(describeNode(alone!, new Date(0)).description, 'running · api:3');
  });

  it('leave the stopped tasks of a service where all is well to a row of their own', async () => {
    const deployments = [{ status: 'PRIMARY', rolloutState: 'COMPLETED' as const, failedTasks: 0 }];
    const settled: Service = { ...service, runningCount: 2, deployments };
    const asked: (string | undefined)[] = [];
    const ecs: FakeGateways['ecs'] = {
      clusters: () => pagesOf(page(cluster)),
      services: () => pagesOf(page(settled)),
      tasks: (_cluster, query) => {
        asked.push(query?.desiredStatus);
        const stoppedOne = stopped('bbbbbbbbbbbb', 'UserInitiated');
        return pagesOf(page(query?.desiredStatus === 'STOPPED' ? stoppedOne : task('aaaaaaaaaaaa', {})));
      },
    };
    const source = one({ ecs });
    const clusterNode = only(await rowsOf('clusters', source), 'cluster');
    const rows = await rowsOf(only(await rowsOf(clusterNode, source), 'service'), source);
    assert.deepEqual(labels(rows), ['aaaaaaaa', 'Stopped tasks', 'Deployments', 'Events']);
    assert.deepEqual(asked, ['RUNNING']);
    assert.deepEqual(labels(await rowsOf(only(rows, 'taskGroup'), source)), ['bbbbbbbb']);
  });

  it('show the last event where no task runs', async () => {
    const message = only(await below('service', [], []), 'message');
    assert.equal(message.text, 'No running tasks');
    assert.equal(message.detail, '(service api) is unable to place a task.');
  });

  it('limit the stopped tasks of a service that crashes in a loop', async () => {
    const ended = Array.from({ length: 13 }, (_, index) =>
      stopped(`${index}`.padStart(12, '0'), 'TaskFailedToStart', { createdAt: new Date(index) }),
    );
    const all = await below('service', [task('aaaaaaaaaaaa', {})], ended);
    const rows = all.filter(({ kind }) => kind !== 'section');
    assert.equal(rows.length, 12);
    assert.equal(labels(rows).at(-1), 'and 3 more that stopped earlier');
  });

  it('leave the tasks of services out of the group of tasks without one', async () => {
    const rows = await below(
      'taskGroup',
      [task('aaaaaaaaaaaa', {}), task('bbbbbbbbbbbb', { group: 'family:job' })],
      [
        stopped('cccccccccccc', 'EssentialContainerExited', {
          group: 'family:job',
          containers: [{ exitCode: 0 }],
        }),
      ],
    );
    assert.deepEqual(labels(rows), ['bbbbbbbb', 'cccccccc']);
    assert.equal(describeNode(rows[1]!, new Date()).contextValue, 'task.stopped');
  });

  it('put tasks without a service into groups by schedule, group and family, where there are several', async () => {
    const rows = await below(
      'taskGroup',
      [
        task('aaaaaaaaaaaa', { group: 'family:job', createdAt: new Date(1) }),
        task('bbbbbbbbbbbb', { group: 'migrations', createdAt: new Date(2) }),
        task('cccccccccccc', { group: 'family:job', startedBy: 'chronos-schedule/nightly' }),
        task('dddddddddddd', { group: 'family:job', createdAt: new Date(3) }),
      ],
      [],
    );
    assert.deepEqual(
      rows.map((node) => describeNode(node, new Date(0)).accessibleLabel),
      ['Group job, family, 2 tasks', 'Group migrations, group, 1 task', 'Group nightly, schedule, 1 task'],
    );
    assert.deepEqual(labels(await rowsOf(rows[0]!, one({}))), ['dddddddd', 'aaaaaaaa']);
    const [scheduled] = await rowsOf(rows[2]!, one({}));
    assert.equal(describeNode(scheduled!, new Date(0)).description, 'running · api:3 · scheduled');
  });

  it('say that one is a daemon', () => {
    const daemon = toServiceNode(
      { context: CONTEXT, arn: cluster.clusterArn ?? '' },
      { ...service, deployments: [], schedulingStrategy: 'DAEMON' },
    );
    assert.equal(describeNode(daemon, new Date(0)).description, '1/2 running · daemon');
  });

  it('show the containers of a task with status, exit code and reason, and what is simulated as such', async () => {
    const containers = [
      { name: 'web', lastStatus: 'STOPPED', exitCode: 137, reason: 'OutOfMemoryError: Container killed' },
    ];
    const [node] = await below(
      'service',
      [],
      [
        stopped('aaaaaaaaaaaa', 'EssentialContainerExited', {
          containers,
          attributes: [{ name: 'aws-containers.simulated' }],
        }),
      ],
    ).then((rows) => rows.filter(({ kind }) => kind === 'task'));
    assert.match(describeNode(node!, new Date()).description ?? '', /^simulated · stopped · rev\. 3/);
    const [container] = await rowsOf(node!, one({}));
    const row = describeNode(container!, new Date());
    assert.equal(row.label, 'web');
    assert.equal(row.description, 'simulated · stopped · exit code 137 · OutOfMemoryError: Container killed');
    assert.equal(row.contextValue, 'container.stopped.failing');
  });
});

describe('The revisions of a family', () => {
  it('are newest first, the first one being the latest', async () => {
    const arn = (revision: number): string => `${ACCOUNT}:task-definition/web:${revision}`;
    const ecs = {
      families: () => pagesOf(['web']),
      revisions: () => pagesOf([arn(12), arn(11)], [arn(3)]),
    };
    const source = one({ ecs });
    const rows = await rowsOf(only(await rowsOf('taskDefinitions', source), 'family'), source);
    assert.deepEqual(labels(rows), ['web:12', 'web:11', 'web:3', 'Inactive']);
    assert.deepEqual(
      rows.map((node) => describeNode(node, new Date()).description),
      ['latest', undefined, undefined, undefined],
    );
  });

  it('are listed with those that were deregistered only when these are opened', async () => {
    const asked: string[] = [];
    const arn = (revision: number): string => `${ACCOUNT}:task-definition/web:${revision}`;
    const ecs: FakeGateways['ecs'] = {
      families: () => pagesOf(['web']),
      revisions: (_family, status) => {
        asked.push(status);
        return pagesOf(status === 'ACTIVE' ? [arn(2)] : [arn(1)]);
      },
    };
    const source = one({ ecs });
    const rows = await rowsOf(only(await rowsOf('taskDefinitions', source), 'family'), source);
    assert.deepEqual(asked, ['ACTIVE']);
    const [inactive] = await rowsOf(only(rows, 'inactiveRevisions'), source);
    assert.equal(describeNode(inactive!, new Date(0)).contextValue, 'revision.inactive');
    assert.equal(describeNode(inactive!, new Date(0)).label, 'web:1');
    assert.equal(describeNode(rows[0]!, new Date(0)).contextValue, 'revision.active');
  });

  it('say in the tooltip which of the known services use them', () => {
    const arn = `${ACCOUNT}:task-definition/web:3`;
    const node: ExplorerNode = {
      kind: 'revision',
      id: 'any',
      context: CONTEXT,
      family: 'web',
      revision: 3,
      arn,
      latest: true,
    };
    assert.equal(new Map(detailsOf(node, ['api', 'web']).facts).get('Used by'), '2 services: api, web');
    assert.equal(new Map(detailsOf(node).facts).has('Used by'), false);
    assert.equal(usesRevision({ deployments: [{ taskDefinition: arn }] }, arn), true);
    assert.equal(usesRevision({ taskDefinition: `${arn}0` }, arn), false);
  });
});
