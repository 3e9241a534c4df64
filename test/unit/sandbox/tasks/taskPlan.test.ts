import assert from 'node:assert/strict';
import { planTask, type TaskPlan } from '../../../../src/sandbox/tasks/taskPlan';
import { SECRET_PLACEHOLDER, type SecretLookup } from '../../../../src/sandbox/tasks/taskSecrets';

describe('planTask', () => {
  it('reads sizes in every form that the API takes', () => {
    const sizes: readonly [string, string, number, number][] = [
      ['256', '512', 256, 512],
      ['.25 vCPU', '0.5 GB', 256, 512],
      ['1 vcpu', '2GB', 1024, 2048],
    ];
    for (const [cpu, memory, units, mebibytes] of sizes) {
      const plan = planOf({}, { cpu, memory });
      assert.deepEqual([plan.cpu, plan.memory], [units, mebibytes]);
    }
  });

  it('lets the overrides of a task win', () => {
    const plan = planOf(
      {
        command: ['registered'],
        cpu: 1,
        environment: [
          { name: 'KEPT', value: 'yes' },
          { name: 'CHANGED', value: 'no' },
        ],
      },
      { cpu: '256' },
      {
        cpu: '512',
        containerOverrides: [
          { name: 'app', command: ['over'], cpu: 2, environment: [{ name: 'CHANGED', value: 'yes' }] },
          { name: 'other', command: ['not mine'] },
        ],
      },
    );
    assert.equal(plan.cpu, 512);
    assert.deepEqual(plan.containers[0]?.definition.command, ['over']);
    assert.equal(plan.containers[0]?.definition.cpu, 2);
    assert.deepEqual(plan.containers[0]?.environment, { KEPT: 'yes', CHANGED: 'yes' });
  });

  it('gives secrets a value that nobody takes for a real one', () => {
    const plan = planOf({
      secrets: [{ name: 'PASSWORD', valueFrom: 'arn:aws:ssm:eu-west-1:000000000000:x' }],
    });
    assert.deepEqual(plan.containers[0]?.environment, { PASSWORD: SECRET_PLACEHOLDER });
  });

  it('keeps the values of secrets apart, overrides before them, and placeholders where they cannot go', () => {
    const asked: string[] = [];
    const plan = planOf(
      {
        environment: [{ name: 'PLAIN', value: 'yes' }],
        secrets: ['PASSWORD', 'OVER', 'NONE', 'PATH', 'DOCKER_HOST', 'https_proxy', 'BROKEN'].map((name) => ({
          name,
          valueFrom: `from-${name}`,
        })),
      },
      {},
      { containerOverrides: [{ name: 'app', environment: [{ name: 'OVER', value: 'over' }] }] },
      (valueFrom, region) => {
        asked.push(`${valueFrom} ${region}`);
        return valueFrom === 'from-NONE' ? undefined : valueFrom === 'from-BROKEN' ? 'a\0b' : 'value';
      },
    );
    assert.deepEqual(plan.containers[0]?.secrets, { PASSWORD: 'value' });
    assert.deepEqual(plan.containers[0].environment, {
      PLAIN: 'yes',
      OVER: 'over',
      NONE: SECRET_PLACEHOLDER,
      PATH: SECRET_PLACEHOLDER,
      DOCKER_HOST: SECRET_PLACEHOLDER,
      https_proxy: SECRET_PLACEHOLDER,
      BROKEN: SECRET_PLACEHOLDER,
    });
    assert.equal(asked[0], 'from-PASSWORD eu-west-1');
  });

  it('spells out port ranges, and takes host port 0 for any', () => {
    const plan = planOf({
      portMappings: [
        { containerPortRange: '8000-8002', protocol: 'udp' },
        { containerPort: 80, hostPort: 0 },
        { containerPort: 81, hostPort: 8081 },
      ],
    });
    assert.deepEqual(plan.containers[0]?.ports, [
      { containerPort: 8000, protocol: 'udp' },
      { containerPort: 8001, protocol: 'udp' },
      { containerPort: 8002, protocol: 'udp' },
      { containerPort: 80, protocol: 'tcp' },
      { containerPort: 81, hostPort: 8081, protocol: 'tcp' },
    ]);
  });

  it('makes links and shared volumes dependencies, where none is declared', () => {
    const plan = planOf({
      links: ['db:database', 'cache'],
      volumesFrom: [{ sourceContainer: 'data' }],
      dependsOn: [{ containerName: 'db', condition: 'HEALTHY' }],
    });
    assert.deepEqual(plan.containers[0]?.dependencies, [
      { container: 'db', condition: 'HEALTHY' },
      { container: 'cache', condition: 'START' },
      { container: 'data', condition: 'START' },
    ]);
  });

  it('has the defaults of ECS: bridge network, essential containers', () => {
    const plan = planOf({});
    assert.equal(plan.networkMode, 'bridge');
    assert.equal(plan.fargate, false);
    assert.equal(plan.containers[0]?.essential, true);
  });
});

function planOf(
  container: Record<string, unknown>,
  task: Record<string, unknown> = {},
  overrides?: Record<string, unknown>,
  secrets?: SecretLookup,
): TaskPlan {
  return planTask(
    {
      taskArn: 'arn:aws:ecs:eu-west-1:000000000000:task/default/1',
      taskId: '1',
      region: 'eu-west-1',
      cluster: 'default',
      taskDefinition: {
        taskDefinitionArn: 'arn:aws:ecs:eu-west-1:000000000000:task-definition/f:1',
        family: 'f',
        revision: 1,
        containerDefinitions: [{ name: 'app', image: 'app', ...container }],
        ...task,
      },
      ...(overrides && { overrides }),
    },
    secrets,
  );
}
