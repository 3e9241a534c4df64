import assert from 'node:assert/strict';
import type { Service, TaskDefinition } from '@aws-sdk/client-ecs';
import type { EcsGateway } from '../../../src/aws/ecsGateway';
import type { DeploymentPlan, DeployRequest } from '../../../src/deploy/deploymentPlan';
import { planDeployment } from '../../../src/deploy/planDeployment';

const ARN = 'arn:aws:ecs:eu-central-1:123456789012:task-definition';
const REGISTRY = '123456789012.dkr.ecr.eu-central-1.amazonaws.com';

/** As ECS describes it, with all that it adds. */
const CURRENT: TaskDefinition = {
  taskDefinitionArn: `${ARN}/web:3`,
  family: 'web',
  revision: 3,
  status: 'ACTIVE',
  requiresAttributes: [{ name: 'ecs.capability' }],
  compatibilities: ['EC2', 'FARGATE'],
  registeredAt: new Date(0),
  registeredBy: 'arn:aws:iam::123456789012:user/x',
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  cpu: '256',
  memory: '512',
  volumes: [],
  placementConstraints: [],
  containerDefinitions: [
    {
      name: 'web',
      image: `${REGISTRY}/web:1`,
      cpu: 0,
      essential: true,
      portMappings: [{ containerPort: 80, hostPort: 80, protocol: 'tcp' }],
      environment: [
        { name: 'B', value: '2' },
        { name: 'A', value: 'secret-1' },
      ],
      mountPoints: [],
      volumesFrom: [],
      systemControls: [],
    },
  ],
};
const SIDECAR = { name: 'log', image: `${REGISTRY}/log:1`, essential: false };
const TWO: TaskDefinition = {
  ...CURRENT,
  containerDefinitions: [SIDECAR, ...(CURRENT.containerDefinitions ?? [])],
};

function fakeEcs(
  service: Partial<Service> = {},
  current: TaskDefinition = CURRENT,
  others: readonly TaskDefinition[] = [],
): EcsGateway {
  const known = new Map([current, ...others].map((each) => [each.taskDefinitionArn, each]));
  return {
    service: () =>
      Promise.resolve({
        serviceName: 'web',
        status: 'ACTIVE',
        desiredCount: 1,
        taskDefinition: current.taskDefinitionArn,
        ...service,
      }),
    taskDefinition: (id: string) =>
      Promise.resolve({
        taskDefinition: known.get(id) ?? known.get(`${ARN}/${id}`),
        tags: [{ key: 'team', value: 'x' }],
      }),
  } as unknown as EcsGateway;
}

async function plan(ecs: EcsGateway, request: Partial<DeployRequest>): Promise<DeploymentPlan> {
  const result = await planDeployment(ecs, { cluster: 'main', service: 'web', ...request });
  assert.equal(result.kind, 'plan');
  return result;
}

