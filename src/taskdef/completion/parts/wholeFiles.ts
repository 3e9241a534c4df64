import type { Defaults, Part } from './part';

/** Definitions to begin with. What differs is what the one container is for. */
export function wholeFiles({ region }: Defaults): Part[] {
  return [
    {
      label: 'Fargate web service',
      about: 'A container that answers requests on a port, and runs until it is replaced',
      keywords: 'task definition',
      body: definition('web', region, [
        ...image('public.ecr.aws/nginx/nginx:stable'),
        '"portMappings": [',
        '\t{ "name": "http", "containerPort": ${7:80}, "protocol": "tcp", "appProtocol": "http" }',
        '],',
      ]),
    },
    {
      label: 'Fargate worker',
      about: 'A container without ports that runs until it is replaced, and is started again when it ends',
      keywords: 'task definition',
      body: definition('worker', region, [
        ...image('public.ecr.aws/docker/library/busybox:stable'),
        '"command": ["${7:sleep}", "${8:86400}"],',
        '"restartPolicy": { "enabled": true },',
        '"stopTimeout": ${9:120},',
      ]),
    },
    {
      label: 'Fargate scheduled job',
      about: 'A container that does its work and ends: for a schedule of EventBridge, or RunTask',
      keywords: 'task definition cron batch',
      body: definition('job', region, [
        ...image('public.ecr.aws/docker/library/busybox:stable'),
        '"command": ["${7:echo}", "${8:done}"],',
      ]),
    },
  ];
}

/** The members of a definition, for what stands between its braces. */
export function membersOf({ body }: Part): string {
  return body
    .split('\n')
    .slice(1, -1)
    .map((line) => line.slice(1))
    .join('\n');
}

function image(uri: string): string[] {
  return [`"image": "\${6:${uri}}",`, '"essential": true,'];
}

function definition(name: string, region: string, container: readonly string[]): string {
  return [
    '{',
    `\t"family": "\${1:${name}}",`,
    '\t"requiresCompatibilities": ["FARGATE"],',
    '\t"networkMode": "awsvpc",',
    '\t"cpu": "${2:256}",',
    '\t"memory": "${3:512}",',
    '\t"runtimePlatform": { "cpuArchitecture": "${4|X86_64,ARM64|}", "operatingSystemFamily": "LINUX" },',
    '\t"executionRoleArn": "${5:arn:aws:iam::<ACCOUNT_ID>:role/ecsTaskExecutionRole}",',
    '\t"containerDefinitions": [',
    '\t\t{',
    `\t\t\t"name": "\${1:${name}}",`,
    ...container.map((line) => `\t\t\t${line}`),
    '\t\t\t"logConfiguration": {',
    '\t\t\t\t"logDriver": "awslogs",',
    '\t\t\t\t"options": {',
    `\t\t\t\t\t"awslogs-group": "/ecs/\${1:${name}}",`,
    `\t\t\t\t\t"awslogs-region": "\${10:${region}}",`,
    `\t\t\t\t\t"awslogs-stream-prefix": "\${1:${name}}"`,
    '\t\t\t\t}',
    '\t\t\t}',
    '\t\t}',
    '\t]',
    '}',
  ].join('\n');
}
