/** A definition in brief: what differs from a valid one. */
type Members = Readonly<Record<string, unknown>>;

/** One case of a rule: what it accepts, what it reports, and what its fix makes of that. */
export interface RuleFixture {
  readonly rule: string;
  /** As text where something else is wrong with it, of which only this rule says nothing. */
  readonly passes: unknown;
  readonly fails: unknown;
  /** After the first fix; left out where the rule has none. A text has to be met exactly. */
  readonly fixed?: unknown;
}

const CONTAINER = { name: 'web', image: 'nginx:1' };
const ROLE = 'arn:aws:iam::123456789012:role/ecsTaskExecutionRole';
const LINUX = { cpuArchitecture: 'X86_64', operatingSystemFamily: 'LINUX' };
const WINDOWS = { cpuArchitecture: 'X86_64', operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' };
const FARGATE = {
  family: 'web',
  requiresCompatibilities: ['FARGATE'],
  networkMode: 'awsvpc',
  cpu: '256',
  memory: '512',
  runtimePlatform: LINUX,
};

/** For Fargate, with one container. */
const onFargate = (members: Members = {}, container: Members = {}): Members =>
  without({ ...FARGATE, containerDefinitions: [{ ...CONTAINER, ...container }], ...members });

/** For EC2, with one container. */
const onEc2 = (container: Members = {}, members: Members = {}): Members =>
  without({
    family: 'web',
    memory: '512',
    containerDefinitions: [without({ ...CONTAINER, ...container })],
    ...members,
  });

const onWindows = (container: Members = {}): Members =>
  onEc2(container, { memory: undefined, runtimePlatform: WINDOWS });
const containers = (...list: readonly Members[]): Members =>
  onEc2({}, { containerDefinitions: list.map((each) => ({ ...CONTAINER, ...each })) });
const mapping = (...portMappings: readonly Members[]): Members => ({ portMappings });
const bridge = (...portMappings: readonly Members[]): Members => onEc2({ portMappings });
const awslogs = (options: Members, secretOptions?: unknown): Members =>
  without({ logConfiguration: without({ logDriver: 'awslogs', options, secretOptions }) });
const GROUP = { 'awslogs-group': '/ecs/web', 'awslogs-region': 'eu-central-1' };
const volumes = (volume: Members, mount = volume['name']): Members =>
  onEc2({ mountPoints: [{ sourceVolume: mount, containerPath: '/data' }] }, { volumes: [volume] });
const efs = (efsVolumeConfiguration: Members): Members => volumes({ name: 'data', efsVolumeConfiguration });
const health = (members: Members): Members =>
  onEc2({ healthCheck: { command: ['CMD', 'true'], ...members } });
const proxy = (names: readonly string[], mode?: string): Members =>
  onEc2(
    {},
    {
      networkMode: mode,
      proxyConfiguration: { containerName: 'web', properties: names.map((name) => ({ name, value: '1' })) },
    },
  );
const PROXY = ['ProxyIngressPort', 'ProxyEgressPort', 'AppPorts', 'EgressIgnoredIPs'];
const ulimit = (name: string, softLimit: number, hardLimit: number): Members => ({
  ulimits: [{ name, softLimit, hardLimit }],
});
const secret = (valueFrom: string): Members =>
  onEc2({ secrets: [{ name: 'A', valueFrom }] }, { executionRoleArn: ROLE });
const SECRET = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-AbCdEf';

function without(members: Members): Members {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

const VALID = onFargate();
const VALID_TEXT = JSON.stringify(VALID);
const LONG_NAME = 'a'.repeat(255);

export const FIXTURES: readonly RuleFixture[] = [
  // The file
  { rule: 'describe-wrapper', passes: VALID, fails: { taskDefinition: VALID }, fixed: VALID },
  {
    rule: 'describe-wrapper',
    passes: VALID,
    fails: { taskDefinition: VALID, tags: [{ key: 'team', value: 'a' }] },
    fixed: { ...VALID, tags: [{ key: 'team', value: 'a' }] },
  },
  {
    rule: 'describe-wrapper',
    passes: VALID,
    fails: { taskDefinition: { ...VALID, tags: null }, tags: [{ key: 'team', value: 'a' }] },
    fixed: { ...VALID, tags: [{ key: 'team', value: 'a' }] },
  },
  {
    rule: 'describe-wrapper',
    passes: VALID,
    fails: `{"taskDefinition": ${VALID_TEXT}, "tags": [{"key": "team", "value": <TEAM>}]}`,
  },
  {
    rule: 'describe-wrapper',
    passes: VALID,
    fails: `{"taskDefinition": ${VALID_TEXT.replace('"256"', '<CPU>')}, "tags": []}`,
    fixed: VALID_TEXT.replace('"256"', '<CPU>'),
  },
  {
    rule: 'read-only-member',
    passes: VALID,
    fails: { taskDefinitionArn: 'arn:x', ...VALID, revision: 3, status: 'ACTIVE' },
    fixed: VALID,
  },
  {
    rule: 'null-member',
    passes: VALID,
    fails: onEc2({ command: null, image: 'a:1' }),
    fixed: onEc2({ image: 'a:1' }),
  },
  {
    rule: 'pascal-case',
    passes: VALID,
    fails: {
      Family: 'web',
      ContainerDefinitions: [{ Name: 'web', Image: 'a', DockerLabels: { Mine: 'x' } }],
    },
    fixed: {
      family: 'web',
      containerDefinitions: [{ name: 'web', image: 'a', dockerLabels: { Mine: 'x' } }],
    },
  },
  {
    rule: 'pascal-case',
    passes: VALID,
    fails: { ContainerDefinitions: [{ name: null, Name: 'web', Image: 'a' }] },
    fixed: { containerDefinitions: [{ name: null, Name: 'web', image: 'a' }] },
  },
  {
    rule: 'unfilled-skeleton',
    passes: VALID,
    fails: {
      family: '',
      cpu: '',
      memory: '',
      containerDefinitions: [{ name: '', image: '', cpu: 0, memory: 0 }],
    },
  },
  {
    rule: 'unquoted-placeholder',
    passes: '{"family": "<X>", "containerDefinitions": []}',
    fails: '{"family": "a", "containerDefinitions": [], "cpu": <CPU>}',
  },
  { rule: 'definition-size', passes: VALID, fails: onEc2({ command: ['x'.repeat(66_000)] }) },
  // Containers
  {
    rule: 'family',
    passes: VALID,
    fails: onEc2({}, { family: 'my web!' }),
    fixed: onEc2({}, { family: 'my-web' }),
  },
  {
    rule: 'family',
    passes: onEc2({}, { family: '${FAMILY}' }),
    fails: { containerDefinitions: [CONTAINER] },
    fixed: { containerDefinitions: [CONTAINER], family: 'web' },
  },
  { rule: 'container-count', passes: VALID, fails: onEc2({}, { containerDefinitions: [] }) },
  {
    rule: 'container-count',
    passes: VALID,
    fails: containers(...Array.from({ length: 11 }, (_, index) => ({ name: `c${index}` }))),
  },
  { rule: 'container-name', passes: VALID, fails: onEc2({ name: 'a b' }), fixed: onEc2({ name: 'a-b' }) },
  {
    rule: 'container-name-unique',
    passes: containers({}, { name: 'b' }),
    fails: containers({}, {}),
    fixed: containers({}, { name: 'web-2' }),
  },
  {
    rule: 'container-name-unique',
    passes: JSON.stringify(containers({ name: undefined }, { name: '' })),
    fails: containers({ name: 'a' }, { name: 'a' }),
    fixed: containers({ name: 'a' }, { name: 'a-2' }),
  },
  {
    rule: 'container-name-unique',
    passes: JSON.stringify(containers({ name: 'a b' }, { name: 'a b' }, { name: '' }, { name: '' })),
    fails: containers({ name: LONG_NAME }, { name: LONG_NAME }),
    fixed: containers({ name: LONG_NAME }, { name: LONG_NAME.slice(0, 250) }),
  },
  {
    rule: 'essential-container',
    passes: onEc2({ essential: true }),
    fails: onEc2({ essential: false }),
    fixed: onEc2({ essential: true }),
  },
  {
    rule: 'essential-container',
    passes:
      '{"family": "web", "containerDefinitions": [{"name": "a", "image": "b", "essential": false}, <SIDECAR>]}',
    fails: onEc2({ essential: false }),
    fixed: onEc2({ essential: true }),
  },
  { rule: 'image-missing', passes: VALID, fails: onEc2({ image: undefined }) },
  { rule: 'image-empty', passes: VALID, fails: onEc2({ image: '' }) },
  {
    rule: 'image-reference',
    passes: onEc2({ image: `a@sha256:${'0'.repeat(64)}` }),
    fails: onEc2({ image: 'a b' }),
  },
  { rule: 'image-reference', passes: onEc2({ image: '<IMAGE 1>' }), fails: onEc2({ image: 'a@sha256:12' }) },
  {
    rule: 'environment-value',
    passes: onEc2({ environment: [{ name: 'A', value: '1' }] }),
    fails: onEc2({ environment: [{ name: 'A', value: 1 }] }),
    fixed: onEc2({ environment: [{ name: 'A', value: '1' }] }),
  },
  {
    rule: 'environment-value',
    passes: VALID,
    fails: '[{"name": "a", "image": "b", "environment": [{"name": "VERSION", "value": 1.10}]}]',
    fixed: '[{"name": "a", "image": "b", "environment": [{"name": "VERSION", "value": "1.10"}]}]',
  },
  {
    rule: 'environment-value',
    passes: VALID,
    fails: '[{"name": "a", "image": "b", "environment": [{"name": "ID", "value": 12345678901234567890}]}]',
    fixed: '[{"name": "a", "image": "b", "environment": [{"name": "ID", "value": "12345678901234567890"}]}]',
  },
  {
    rule: 'environment-duplicate',
    passes: onEc2({ environment: [{ name: 'A', value: '1' }] }),
    fails: onEc2({
      environment: [
        { name: 'A', value: '1' },
        { name: 'A', value: '2' },
      ],
    }),
    fixed: onEc2({ environment: [{ name: 'A', value: '2' }] }),
  },
  {
    rule: 'environment-file',
    passes: onEc2({ environmentFiles: [{ value: 'arn:aws:s3:::b/a.env', type: 's3' }] }),
    fails: onEc2({ environmentFiles: [{ value: 's3://b/a.env', type: 's3' }] }),
  },
  {
    rule: 'environment-file-name',
    passes: onEc2({ environmentFiles: [{ value: 'arn:aws:s3:::b/a.env', type: 's3' }] }),
    fails: onEc2({ environmentFiles: [{ value: 'arn:aws:s3:::b/a.txt', type: 's3' }] }),
  },
  {
    rule: 'version-consistency',
    passes: onEc2({ versionConsistency: 'enabled' }),
    fails: onEc2({ versionConsistency: 'on' }),
  },
  {
    rule: 'fault-injection',
    passes: onFargate({ enableFaultInjection: true }),
    fails: onFargate({ enableFaultInjection: 'true' }),
  },
  // Sizes
  {
    rule: 'fargate-size-required',
    passes: VALID,
    fails: onFargate({ cpu: undefined, memory: undefined }, { memory: 900 }),
    fixed: {
      ...onFargate({ cpu: undefined, memory: undefined }, { memory: 900 }),
      cpu: '256',
      memory: '1024',
    },
  },
  {
    rule: 'fargate-size-required',
    passes: VALID,
    fails: onFargate({ cpu: null, memory: null }),
    fixed: VALID,
  },
  {
    rule: 'fargate-size-required',
    passes: VALID,
    fails: onFargate({ memory: undefined }, { memory: 4096 }),
    fixed: onFargate({ memory: '2048' }, { memory: 4096 }),
  },
  {
    rule: 'fargate-size-required',
    passes: VALID,
    fails: onFargate({ cpu: undefined, memory: undefined, runtimePlatform: WINDOWS }),
    fixed: onFargate({ cpu: '1024', memory: '2048', runtimePlatform: WINDOWS }),
  },
  {
    rule: 'fargate-cpu-memory',
    passes: onFargate({ memory: '1 GB' }),
    fails: onFargate({ memory: '4096' }),
    fixed: onFargate({ memory: '2048' }),
  },
  {
    rule: 'fargate-cpu-memory',
    passes: onFargate({ cpu: '.25 vCPU' }),
    fails: onFargate({ cpu: '300' }),
    fixed: onFargate({ cpu: '256' }),
  },
  {
    rule: 'fargate-cpu-memory',
    passes: onFargate({ cpu: '32768', memory: '249856' }),
    fails: onFargate({ cpu: '8192', memory: '18432' }),
    fixed: onFargate({ cpu: '8192', memory: '20480' }),
  },
  {
    rule: 'fargate-windows-size',
    passes: onFargate({ cpu: '1024', memory: '2048', runtimePlatform: WINDOWS }),
    fails: onFargate({ runtimePlatform: WINDOWS }),
  },
  {
    rule: 'windows-architecture',
    passes: onWindows(),
    fails: onFargate({ runtimePlatform: { ...WINDOWS, cpuArchitecture: 'ARM64' } }),
  },
  {
    rule: 'task-size-format',
    passes: onFargate({ memory: '0.5GB' }),
    fails: onFargate({ memory: 512 }),
    fixed: onFargate({ memory: '512' }),
  },
  {
    rule: 'task-size-format',
    passes: onFargate({ cpu: '<CPU>' }),
    fails: onFargate({ memory: '512MB' }),
    fixed: onFargate({ memory: '512' }),
  },
  {
    rule: 'task-size-format',
    passes: VALID,
    fails: '{"family": "web", "memory": 1e30, "containerDefinitions": []}',
  },
  { rule: 'ec2-cpu-range', passes: onEc2({}, { cpu: '128' }), fails: onEc2({}, { cpu: '64' }) },
  { rule: 'windows-task-size', passes: onWindows(), fails: onEc2({}, { runtimePlatform: WINDOWS }) },
  {
    rule: 'container-memory-required',
    passes: onEc2({ memory: 64 }, { memory: undefined }),
    fails: onEc2({}, { memory: undefined }),
    fixed: onEc2({ memory: 512 }, { memory: undefined }),
  },
  {
    rule: 'memory-reservation',
    passes: onEc2({ memory: 64, memoryReservation: 64 }),
    fails: onEc2({ memory: 64, memoryReservation: 65 }),
    fixed: onEc2({ memory: 64, memoryReservation: 64 }),
  },
  {
    rule: 'container-memory',
    passes: onEc2({ memory: 512 }),
    fails: onEc2({ memory: 513 }),
    fixed: onEc2({ memory: 512 }),
  },
  {
    rule: 'container-memory-sum',
    passes: containers({ memory: 256 }, { name: 'b', memory: 256 }),
    fails: containers({ memory: 256 }, { name: 'b', memory: 257 }),
  },
  { rule: 'container-cpu-sum', passes: onFargate({}, { cpu: 256 }), fails: onFargate({}, { cpu: 257 }) },
  { rule: 'memory-zero', passes: onEc2({ memory: 6 }), fails: onEc2({ memory: 0 }) },
  { rule: 'memory-minimum', passes: onEc2({ memory: 6 }), fails: onEc2({ memory: 5 }) },
  // Network and ports
  { rule: 'fargate-network-mode', passes: VALID, fails: onFargate({ networkMode: 'bridge' }), fixed: VALID },
  {
    rule: 'fargate-network-mode',
    passes: onFargate({ networkMode: '$MODE' }),
    fails: onFargate({ networkMode: undefined }),
    fixed: { ...onFargate({ networkMode: undefined }), networkMode: 'awsvpc' },
  },
  {
    rule: 'host-port-match',
    passes: onFargate({}, mapping({ containerPort: 80, hostPort: 0 })),
    fails: onFargate({}, mapping({ containerPort: 80, hostPort: 8080 })),
    fixed: onFargate({}, mapping({ containerPort: 80 })),
  },
  {
    rule: 'none-port-mappings',
    passes: onEc2({ portMappings: [] }, { networkMode: 'none' }),
    fails: onEc2({ portMappings: [{ containerPort: 80 }] }, { networkMode: 'none' }),
    fixed: onEc2({}, { networkMode: 'none' }),
  },
  {
    rule: 'links-bridge-only',
    passes: onEc2({ links: ['a'] }),
    fails: onFargate({}, { links: ['a'] }),
    fixed: VALID,
  },
  {
    rule: 'awsvpc-container-network',
    passes: onFargate({}, { dnsServers: [], disableNetworking: false }),
    fails: onFargate({}, { hostname: 'web' }),
    fixed: VALID,
  },
  {
    rule: 'port-number',
    passes: bridge({ containerPort: 1, hostPort: 0 }),
    fails: bridge({ containerPort: 65536 }),
  },
  {
    rule: 'host-port-conflict',
    passes: bridge({ containerPort: 80, hostPort: 80 }, { containerPort: 80, hostPort: 80, protocol: 'udp' }),
    fails: bridge({ containerPort: 80, hostPort: 80 }, { containerPort: 81, hostPort: 80 }),
  },
  {
    rule: 'port-two-protocols',
    passes: JSON.stringify(bridge({ containerPort: 0 }, { protocol: 'udp' })),
    fails: bridge({ containerPort: 53 }, { containerPort: 53, protocol: 'udp' }),
  },
  {
    rule: 'port-name',
    passes: bridge({ containerPort: 80, name: 'http' }),
    fails: bridge({ containerPort: 80, name: 'HTTP' }),
  },
  {
    rule: 'port-name',
    passes: bridge({ containerPort: 80, name: 'a' }, { containerPort: 81, name: 'b' }),
    fails: bridge({ containerPort: 80, name: 'a' }, { containerPort: 81, name: 'a' }),
  },
  {
    rule: 'app-protocol-name',
    passes: bridge({ containerPort: 80, name: 'a', appProtocol: 'http' }),
    fails: bridge({ containerPort: 80, appProtocol: 'http' }),
  },
  {
    rule: 'port-range',
    passes: bridge({ containerPortRange: '8000-8099' }),
    fails: bridge({ containerPortRange: '8099-8000' }),
    fixed: bridge({ containerPortRange: '8000-8099' }),
  },
  {
    rule: 'port-range',
    passes: VALID,
    fails: bridge({ containerPortRange: '8099-0' }),
  },
  {
    rule: 'port-range',
    passes: VALID,
    fails: bridge({ containerPortRange: '8100-8000' }),
  },
  {
    rule: 'port-range',
    passes: bridge({ containerPortRange: '1-2' }, { containerPortRange: '3-4' }),
    fails: bridge({ containerPortRange: '1-3' }, { containerPortRange: '3-4' }),
  },
  {
    rule: 'port-range',
    passes: bridge(
      { containerPortRange: '1-3', protocol: '${ONE}' },
      { containerPortRange: '3-4', protocol: '${OTHER}' },
    ),
    fails: bridge(
      { containerPortRange: '1-3', protocol: 'udp' },
      { containerPortRange: '3-4', protocol: 'udp' },
    ),
  },
  {
    rule: 'port-range',
    passes: bridge({ containerPort: 80 }),
    fails: bridge({ containerPort: 80, containerPortRange: '1-2' }),
    fixed: bridge({ containerPortRange: '1-2' }),
  },
  // Dependencies
  {
    rule: 'depends-on-target',
    passes: onEc2({ dependsOn: [{ containerName: '${X}', condition: 'START' }] }),
    fails: containers({}, { name: 'b', dependsOn: [{ containerName: 'wbe', condition: 'START' }] }),
    fixed: containers({}, { name: 'b', dependsOn: [{ containerName: 'web', condition: 'START' }] }),
  },
  {
    rule: 'depends-on-condition',
    passes: containers(
      { essential: false },
      { name: 'b', dependsOn: [{ containerName: 'web', condition: 'SUCCESS' }] },
    ),
    fails: containers(
      { essential: true },
      { name: 'b', dependsOn: [{ containerName: 'web', condition: 'SUCCESS' }] },
    ),
    fixed: containers(
      { essential: false },
      { name: 'b', dependsOn: [{ containerName: 'web', condition: 'SUCCESS' }] },
    ),
  },
  {
    rule: 'depends-on-condition',
    passes: containers(
      { healthCheck: { command: ['CMD', 'true'] } },
      { name: 'b', dependsOn: [{ containerName: 'web', condition: 'HEALTHY' }] },
    ),
    fails: containers({}, { name: 'b', dependsOn: [{ containerName: 'web', condition: 'HEALTHY' }] }),
    fixed: containers({}, { name: 'b', dependsOn: [{ containerName: 'web', condition: 'START' }] }),
  },
  {
    rule: 'depends-on-cycle',
    passes: containers({}, { name: 'b', dependsOn: [{ containerName: 'web', condition: 'START' }] }),
    fails: containers(
      { dependsOn: [{ containerName: 'b', condition: 'START' }] },
      { name: 'b', dependsOn: [{ containerName: 'web', condition: 'START' }] },
    ),
  },
  {
    rule: 'depends-on-cycle',
    passes: VALID,
    fails: onEc2({ dependsOn: [{ containerName: 'web', condition: 'START' }] }),
  },
  {
    rule: 'container-timeout',
    passes: onFargate({}, { stopTimeout: 120 }),
    fails: onFargate({}, { stopTimeout: 121 }),
    fixed: onFargate({}, { stopTimeout: 120 }),
  },
  {
    rule: 'container-timeout',
    passes: onEc2({ stopTimeout: 600 }),
    fails: onEc2({ startTimeout: 1 }),
    fixed: onEc2({ startTimeout: 2 }),
  },
  {
    rule: 'fargate-start-timeout',
    passes: onEc2({ startTimeout: 600 }),
    fails: onFargate({}, { startTimeout: 600 }),
    fixed: onFargate({}, { startTimeout: 120 }),
  },
  // Logging
  {
    rule: 'awslogs-options',
    passes: onEc2(awslogs(GROUP)),
    fails: onFargate({}, awslogs(GROUP)),
    fixed: onFargate({}, awslogs({ ...GROUP, 'awslogs-stream-prefix': 'ecs' })),
  },
  {
    rule: 'awslogs-options',
    passes: onEc2(awslogs({ ...GROUP, 'awslogs-group': '<GROUP>' })),
    fails: onEc2(awslogs({ 'awslogs-region': 'eu-west-1' })),
    fixed: onEc2(awslogs({ 'awslogs-region': 'eu-west-1', 'awslogs-group': '/ecs/web' })),
  },
  {
    rule: 'awslogs-options',
    passes: onEc2(awslogs(GROUP)),
    fails: onFargate({}, awslogs({ 'awslogs-group': null, 'awslogs-region': 'eu-west-1' })),
    fixed: onFargate(
      {},
      awslogs({
        'awslogs-group': '/ecs/web',
        'awslogs-region': 'eu-west-1',
        'awslogs-stream-prefix': 'ecs',
      }),
    ),
  },
  {
    rule: 'awslogs-multiline',
    passes: onEc2(awslogs({ ...GROUP, 'awslogs-multiline-pattern': '^x' })),
    fails: onEc2(awslogs({ ...GROUP, 'awslogs-multiline-pattern': '^x', 'awslogs-datetime-format': '%Y' })),
  },
  {
    rule: 'awslogs-multiline',
    passes: VALID,
    fails: onEc2(awslogs({ ...GROUP, 'awslogs-multiline-pattern': '^x', 'awslogs-datetime-format': '-Y' })),
  },
  {
    rule: 'awslogs-unknown-option',
    passes: onEc2(awslogs({ ...GROUP, 'max-buffer-size': '1m' })),
    fails: onEc2(awslogs({ ...GROUP, 'awslogs-grup': 'x' })),
  },
  {
    rule: 'fargate-log-driver',
    passes: onEc2({ logConfiguration: { logDriver: 'json-file' } }),
    fails: onFargate(
      {},
      {
        image: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/a',
        logConfiguration: { logDriver: 'json-file' },
      },
    ),
    fixed: onFargate(
      {},
      {
        image: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/a',
        ...awslogs({
          'awslogs-group': '/ecs/web',
          'awslogs-region': 'eu-west-1',
          'awslogs-stream-prefix': 'ecs',
        }),
      },
    ),
  },
  {
    rule: 'splunk-options',
    passes: onEc2({
      logConfiguration: {
        logDriver: 'splunk',
        options: { 'splunk-url': 'x' },
        secretOptions: [{ name: 'splunk-token', valueFrom: 'a' }],
      },
    }),
    fails: onEc2({ logConfiguration: { logDriver: 'splunk', options: { 'splunk-url': 'x' } } }),
  },
  {
    rule: 'splunk-options',
    passes: onEc2({
      logConfiguration: {
        logDriver: 'splunk',
        options: { 'splunk-url': 'x' },
        secretOptions: [{ name: '${TOKEN_OPTION}', valueFrom: 'a' }],
      },
    }),
    fails: onEc2({
      logConfiguration: {
        logDriver: 'splunk',
        options: { 'splunk-url': 'x' },
        secretOptions: [{ name: 'splunk-index', valueFrom: 'a' }],
      },
    }),
  },
  {
    rule: 'firelens-container',
    passes: containers(
      { logConfiguration: { logDriver: 'awsfirelens' } },
      { name: 'b', firelensConfiguration: { type: 'fluentbit' } },
    ),
    fails: onEc2({ logConfiguration: { logDriver: 'awsfirelens' } }),
  },
  {
    rule: 'fargate-firelens-config',
    passes: onFargate(
      {},
      { firelensConfiguration: { type: 'fluentbit', options: { 'config-file-type': 'file' } } },
    ),
    fails: onFargate(
      {},
      { firelensConfiguration: { type: 'fluentbit', options: { 'config-file-type': 's3' } } },
    ),
  },
  // Roles and secrets
  {
    rule: 'execution-role',
    passes: onFargate({ executionRoleArn: '<ROLE>' }, awslogs(GROUP)),
    fails: onFargate({}, awslogs(GROUP)),
    fixed: {
      ...onFargate({}, awslogs(GROUP)),
      executionRoleArn: 'arn:aws:iam::<ACCOUNT_ID>:role/ecsTaskExecutionRole',
    },
  },
  {
    rule: 'execution-role',
    passes: secret('a'),
    fails: onEc2({ secrets: [{ name: 'A', valueFrom: 'a' }] }),
    fixed: {
      ...onEc2({ secrets: [{ name: 'A', valueFrom: 'a' }] }),
      executionRoleArn: 'arn:aws:iam::<ACCOUNT_ID>:role/ecsTaskExecutionRole',
    },
  },
  {
    rule: 'execution-role',
    passes: onEc2({ image: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/a' }),
    fails: onFargate({}, { image: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/a' }),
    fixed: {
      ...onFargate({}, { image: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/a' }),
      executionRoleArn: ROLE,
    },
  },
  {
    rule: 'execution-role-registry',
    passes: onEc2({ repositoryCredentials: { credentialsParameter: SECRET } }),
    fails: onFargate({}, { repositoryCredentials: { credentialsParameter: SECRET } }),
  },
  {
    rule: 'environment-secret',
    passes: secret('a'),
    fails: onEc2(
      {
        environment: [
          { name: 'A', value: 'x' },
          { name: 'B', value: 'y' },
        ],
        secrets: [{ name: 'A', valueFrom: 'a' }],
      },
      { executionRoleArn: ROLE },
    ),
    fixed: onEc2(
      { environment: [{ name: 'B', value: 'y' }], secrets: [{ name: 'A', valueFrom: 'a' }] },
      { executionRoleArn: ROLE },
    ),
  },
  { rule: 'secret-value-from', passes: secret(`${SECRET}:key::`), fails: secret(`${SECRET}:key`) },
  { rule: 'secret-value-from', passes: secret('/app/db'), fails: secret(`${SECRET}::AWSCURRENT:1`) },
  {
    rule: 'secret-value-from',
    passes: secret('arn:aws:ssm:eu-central-1:123456789012:parameter/db'),
    fails: secret('arn:aws:s3:::bucket'),
  },
  // Volumes
  {
    rule: 'mount-volume',
    passes: volumes({ name: 'data' }),
    fails: volumes({ name: 'data' }, 'dta'),
    fixed: volumes({ name: 'data' }, 'data'),
  },
  {
    rule: 'mount-volume',
    passes: volumes({ name: 'data' }, '${V}'),
    fails: onEc2({ mountPoints: [{ sourceVolume: 'data' }] }),
    fixed: { ...onEc2({ mountPoints: [{ sourceVolume: 'data' }] }), volumes: [{ name: 'data' }] },
  },
  {
    rule: 'volumes-from',
    passes: containers({}, { name: 'b', volumesFrom: [{ sourceContainer: 'web' }] }),
    fails: containers({}, { name: 'b', volumesFrom: [{ sourceContainer: 'webb' }] }),
    fixed: containers({}, { name: 'b', volumesFrom: [{ sourceContainer: 'web' }] }),
  },
  {
    rule: 'configured-at-launch',
    passes: volumes({ name: 'data', configuredAtLaunch: true }),
    fails: onEc2({}, { volumes: [{ name: 'data', configuredAtLaunch: true }] }),
  },
  {
    rule: 'configured-at-launch',
    passes:
      '{"containerDefinitions": [<SIDECAR>], "volumes": [{"name": "data", "configuredAtLaunch": true}]}',
    fails: onEc2({}, { volumes: [{ name: 'data', configuredAtLaunch: true }] }),
  },
  {
    rule: 'volume-unused',
    passes: volumes({ name: 'data' }),
    fails: onEc2({}, { volumes: [{ name: 'data' }] }),
  },
  {
    rule: 'volume-unused',
    passes: '{"containerDefinitions": <CONTAINERS>, "volumes": [{"name": "data"}]}',
    fails: onEc2({}, { volumes: [{ name: 'data' }] }),
  },
  {
    rule: 'volume-kind',
    passes: volumes({ name: 'data', host: {}, efsVolumeConfiguration: { fileSystemId: 'fs-1' } }),
    fails: volumes({
      name: 'data',
      host: { sourcePath: '/x' },
      efsVolumeConfiguration: { fileSystemId: 'fs-1' },
    }),
  },
  {
    rule: 'efs-transit-encryption',
    passes: efs({ fileSystemId: 'fs-1' }),
    fails: efs({ fileSystemId: 'fs-1', authorizationConfig: { iam: 'ENABLED' } }),
    fixed: efs({
      fileSystemId: 'fs-1',
      authorizationConfig: { iam: 'ENABLED' },
      transitEncryption: 'ENABLED',
    }),
  },
  {
    rule: 'efs-root-directory',
    passes: efs({
      fileSystemId: 'fs-1',
      rootDirectory: '/',
      transitEncryption: 'ENABLED',
      authorizationConfig: { accessPointId: 'fsap-1' },
    }),
    fails: efs({
      rootDirectory: '/x',
      transitEncryption: 'ENABLED',
      authorizationConfig: { accessPointId: 'fsap-1' },
    }),
    fixed: efs({ transitEncryption: 'ENABLED', authorizationConfig: { accessPointId: 'fsap-1' } }),
  },
  {
    rule: 'fargate-volume',
    passes: onFargate({ volumes: [{ name: 'a', host: {} }] }),
    fails: onFargate({ volumes: [{ name: 'a', host: { sourcePath: '/x' } }] }),
    fixed: onFargate({ volumes: [{ name: 'a' }] }),
  },
  {
    rule: 'volume-autoprovision',
    passes: volumes({ name: 'a', dockerVolumeConfiguration: { scope: 'shared', autoprovision: true } }),
    fails: volumes({ name: 'a', dockerVolumeConfiguration: { scope: 'task', autoprovision: true } }),
  },
  {
    rule: 's3-files-volume',
    passes: VALID,
    fails: volumes({ name: 'a', s3filesVolumeConfiguration: { fileSystemArn: 'arn:x' } }),
  },
  {
    rule: 'ephemeral-storage',
    passes: onFargate({ ephemeralStorage: { sizeInGiB: 21 } }),
    fails: onFargate({ ephemeralStorage: { sizeInGiB: 20 } }),
    fixed: onFargate({ ephemeralStorage: { sizeInGiB: 21 } }),
  },
  {
    rule: 'ephemeral-storage',
    passes: VALID,
    fails: onEc2({}, { requiresCompatibilities: ['EC2'], ephemeralStorage: { sizeInGiB: 21 } }),
    fixed: onEc2({}, { requiresCompatibilities: ['EC2'] }),
  },
  {
    rule: 'ephemeral-storage',
    passes: VALID,
    fails: onEc2({}, { requiresCompatibilities: [], ephemeralStorage: { sizeInGiB: 21 } }),
    fixed: onEc2({}, { requiresCompatibilities: ['FARGATE'], ephemeralStorage: { sizeInGiB: 21 } }),
  },
  {
    rule: 'ephemeral-storage',
    passes: VALID,
    fails: onEc2({}, { requiresCompatibilities: null, ephemeralStorage: { sizeInGiB: 21 } }),
    fixed: onEc2({}, { requiresCompatibilities: ['FARGATE'], ephemeralStorage: { sizeInGiB: 21 } }),
  },
  // Health and restarts
  {
    rule: 'health-check-range',
    passes: health({ interval: 5 }),
    fails: health({ interval: 4 }),
    fixed: health({ interval: 5 }),
  },
  {
    rule: 'health-check-command',
    passes: health({ command: ['NONE'] }),
    fails: health({ command: ['curl -f x'] }),
    fixed: health({ command: ['CMD-SHELL', 'curl -f x'] }),
  },
  {
    rule: 'health-check-shell',
    passes: health({ command: ['CMD-SHELL', 'a'] }),
    fails: health({ command: ['CMD-SHELL', 'curl', '-f'] }),
  },
  {
    rule: 'restart-policy',
    passes: onEc2({ restartPolicy: { enabled: true } }),
    fails: onEc2({ restartPolicy: { enabled: true, restartAttemptPeriod: 10 } }),
    fixed: onEc2({ restartPolicy: { enabled: true, restartAttemptPeriod: 60 } }),
  },
  {
    rule: 'restart-policy',
    passes: VALID,
    fails: onEc2({ restartPolicy: {} }),
    fixed: onEc2({ restartPolicy: { enabled: true } }),
  },
  // Fargate and platforms
  {
    rule: 'fargate-unsupported',
    passes: onFargate(
      {},
      { privileged: false, linuxParameters: { tmpfs: [{ containerPath: '/t', size: 1 }] } },
    ),
    fails: onFargate({}, { privileged: true }),
    fixed: VALID,
  },
  {
    rule: 'fargate-unsupported',
    passes: onFargate({ placementConstraints: [], pidMode: 'task' }),
    fails: onFargate({ pidMode: 'host' }),
    fixed: VALID,
  },
  {
    rule: 'fargate-capabilities',
    passes: onFargate({}, { linuxParameters: { capabilities: { add: ['SYS_PTRACE'] } } }),
    fails: onFargate({}, { linuxParameters: { capabilities: { add: ['SYS_PTRACE', 'NET_ADMIN'] } } }),
    fixed: onFargate({}, { linuxParameters: { capabilities: { add: ['SYS_PTRACE'] } } }),
  },
  {
    rule: 'fargate-ulimits',
    passes: onFargate({}, ulimit('nofile', 1, 2)),
    fails: onFargate({}, ulimit('core', 1, 2)),
  },
  {
    rule: 'fargate-platform',
    passes: VALID,
    fails: onFargate({ runtimePlatform: undefined }),
    fixed: { ...onFargate({ runtimePlatform: undefined }), runtimePlatform: LINUX },
  },
  { rule: 'fargate-platform', passes: VALID, fails: onFargate({ runtimePlatform: null }), fixed: VALID },
  {
    rule: 'inference-accelerators',
    passes: VALID,
    fails: { ...VALID, inferenceAccelerators: [{ deviceName: 'a', deviceType: 'eia1.medium' }] },
    fixed: VALID,
  },
  { rule: 'ulimit-order', passes: onEc2(ulimit('nofile', 2, 2)), fails: onEc2(ulimit('nofile', 3, 2)) },
  {
    rule: 'swappiness',
    passes: onEc2({ linuxParameters: { maxSwap: 1, swappiness: 60 } }),
    fails: onEc2({ linuxParameters: { swappiness: 60 } }),
  },
  {
    rule: 'system-controls',
    passes: onEc2({ systemControls: [{ namespace: 'net.core.somaxconn', value: '1' }] }),
    fails: onEc2({ systemControls: [{ namespace: 'vm.max_map_count', value: '1' }] }),
  },
  {
    rule: 'credential-specs',
    passes: onEc2({ credentialSpecs: ['a'] }),
    fails: onEc2({ credentialSpecs: ['a', 'b'] }),
  },
  {
    rule: 'resource-requirement',
    passes: onEc2({ resourceRequirements: [{ type: 'GPU', value: '1' }] }),
    fails: onEc2({ resourceRequirements: [{ type: 'GPU' }] }),
  },
  { rule: 'windows-unsupported', passes: onWindows(), fails: onWindows({ user: 'app' }) },
  // Beside the containers
  {
    rule: 'proxy-configuration',
    passes: proxy([...PROXY, 'IgnoredUID'], 'awsvpc'),
    fails: proxy([...PROXY, 'IgnoredUID'], 'bridge'),
  },
  { rule: 'proxy-configuration', passes: VALID, fails: proxy(['IgnoredUID'], 'awsvpc') },
  {
    rule: 'proxy-ignored-user',
    passes: proxy([...PROXY, 'IgnoredGID'], 'awsvpc'),
    fails: proxy(PROXY, 'awsvpc'),
  },
  {
    rule: 'tags',
    passes: JSON.stringify(onEc2({}, { tags: [{ value: 'b' }, { value: 'c' }] })),
    fails: onEc2({}, { tags: [{ key: '', value: 'b' }, { value: 'c' }] }),
  },
  {
    rule: 'tags',
    passes: onEc2({}, { tags: [{ key: 'a', value: 'b' }] }),
    fails: onEc2({}, { tags: [{ key: 'aws:a', value: 'b' }] }),
  },
  {
    rule: 'tags',
    passes: VALID,
    fails: onEc2(
      {},
      {
        tags: [
          { key: 'a', value: 'b' },
          { key: 'a', value: 'c' },
        ],
      },
    ),
  },
  {
    rule: 'placement-constraints',
    passes: onEc2({}, { placementConstraints: [{ type: 'memberOf', expression: 'x' }] }),
    fails: onEc2({}, { placementConstraints: [{ type: 'distinctInstance' }] }),
  },
];
