import assert from 'node:assert/strict';
import { accepted, atCursor, labelsAt } from './atCursor';

const FARGATE = '"family": "web", "requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc"';
const inTask = (members: string): string => `{ ${members}, "containerDefinitions": [] }`;
const inContainer = (members: string, others = '', task = ''): string =>
  `{ ${task} "containerDefinitions": [{ "name": "web", "image": "nginx", ${members} }${others}] }`;
const SIDE =
  ', { "name": "init", "image": "x", "essential": false }, { "name": "db", "image": "x", "healthCheck": { "command": ["CMD", "x"] } }';

/** Fixture, and what is offered: all of it in its order. */
const OFFERED: readonly (readonly [what: string, marked: string, labels: readonly string[]])[] = [
  [
    'memory that Fargate has with this cpu',
    inTask(`${FARGATE}, "cpu": "512", "memory": "|"`),
    ['"1024"', '"2048"', '"3072"', '"4096"'],
  ],
  [
    'cpu that Fargate has with this memory',
    inTask(`${FARGATE}, "cpu": |, "memory": "1 GB"`),
    ['"256"', '"512"'],
  ],
  [
    'all cpu sizes beside a placeholder',
    inTask(`${FARGATE}, "cpu": "|", "memory": "\${MEMORY}"`),
    ['"256"', '"512"', '"1024"', '"2048"', '"4096"', '"8192"', '"16384"', '"32768"'],
  ],
  [
    'the cpu sizes of Windows on Fargate',
    inTask(
      `${FARGATE}, "cpu": "|", "runtimePlatform": { "operatingSystemFamily": "WINDOWS_SERVER_2022_CORE" }`,
    ),
    ['"1024"', '"2048"', '"4096"'],
  ],
  [
    'the one network mode of Fargate',
    inTask('"requiresCompatibilities": ["FARGATE", "EC2"], "networkMode": |'),
    ['"awsvpc"'],
  ],
  [
    'all network modes on EC2',
    inTask('"requiresCompatibilities": ["EC2"], "networkMode": ""|'.replace('""|', '"|"')),
    ['"awsvpc"', '"bridge"', '"host"', '"none"'],
  ],
  [
    'the network modes of external instances',
    inTask('"requiresCompatibilities": ["EXTERNAL"], "networkMode": "|"'),
    ['"bridge"', '"host"', '"none"'],
  ],
  [
    'architectures of Windows',
    inTask(
      '"runtimePlatform": { "operatingSystemFamily": "WINDOWS_SERVER_2019_FULL", "cpuArchitecture": "|" }',
    ),
    ['"X86_64"'],
  ],
  [
    'operating systems for ARM',
    inTask('"runtimePlatform": { "operatingSystemFamily": "|", "cpuArchitecture": "ARM64" }'),
    ['"LINUX"'],
  ],
  ['the process namespace of Fargate', inTask(`${FARGATE}, "pidMode": "|"`), ['"task"']],
  [
    'the other containers, in dependsOn',
    inContainer('"dependsOn": [{ "containerName": "|", "condition": "START" }]', SIDE),
    ['"init"', '"db"'],
  ],
  [
    'no container that waits for this one, be it by way of another',
    inContainer(
      '"dependsOn": [{ "containerName": "|" }]',
      ', { "name": "a", "dependsOn": [{ "containerName": "b" }] }, { "name": "b", "dependsOn": [{ "containerName": "web" }] }, { "name": "c" }',
    ),
    ['"c"'],
  ],
  [
    'no container that this one waits for already',
    inContainer(
      '"dependsOn": [{ "containerName": "db", "condition": "HEALTHY" }, { "containerName": "|" }]',
      SIDE,
    ),
    ['"init"'],
  ],
  [
    'the conditions of a container that is checked',
    inContainer('"dependsOn": [{ "containerName": "db", "condition": "|" }]', SIDE),
    ['"START"', '"HEALTHY"'],
  ],
  [
    'the conditions of a container that may end',
    inContainer('"dependsOn": [{ "containerName": "init", "condition": "|" }]', SIDE),
    ['"START"', '"SUCCESS"', '"COMPLETE"'],
  ],
  [
    'every condition of a container that is not chosen yet',
    inContainer('"dependsOn": [{ "condition": "|" }]', SIDE),
    ['"START"', '"HEALTHY"', '"SUCCESS"', '"COMPLETE"'],
  ],
  ['the other containers, in links', inContainer('"links": ["db:database", "|"]', SIDE), ['"init"']],
  [
    'no links without the network of the host',
    inContainer('"links": ["|"]', SIDE, '"networkMode": "awsvpc",'),
    [],
  ],
  [
    'the other containers, in volumesFrom',
    inContainer('"volumesFrom": [{ "sourceContainer": "|" }]', SIDE),
    ['"init"', '"db"'],
  ],
  [
    'all containers, for the proxy',
    inContainer('"essential": true', SIDE, '"proxyConfiguration": { "containerName": "|" },'),
    ['"web"', '"init"', '"db"'],
  ],
  [
    'the properties that the proxy lacks',
    inTask(
      '"proxyConfiguration": { "properties": [{ "name": "AppPorts" }, { "name": "IgnoredUID" }, { "name": "|" }] }',
    ),
    ['"ProxyIngressPort"', '"ProxyEgressPort"', '"EgressIgnoredIPs"', '"EgressIgnoredPorts"', '"IgnoredGID"'],
  ],
  [
    'the ports of containers without a name too, for a proxy that does not say which container it is',
    '{ "proxyConfiguration": { "properties": [{ "name": "AppPorts", "value": "|" }] }, "containerDefinitions": [{ "portMappings": [{ "containerPort": 80 }] }] }',
    ['"80"'],
  ],
  [
    'declared volumes, mounted ones last',
    inContainer(
      '"mountPoints": [{ "sourceVolume": "data" }, { "sourceVolume": "|" }]',
      '',
      '"volumes": [{ "name": "data" }, { "name": "cache" }],',
    ),
    ['"cache"', '"data"'],
  ],
  [
    'the log drivers of Fargate',
    inContainer('"logConfiguration": { "logDriver": "|" }', '', `${FARGATE},`),
    ['"awslogs"', '"awsfirelens"', '"splunk"'],
  ],
  [
    'the one limit that Fargate sets',
    inContainer('"ulimits": [{ "name": "|" }]', '', `${FARGATE},`),
    ['"nofile"'],
  ],
  [
    'the one capability that Fargate adds',
    inContainer('"linuxParameters": { "capabilities": { "add": ["|"] } }', '', `${FARGATE},`),
    ['"SYS_PTRACE"'],
  ],
  [
    'the host port of a task with its own network',
    inContainer('"portMappings": [{ "containerPort": 8080, "hostPort": | }]', '', `${FARGATE},`),
    ['8080'],
  ],
  [
    'host ports in bridge',
    inContainer('"portMappings": [{ "containerPort": 80, "hostPort": | }]'),
    ['80', '0'],
  ],
  [
    'how a health check is run',
    inContainer('"healthCheck": { "command": ["|"] }'),
    ['"CMD-SHELL"', '"CMD"', '"NONE"'],
  ],
  [
    'nothing for the arguments of a health check',
    inContainer('"healthCheck": { "command": ["CMD", "|"] }'),
    [],
  ],
  [
    'values of a log option',
    inContainer('"logConfiguration": { "logDriver": "awslogs", "options": { "mode": "|" } }'),
    ['"non-blocking"', '"blocking"'],
  ],
  [
    'log groups: those of other containers, then the usual one',
    inContainer(
      '"logConfiguration": { "logDriver": "awslogs", "options": { "awslogs-group": "|" } }',
      ', { "name": "b", "logConfiguration": { "logDriver": "awslogs", "options": { "awslogs-group": "/all" } } }',
      '"family": "shop",',
    ),
    ['"/all"', '"/ecs/shop"'],
  ],
  [
    'regions: where the context is first',
    inContainer('"logConfiguration": { "options": { "awslogs-region": "|" } }'),
    ['"eu-central-1"', '"us-east-1"'],
  ],
  [
    'the name of the token of splunk, as a secret',
    inContainer('"logConfiguration": { "logDriver": "splunk", "secretOptions": [{ "name": "|" }] }'),
    ['"splunk-token"', '"splunk-url"'],
  ],
  [
    'the configuration of a log router on Fargate',
    inContainer('"firelensConfiguration": { "options": { "config-file-type": "|" } }', '', `${FARGATE},`),
    ['"file"'],
  ],
  // Texts that are not JSON, or not a plain definition.
  [
    'a value right behind a colon',
    '{ "networkMode":|, "requiresCompatibilities": ["FARGATE"] }',
    ['"awsvpc"'],
  ],
  [
    'a value before the next line',
    '{ "networkMode": |\n  "requiresCompatibilities": ["FARGATE"]\n}',
    ['"awsvpc"'],
  ],
  [
    'a value whose quote is not closed',
    '{ "requiresCompatibilities": ["FARGATE"], "networkMode": "aw|\n}',
    ['"awsvpc"'],
  ],
  [
    'a value whose quote is not closed, behind a backslash',
    '{ "networkMode": "aw|\\\n"requiresCompatibilities": ["FARGATE"] }',
    ['"awsvpc"'],
  ],
  ['a value without quotes', '{ "requiresCompatibilities": ["FARGATE"], "networkMode": aw| }', ['"awsvpc"']],
  [
    'a value in a file that ends there',
    '{ "requiresCompatibilities": ["FARGATE"], "networkMode": "|',
    ['"awsvpc"'],
  ],
  [
    'behind a trailing comma',
    '{ "requiresCompatibilities": ["FARGATE",], "networkMode": "|", }',
    ['"awsvpc"'],
  ],
  [
    'where commas are missing',
    '{ "requiresCompatibilities": ["FARGATE"]\n "cpu": "256"\n "memory": "|"\n "family": "a" }',
    ['"512"', '"1024"', '"2048"'],
  ],
  [
    'beside comments',
    '{ // size\n "requiresCompatibilities": [/* only */ "FARGATE"], "cpu": "256", "memory": /* here */ "|" }',
    ['"512"', '"1024"', '"2048"'],
  ],
  [
    'beside unquoted placeholders',
    '{ "requiresCompatibilities": ["FARGATE"], "cpu": "256", "x": {{x}}, "memory": "|", "port": <PORT> }',
    ['"512"', '"1024"', '"2048"'],
  ],
  [
    'in place of a placeholder',
    '{ "requiresCompatibilities": ["FARGATE"], "networkMode": ${MO|DE} }',
    ['"awsvpc"'],
  ],
  [
    'in the answer of a describe call',
    '{ "taskDefinition": { "requiresCompatibilities": ["FARGATE"], "networkMode": "|", "containerDefinitions": [] } }',
    ['"awsvpc"'],
  ],
  [
    'in a bare list of containers',
    '[{ "name": "a", "image": "x", "dependsOn": [{ "containerName": "|" }] }, { "name": "b", "image": "x" }]',
    ['"b"'],
  ],
  [
    'behind a byte order mark',
    '\uFEFF{ "requiresCompatibilities": ["FARGATE"], "networkMode": "|" }',
    ['"awsvpc"'],
  ],
  // Places that are none.
  ['nothing in a comment', '{ "networkMode": // |\n "host" }', []],
  ['nothing in the name of a member', '{ "network|Mode": "host" }', []],
  ['nothing behind a value', '{ "networkMode": "host"| }', []],
  ['nothing before a value that is there', '{ "networkMode": | "host" }', []],
  ['nothing under a name that objects have by themselves', '{ "constructor": "|", "toString": "" }', []],
  ['nothing behind the definition', '{ "family": "a" } |', []],
];