describe('planning a deployment', () => {
  it('puts the image in and keeps everything else, without read-only members and with the tags', async () => {
    const { next, changes, forceNewDeployment } = await plan(fakeEcs(), {
      image: { uri: `${REGISTRY}/web:2` },
    });
    const {
      taskDefinitionArn: _arn,
      revision: _revision,
      status: _status,
      requiresAttributes: _attributes,
      compatibilities: _compatibilities,
      registeredAt: _at,
      registeredBy: _by,
      ...kept
    } = CURRENT;
    assert.deepEqual(next, {
      kind: 'register',
      input: {
        ...kept,
        tags: [{ key: 'team', value: 'x' }],
        containerDefinitions: [{ ...CURRENT.containerDefinitions?.[0], image: `${REGISTRY}/web:2` }],
      },
    });
    assert.deepEqual(changes, [`web image: ${REGISTRY}/web:1 → ${REGISTRY}/web:2`]);
    assert.equal(forceNewDeployment, false);
  });

  it('asks which of several containers, those of the same repository first', async () => {
    const result = await planDeployment(fakeEcs({}, TWO), {
      cluster: 'main',
      service: 'web',
      image: { uri: `${REGISTRY}/web@sha256:${'a'.repeat(64)}` },
    });
    assert.deepEqual(result, {
      kind: 'needsContainer',
      candidates: [
        { name: 'web', image: `${REGISTRY}/web:1`, sameRepository: true },
        { name: 'log', image: `${REGISTRY}/log:1`, sameRepository: false },
      ],
    });
  });

  it('changes the container that is named, and refuses one that is not there', async () => {
    const ecs = fakeEcs({}, TWO);
    const { changes } = await plan(ecs, { image: { container: 'log', uri: 'log:2' } });
    assert.deepEqual(changes, [`log image: ${REGISTRY}/log:1 → log:2`]);
    await assert.rejects(plan(ecs, { image: { container: 'db', uri: 'db:2' } }), /It has: log, web/);
  });

  it('starts the current revision anew when nothing differs', async () => {
    const same = await plan(fakeEcs(), { image: { uri: `${REGISTRY}/web:1` } });
    assert.deepEqual(same.next, { kind: 'existing', taskDefinitionArn: CURRENT.taskDefinitionArn });
    assert.equal(same.forceNewDeployment, true);
    assert.deepEqual(same.changes, []);
    assert.match(same.notices.join(), /Nothing differs/);
    assert.equal(same.before, same.after);
  });

  it('sees no difference between a file and what ECS made of it', async () => {
    const file = {
      family: 'web',
      cpu: '256',
      memory: '512',
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      tags: [{ key: 'team', value: 'x' }],
      containerDefinitions: [
        {
          image: `${REGISTRY}/web:1`,
          name: 'web',
          portMappings: [{ containerPort: 80 }],
          environment: [
            { name: 'A', value: 'secret-1' },
            { name: 'B', value: '2' },
          ],
        },
      ],
    } as const;
    const same = await plan(fakeEcs(), { taskDefinition: structuredClone(file) as never });
    assert.deepEqual(same.changes, []);
    assert.equal(same.next.kind, 'existing');
  });

  it('takes the image of the file, fills a placeholder, and refuses one that nobody fills', async () => {
    const file = (image: string): never =>
      ({ family: 'web', containerDefinitions: [{ name: 'web', image, memory: 64 }] }) as never;
    const own = await plan(fakeEcs(), { taskDefinition: file('other:7') });
    assert.ok(own.changes.includes(`web image: ${REGISTRY}/web:1 → other:7`));
    for (const placeholder of ['<IMAGE>', '${IMAGE}', '{{image}}', '']) {
      const filled = await plan(fakeEcs(), { taskDefinition: file(placeholder), image: { uri: 'web:9' } });
      assert.equal(
        filled.next.kind === 'register' && filled.next.input.containerDefinitions?.[0]?.image,
        'web:9',
      );
      await assert.rejects(plan(fakeEcs(), { taskDefinition: file(placeholder) }), {
        reason: 'invalidInput',
      });
    }
  });

  it('deploys an existing revision without registering it again', async () => {
    const older = { ...CURRENT, taskDefinitionArn: `${ARN}/web:2`, cpu: '512' };
    const { next, changes, forceNewDeployment } = await plan(fakeEcs({}, CURRENT, [older]), {
      taskDefinition: 'web:2',
    });
    assert.deepEqual(next, { kind: 'existing', taskDefinitionArn: `${ARN}/web:2` });
    assert.deepEqual(changes, ['cpu: 256 → 512']);
    assert.equal(forceNewDeployment, false);
  });

  it('does not deploy a revision that is inactive', async () => {
    const older: TaskDefinition = { ...CURRENT, taskDefinitionArn: `${ARN}/web:2`, status: 'INACTIVE' };
    await assert.rejects(plan(fakeEcs({}, CURRENT, [older]), { taskDefinition: 'web:2' }), /INACTIVE/);
  });

  for (const type of ['CODE_DEPLOY', 'EXTERNAL'] as const) {
    it(`refuses a service with the deployment controller ${type}`, async () => {
      await assert.rejects(plan(fakeEcs({ deploymentController: { type } }), {}), new RegExp(type));
    });
  }

  it('never writes the value of an environment variable into a change', async () => {
    const file = structuredClone(CURRENT);
    const [container] = file.containerDefinitions ?? [];
    assert.ok(container);
    container.environment = [
      { name: 'A', value: 'secret-2' },
      { name: 'C', value: 'secret-3' },
    ];
    const added = { ...SIDECAR, environment: [{ name: 'D', value: 'secret-4' }] };
    const { changes } = await plan(fakeEcs(), {
      taskDefinition: { ...file, containerDefinitions: [container, added] } as never,
    });
    assert.ok(
      ['web environment A changed', 'web environment B removed', 'web environment C added'].every((text) =>
        changes.includes(text),
      ),
      changes.join('\n'),
    );
    assert.doesNotMatch(changes.join('\n'), /secret-/);
  });

  it('says what is unusual', async () => {
    const ecs = fakeEcs({
      desiredCount: 0,
      deployments: [{ id: 'ecs-svc/1', rolloutState: 'IN_PROGRESS' }],
    });
    const { notices } = await plan(ecs, {
      taskDefinition: { family: 'other', containerDefinitions: [{ name: 'web', image: 'a:1' }] },
    });
    assert.match(notices.join('\n'), /desired count 0[^]*ecs-svc\/1[^]*from web to other/);
  });
});
