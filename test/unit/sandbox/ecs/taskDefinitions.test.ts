import assert from 'node:assert/strict';
import { EcsHarness } from './ecsHarness';

const app = { name: 'app', image: 'good', memory: 64 };
const fargate = {
  family: 'web',
  requiresCompatibilities: ['FARGATE'],
  networkMode: 'awsvpc',
  cpu: '256',
  memory: '512',
  containerDefinitions: [{ name: 'app', image: 'good' }],
};

/** A change of a registration that ECS would take, and the start of what it answers. */
type Refusal = readonly [name: string, input: object, message: string];

const awslogs = (options: object) => ({ logConfiguration: { logDriver: 'awslogs', options } });
const withContainer = (...containers: object[]) => ({ containerDefinitions: containers });
const fargateContainer = (members: object) => ({
  ...fargate,
  ...withContainer({ name: 'app', image: 'good', ...members }),
});

const REFUSALS: readonly Refusal[] = [
  ['a family with a space', { family: 'my web' }, 'Family contains invalid characters.'],
  [
    'a network mode that there is not',
    { networkMode: 'moon' },
    "1 validation error detected: Value 'moon' at",
  ],
  [
    'a compatibility that there is not',
    { requiresCompatibilities: ['MOON'] },
    "1 validation error detected: Value 'MOON' at 'requiresCompatibilities'",
  ],
  [
    'a log driver that there is not',
    withContainer({ ...app, logConfiguration: { logDriver: 'moon' } }),
    "1 validation error detected: Value 'moon' at 'logConfiguration.logDriver'",
  ],
  [
    'a protocol that there is not',
    withContainer({ ...app, portMappings: [{ containerPort: 80, protocol: 'sctp' }] }),
    "1 validation error detected: Value 'sctp' at 'portMappings.protocol'",
  ],
  [
    'a dependency on a condition that there is not',
    withContainer(app, { ...app, name: 'b', dependsOn: [{ containerName: 'app', condition: 'MOON' }] }),
    "1 validation error detected: Value 'MOON' at 'dependsOn.condition'",
  ],
  [
    'a definition of more than 64 KiB',
    withContainer({ ...app, environment: [{ name: 'A', value: 'ä'.repeat(32 * 1024) }] }),
    'Actual length: ',
  ],
  ['an empty family', { family: '' }, 'Family should not be null or empty.'],
  ['no container', withContainer(), 'Container list cannot be empty.'],
  [
    'eleven containers',
    withContainer(...Array.from({ length: 11 }, (_, index) => ({ ...app, name: `c${index}` }))),
    'Container list can have at most 10 items.',
  ],
  [
    'a container without a name',
    withContainer({ image: 'x', memory: 9 }),
    'Container.name should not be null',
  ],
  [
    'a container without an image',
    withContainer({ ...app, image: '' }),
    'Container.image should not be null',
  ],
  ['two containers of one name', withContainer(app, app), 'Container names must be unique'],
  [
    'no essential container',
    withContainer({ ...app, essential: false }),
    "Task definition doesn't have any essential container.",
  ],
  [
    'no memory anywhere',
    withContainer({ name: 'app', image: 'x' }),
    "Invalid setting for container 'app'. At least one of 'memory' or 'memoryReservation' must be specified.",
  ],
  [
    'a reservation above the limit',
    withContainer({ ...app, memoryReservation: 65 }),
    "Invalid setting for container 'app'. 'memory' must be greater than or equal to 'memoryReservation'.",
  ],
  ['a memory of 0', withContainer({ ...app, memory: 0 }), "Invalid setting for container 'app'."],
  ['a cpu that is no number', { cpu: 'much' }, "Invalid 'cpu' setting for task."],
  ['a memory that is no number', { memory: '1 TB' }, "Invalid 'memory' setting for task."],
  [
    'a container larger than its task',
    { memory: '32' },
    "Invalid setting for container 'app'. The 'memory' setting for container 'app' is greater than for the task.",
  ],
  [
    'containers with more cpu than their task',
    { cpu: '128', ...withContainer({ ...app, cpu: 100 }, { ...app, name: 'b', cpu: 100 }) },
    "The sum of all container 'cpu' values cannot be greater than the value of the task 'cpu'.",
  ],
  [
    'different ports with awsvpc',
    {
      networkMode: 'awsvpc',
      ...withContainer({ ...app, portMappings: [{ containerPort: 80, hostPort: 8080 }] }),
    },
    'When networkMode=awsvpc, the host ports and container ports in port mappings must match.',
  ],
  [
    'different ports with host',
    { networkMode: 'host', ...withContainer({ ...app, portMappings: [{ containerPort: 80, hostPort: 1 }] }) },
    'When networkMode=host, the host ports and container ports in port mappings must match.',
  ],
  [
    'ports with none',
    { networkMode: 'none', ...withContainer({ ...app, portMappings: [{ containerPort: 80 }] }) },
    'Port mappings are not supported when networkMode=none.',
  ],
  [
    'a port of 0',
    withContainer({ ...app, portMappings: [{ containerPort: 0 }] }),
    "Invalid 'containerPort' setting for container.",
  ],
  [
    'one host port twice',
    withContainer({
      ...app,
      portMappings: [
        { containerPort: 80, hostPort: 80 },
        { containerPort: 81, hostPort: 80 },
      ],
    }),
    'Host port 80 is used multiple times in task.',
  ],
  [
    'a port range beside a port',
    withContainer({ ...app, portMappings: [{ containerPort: 80, containerPortRange: '80-90' }] }),
    'cannot specify both single port and port range',
  ],
  [
    'a port range backwards',
    withContainer({ ...app, portMappings: [{ containerPortRange: '90-80' }] }),
    "Invalid 'containerPortRange' setting",
  ],
  [
    'links with awsvpc',
    { networkMode: 'awsvpc', ...withContainer({ ...app, links: ['db'] }) },
    'Links are not supported when networkMode=awsvpc.',
  ],
  [
    'extra hosts with awsvpc',
    {
      networkMode: 'awsvpc',
      ...withContainer({ ...app, extraHosts: [{ hostname: 'a', ipAddress: '::1' }] }),
    },
    'Extra hosts are not supported on container when networkMode=awsvpc.',
  ],
  [
    'a dependency on nobody',
    withContainer({ ...app, dependsOn: [{ containerName: 'db', condition: 'START' }] }),
    "Cannot depend on container + 'db' because it does not exist",
  ],
  [
    'completion of an essential container',
    withContainer(
      { ...app, dependsOn: [{ containerName: 'db', condition: 'COMPLETE' }] },
      { ...app, name: 'db' },
    ),
    'A dependency container with SUCCESS or COMPLETE condition cannot be an essential container',
  ],
  [
    'health of a container without a check',
    withContainer(
      { ...app, dependsOn: [{ containerName: 'db', condition: 'HEALTHY' }] },
      { ...app, name: 'db' },
    ),
    'A dependency container with HEALTHY condition must have health check configured',
  ],
  [
    'dependencies in a circle',
    withContainer(
      { ...app, dependsOn: [{ containerName: 'b', condition: 'START' }] },
      { ...app, name: 'b', dependsOn: [{ containerName: 'app', condition: 'START' }] },
    ),
    'Container dependencies have a cycle.',
  ],
  [
    'awslogs without a group',
    withContainer({ ...app, ...awslogs({ 'awslogs-region': 'eu-west-1' }) }),
    'Log driver awslogs requires options: awslogs-group',
  ],
  [
    'awsfirelens without a router',
    withContainer({ ...app, logConfiguration: { logDriver: 'awsfirelens' } }),
    'When awsfirelens log driver is specified in log configuration, a firelens configuration object must be specified.',
  ],
  [
    'secrets without an execution role',
    withContainer({ ...app, secrets: [{ name: 'A', valueFrom: 'a' }] }),
    "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.",
  ],
  [
    'a name that is both secret and variable',
    {
      executionRoleArn: 'arn:aws:iam::123456789012:role/exec',
      ...withContainer({
        ...app,
        environment: [{ name: 'A', value: '1' }],
        secrets: [{ name: 'A', valueFrom: 'a' }],
      }),
    },
    'The secret name must be unique and not shared with any new or existing environment variables set on the container',
  ],
  [
    'an unknown volume',
    withContainer({ ...app, mountPoints: [{ sourceVolume: 'data', containerPath: '/data' }] }),
    "Unknown volume 'data'.",
  ],
  [
    'volumes from nobody',
    withContainer({ ...app, volumesFrom: [{ sourceContainer: 'db' }] }),
    "Invalid 'volumesFrom' setting. Unknown container: 'db'",
  ],
  [
    'EFS authorization in the clear',
    {
      volumes: [
        {
          name: 'd',
          efsVolumeConfiguration: { fileSystemId: 'fs-1', authorizationConfig: { iam: 'ENABLED' } },
        },
      ],
    },
    'EFS IAM authorization requires TransitEncryption to be enabled.',
  ],
  [
    'a soft limit above the hard one',
    withContainer({ ...app, ulimits: [{ name: 'nofile', softLimit: 2, hardLimit: 1 }] }),
    'Soft limit exceeds hard limit for ulimit nofile',
  ],
  [
    'a health check interval of a second',
    withContainer({ ...app, healthCheck: { command: ['CMD', 'true'], interval: 1 } }),
    "Health check 'interval' must be between 5 and 300.",
  ],
  [
    'a stop timeout of a second',
    withContainer({ ...app, stopTimeout: 1 }),
    "Granular stop timeout on container 'app' must be at least 2 seconds.",
  ],
  [
    'ephemeral storage outside of Fargate',
    { ephemeralStorage: { sizeInGiB: 30 } },
    'Tasks using the EC2 launch type do not support EphemeralStorage.',
  ],
  [
    'Fargate without awsvpc',
    { ...fargate, networkMode: undefined },
    "Fargate only supports network mode 'awsvpc'.",
  ],
  [
    'Fargate without cpu',
    { ...fargate, cpu: undefined },
    "Fargate requires that 'cpu' be defined at the task level.",
  ],
  [
    'Fargate without memory',
    { ...fargate, memory: undefined },
    "Fargate requires that 'memory' be defined at the task level.",
  ],
  [
    'a size that Fargate has not',
    { ...fargate, memory: '4096' },
    'No Fargate configuration exists for given values: 256 CPU, 4096 memory.',
  ],
  [
    'a size that Fargate has not, in vCPU and GB',
    { ...fargate, cpu: '1 vCPU', memory: '1 GB' },
    'No Fargate configuration exists for given values: 1024 CPU, 1024 memory.',
  ],
  [
    'privilege on Fargate',
    fargateContainer({ privileged: true }),
    "Fargate requires that the 'privileged' setting be 'false'.",
  ],
  [
    'a log driver that Fargate has not',
    fargateContainer({ logConfiguration: { logDriver: 'syslog' } }),
    'syslog is not a valid log driver. Must be one of [awslogs,splunk,awsfirelens]',
  ],
  [
    'awslogs on Fargate without a role',
    fargateContainer(awslogs({ 'awslogs-region': 'eu-west-1', 'awslogs-group': 'g' })),
    'Fargate requires task definition to have execution role ARN to support log driver awslogs.',
  ],
  [
    'a private ECR image on Fargate without a role',
    fargateContainer({ image: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1' }),
    'Fargate requires task definition to have execution role ARN to support ECR images.',
  ],
  [
    'a Docker volume on Fargate',
    { ...fargate, volumes: [{ name: 'd', dockerVolumeConfiguration: { scope: 'task' } }] },
    'Fargate compatible task definitions do not support dockerVolumeConfiguration',
  ],
  [
    'ipcMode on Fargate',
    { ...fargate, ipcMode: 'task' },
    'Fargate compatible task definitions do not support ipcMode',
  ],
  [
    'too little ephemeral storage',
    { ...fargate, ephemeralStorage: { sizeInGiB: 20 } },
    'EphemeralStorage size should be at least 21.',
  ],
];

describe('sandbox ECS task definitions', () => {
  let ecs: EcsHarness;
  beforeEach(() => (ecs = new EcsHarness()));
  afterEach(() => ecs.service.stop());

  for (const [name, input, message] of REFUSALS) {
    it(`refuses ${name}`, async () => {
      const error = await ecs.refusal('RegisterTaskDefinition', {
        family: 'web',
        containerDefinitions: [app],
        ...input,
      });
      assert.equal(error.code, 'ClientException');
      assert.equal(error.message.slice(0, message.length), message);
    });
  }

  it('fills in the defaults that ECS shows', async () => {
    const { taskDefinition } = await ecs.call('RegisterTaskDefinition', {
      ...fargate,
      cpu: '.25 vCPU',
      memory: '0.5gb',
      containerDefinitions: [
        {
          name: 'app',
          image: 'good',
          portMappings: [{ containerPort: 80 }],
          healthCheck: { command: ['CMD-SHELL', 'true'] },
        },
      ],
    });
    const { registeredAt, ...rest } = taskDefinition;
    assert.ok(Math.abs(registeredAt - Date.now() / 1000) < 10, 'seconds since the epoch');
    assert.deepEqual(rest, {
      taskDefinitionArn: 'arn:aws:ecs:eu-west-1:000000000000:task-definition/web:1',
      family: 'web',
      revision: 1,
      status: 'ACTIVE',
      networkMode: 'awsvpc',
      cpu: '256',
      memory: '512',
      requiresCompatibilities: ['FARGATE'],
      compatibilities: ['EC2', 'FARGATE'],
      volumes: [],
      placementConstraints: [],
      registeredBy: 'arn:aws:iam::000000000000:root',
      requiresAttributes: [
        { name: 'ecs.capability.container-health-check' },
        { name: 'com.amazonaws.ecs.capability.docker-remote-api.1.18' },
        { name: 'ecs.capability.task-eni' },
      ],
      containerDefinitions: [
        {
          name: 'app',
          image: 'good',
          cpu: 0,
          essential: true,
          environment: [],
          mountPoints: [],
          volumesFrom: [],
          portMappings: [{ containerPort: 80, hostPort: 80, protocol: 'tcp' }],
          healthCheck: { command: ['CMD-SHELL', 'true'], interval: 30, timeout: 5, retries: 3 },
        },
      ],
    });
  });

  it('takes only values that the enumerations of the API have', async () => {
    const efs = { fileSystemId: 'fs-1', transitEncryption: 'ENABLED' };
    for (const wrong of [
      { pidMode: 'shared' },
      { ipcMode: 'shared' },
      { runtimePlatform: { cpuArchitecture: 'arm64' } },
      { runtimePlatform: { operatingSystemFamily: 'MACOS' } },
      { volumes: [{ name: 'v', efsVolumeConfiguration: { ...efs, transitEncryption: 'on' } }] },
      { volumes: [{ name: 'v', efsVolumeConfiguration: { ...efs, authorizationConfig: { iam: 'on' } } }] },
      withContainer({ ...app, ulimits: [{ name: 'files', softLimit: 1, hardLimit: 2 }] }),
      withContainer({ ...app, portMappings: [{ containerPort: 80, name: 'a', appProtocol: 'ftp' }] }),
      withContainer({ ...app, environmentFiles: [{ value: 'arn:aws:s3:::b/a.env', type: 'http' }] }),
    ]) {
      const error = await ecs.refusal('RegisterTaskDefinition', {
        family: 'web',
        containerDefinitions: [app],
        ...wrong,
      });
      assert.equal(error.code, 'ClientException', JSON.stringify(wrong));
      assert.match(error.message, /Member must satisfy enum value set/, JSON.stringify(wrong));
    }
  });

  it('shows the root of a file system where no directory of it is named', async () => {
    const { taskDefinition } = await ecs.call('RegisterTaskDefinition', {
      family: 'web',
      containerDefinitions: [app],
      volumes: [{ name: 'data', efsVolumeConfiguration: { fileSystemId: 'fs-1' } }],
    });
    assert.deepEqual(taskDefinition.volumes, [
      { name: 'data', efsVolumeConfiguration: { fileSystemId: 'fs-1', rootDirectory: '/' } },
    ]);
  });

  it('deregisters by revision only, and says what is wrong with a name that has none', async () => {
    await ecs.register('a');
    for (const [taskDefinition, message] of [
      ['web', 'Revision is missing.'],
      ['web:latest', 'Invalid revision number. Number: latest'],
      ['web:9', 'The specified task definition does not exist.'],
    ] as const) {
      const error = await ecs.refusal('DeregisterTaskDefinition', { taskDefinition });
      assert.deepEqual([error.code, error.message], ['ClientException', message]);
    }
  });

  it('gives back each member that it was given', async () => {
    const members = {
      taskRoleArn: 'arn:aws:iam::123456789012:role/task',
      executionRoleArn: 'arn:aws:iam::123456789012:role/exec',
      runtimePlatform: { cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX' },
      pidMode: 'task',
      enableFaultInjection: true,
      volumes: [{ name: 'data', efsVolumeConfiguration: { fileSystemId: 'fs-1', rootDirectory: '/x' } }],
    };
    const container = { ...app, versionConsistency: 'enabled', interactive: true, dockerLabels: { a: 'b' } };
    await ecs.call('RegisterTaskDefinition', {
      family: 'web',
      ...members,
      containerDefinitions: [container],
    });
    const { taskDefinition } = await ecs.call('DescribeTaskDefinition', { taskDefinition: 'web' });
    assert.deepEqual({ ...taskDefinition, ...members }, taskDefinition);
    assert.deepEqual(
      { ...taskDefinition.containerDefinitions[0], ...container },
      taskDefinition.containerDefinitions[0],
    );
  });

  it('never gives a revision twice, and finds the latest ACTIVE one by family', async () => {
    await ecs.register('a');
    await ecs.register('b');
    await ecs.call('DeregisterTaskDefinition', { taskDefinition: 'web:2' });
    const latest = await ecs.call('DescribeTaskDefinition', { taskDefinition: 'web' });
    assert.equal(latest.taskDefinition.revision, 1);
    await ecs.call('DeleteTaskDefinitions', { taskDefinitions: ['web:2'] });
    assert.equal((await ecs.register('c')).revision, 3);
    const error = await ecs.refusal('DescribeTaskDefinition', { taskDefinition: 'web:2' });
    assert.deepEqual([error.code, error.message], ['ClientException', 'Unable to describe task definition.']);
  });

  it('deletes what is INACTIVE, and reports the others as failures', async () => {
    await ecs.register('a');
    await ecs.register('b');
    await ecs.call('DeregisterTaskDefinition', { taskDefinition: 'web:1' });
    const { taskDefinitions, failures } = await ecs.call('DeleteTaskDefinitions', {
      taskDefinitions: ['web:1', 'web:2', 'web:3'],
    });
    assert.deepEqual(
      taskDefinitions.map(({ revision, status }: { revision: number; status: string }) => [revision, status]),
      [[1, 'DELETE_IN_PROGRESS']],
    );
    assert.deepEqual(
      failures.map(({ reason }: { reason: string }) => reason),
      ['TASK_DEFINITION_STILL_ACTIVE', 'TASK_DEFINITION_NOT_FOUND'],
    );
  });

  it('pages through revisions both ways, in numerical order', async () => {
    for (let count = 0; count < 12; count++) {
      await ecs.register('a');
    }
    await ecs.register('a', { family: 'website' });
    for (const [sort, first] of [
      ['ASC', 1],
      ['DESC', 12],
    ] as const) {
      const revisions: number[] = [];
      let nextToken: string | undefined;
      do {
        const page = await ecs.call('ListTaskDefinitions', {
          familyPrefix: 'web',
          sort,
          maxResults: 5,
          nextToken,
        });
        revisions.push(...page.taskDefinitionArns.map((arn: string) => Number(arn.split(':').at(-1))));
        nextToken = page.nextToken;
      } while (nextToken !== undefined);
      const expected = Array.from({ length: 12 }, (_, index) => Math.abs(first - 1 - index) + 1);
      assert.deepEqual(revisions, expected);
    }
  });

  it('refuses a token that is not its own', async () => {
    const families = await ecs.refusal('ListTaskDefinitionFamilies', { nextToken: 'nonsense' });
    assert.equal(families.code, 'InvalidParameterException');
    await ecs.register('a');
    await ecs.register('b');
    const { nextToken } = await ecs.call('ListTaskDefinitions', { maxResults: 1 });
    const other = await ecs.refusal('ListTaskDefinitionFamilies', { nextToken });
    assert.equal(other.code, 'InvalidParameterException');
  });

  it('lists families by prefix and by whether a revision is ACTIVE', async () => {
    await ecs.register('a', { family: 'web' });
    await ecs.register('a', { family: 'worker' });
    await ecs.register('a', { family: 'batch' });
    await ecs.call('DeregisterTaskDefinition', { taskDefinition: 'worker:1' });
    const list = async (input: object) => (await ecs.call('ListTaskDefinitionFamilies', input)).families;
    assert.deepEqual(await list({}), ['batch', 'web']);
    assert.deepEqual(await list({ status: 'INACTIVE' }), ['worker']);
    assert.deepEqual(await list({ status: 'ALL', familyPrefix: 'w' }), ['web', 'worker']);
  });

  it('refuses to list by a status or an order that there is not', async () => {
    for (const input of [{ status: 'MOON' }, { sort: 'MOON' }]) {
      assert.equal((await ecs.refusal('ListTaskDefinitions', input)).code, 'InvalidParameterException');
    }
    const families = await ecs.refusal('ListTaskDefinitionFamilies', { status: 'MOON' });
    assert.match(families.message, /enum value set: \[ACTIVE, INACTIVE, ALL\]/);
  });

  it('takes an empty role, which deployment tools send, as none', async () => {
    const { taskDefinition } = await ecs.call('RegisterTaskDefinition', {
      family: 'web',
      taskRoleArn: '',
      executionRoleArn: '',
      containerDefinitions: [app],
    });
    assert.equal(taskDefinition.taskRoleArn, undefined);
    assert.equal(taskDefinition.executionRoleArn, undefined);
  });

  it('keeps regions apart', async () => {
    await ecs.register('a');
    const error = await ecs.refusal('DescribeTaskDefinition', { taskDefinition: 'web' }, 'us-east-1');
    assert.equal(error.message, 'Unable to describe task definition.');
    const { taskDefinitionArns } = await ecs.call('ListTaskDefinitions', {}, 'us-east-1');
    assert.deepEqual(taskDefinitionArns, []);
  });
});