describe('Values of a task definition', () => {
  for (const [what, marked, expected] of OFFERED) {
    it(`offers ${what}`, () => assert.deepEqual(labelsAt(marked), expected));
  }

  it('says what a size amounts to, and with what it goes', () => {
    const [first] = atCursor(inTask(`${FARGATE}, "cpu": "512", "memory": "|"`)).items;
    assert.deepEqual(first?.details, ['1 GB', 'valid with 0.5 vCPU']);
    const [cpu] = atCursor(inTask(`${FARGATE}, "cpu": "|", "memory": "4096"`)).items;
    assert.deepEqual(cpu?.details, ['0.5 vCPU', 'valid with 4 GB']);
  });

  it('offers the options that a log driver needs first, and none that is there', () => {
    const marked = inContainer(
      '"logConfiguration": { "logDriver": "awslogs", "options": { "awslogs-group": "a", "|" } }',
      '',
      `${FARGATE},`,
    );
    const { items } = atCursor(marked);
    assert.deepEqual(
      items.slice(0, 3).map(({ label, details }) => [label, ...details]),
      [['awslogs-region', 'required'], ['awslogs-stream-prefix', 'required'], ['awslogs-create-group']],
    );
    assert.ok(!items.some(({ label }) => label === 'awslogs-group'));
  });
});

/** Fixture, what is accepted, and the text that it leaves. */
const ACCEPTED: readonly (readonly [what: string, marked: string, label: string, after: string])[] = [
  ['a string', '{ "networkMode": "br|dge" }', '"bridge"', '{ "networkMode": "bridge" }'],
  ['a number for a string', '{ "memory": 51|2 }', '"1024"', '{ "memory": "1024" }'],
  [
    'an unclosed string, and leaves what is right of the cursor',
    '{ "memory": "10|,\n  "cpu": "256"\n}',
    '"1024"',
    '{ "memory": "1024",\n  "cpu": "256"\n}',
  ],
  [
    'an unclosed string, up to the cursor',
    '{ "memory": "10|\n  "cpu": "256"\n}',
    '"1024"',
    '{ "memory": "1024",\n  "cpu": "256"\n}',
  ],
  [
    'nothing, before a name',
    '{ "memory": |\n  "cpu": "256" }',
    '"512"',
    '{ "memory": "512",\n  "cpu": "256" }',
  ],
  ['nothing, at the end', '{ "memory":|}', '"512"', '{ "memory":"512"}'],
  [
    'an element, before another',
    '[{ "name": "a", "image": "x", "links": [| "c"] }, { "name": "b" }]',
    '"b"',
    '[{ "name": "a", "image": "x", "links": ["b", "c"] }, { "name": "b" }]',
  ],
  [
    'an element, behind another without a comma',
    '[{ "name": "a", "image": "x", "links": ["c" |] }, { "name": "b" }]',
    '"b"',
    '[{ "name": "a", "image": "x", "links": ["c", "b"] }, { "name": "b" }]',
  ],
  [
    'the name of an option, whose value stays',
    '[{ "logConfiguration": { "logDriver": "awslogs", "options": { "aws|": "x" } } }]',
    'awslogs-group',
    '[{ "logConfiguration": { "logDriver": "awslogs", "options": { "awslogs-group": "x" } } }]',
  ],
  [
    'the name of an option, with place for its value',
    '[{ "logConfiguration": { "logDriver": "awslogs", "options": { "|" "mode": "blocking" } } }]',
    'awslogs-group',
    '[{ "logConfiguration": { "logDriver": "awslogs", "options": { "awslogs-group": "", "mode": "blocking" } } }]',
  ],
];

describe('A value that is accepted', () => {
  for (const [what, marked, label, after] of ACCEPTED) {
    it(`replaces ${what}`, () => assert.equal(accepted(marked, label), after));
  }
});
