import { addItem, setMember } from '../../document/edits';
import type { TextEdit } from '../../document/textSpan';
import { ValueView } from '../../document/valueView';
import { freeName } from '../../rules/freeName';
import type { Scene } from '../scene';
import { escapeSnippet } from '../suggestion';
import type { Defaults, Part } from './part';

const ROUTER_IMAGE = 'public.ecr.aws/aws-observability/aws-for-fluent-bit:stable';

/** Members of a container that it does not have yet. */
export function containerParts(scene: Scene, defaults: Defaults): Part[] {
  const { container } = scene;
  const parts = [
    { member: 'healthCheck', part: healthCheck(scene) },
    { member: 'secrets', part: secrets(defaults) },
    { member: 'mountPoints', part: mountOfEfs(scene) },
    { member: 'logConfiguration', part: throughFirelens(scene, defaults) },
  ];
  const routes = container?.member('firelensConfiguration').absent === false;
  return parts.flatMap(({ member, part }) =>
    container?.member(member).absent && !(routes && member === 'logConfiguration') ? [part] : [],
  );
}

/** A container that sends on the logs of the others, where there is none. */
export function sidecars(scene: Scene): Part[] {
  return routerOf(scene)
    ? []
    : [
        {
          label: 'Log router sidecar (FireLens)',
          about: 'A container of Fluent Bit that sends on what others log with awsfirelens',
          keywords: 'firelensConfiguration fluentbit',
          body: [
            '{',
            `\t"name": "${routerName(scene)}",`,
            `\t"image": "\${1:${ROUTER_IMAGE}}",`,
            '\t"essential": true,',
            '\t"memoryReservation": ${2:50},',
            '\t"firelensConfiguration": { "type": "fluentbit" }',
            '}',
          ].join('\n'),
        },
      ];
}

function healthCheck({ container }: Scene): Part {
  const [mapping] = container?.member('portMappings').items() ?? [];
  const port = mapping?.member('containerPort').number ?? 8080;
  return {
    label: 'Health check',
    about: 'ECS asks the container itself whether it works, and replaces the task when it does not',
    keywords: 'healthCheck curl',
    body: [
      '"healthCheck": {',
      `\t"command": ["CMD-SHELL", "\${1:curl -f http://localhost:${port}/ || exit 1}"],`,
      '\t"interval": ${2:30},',
      '\t"timeout": ${3:5},',
      '\t"retries": ${4:3},',
      '\t"startPeriod": ${5:10}',
      '}',
    ].join('\n'),
  };
}

function secrets({ region }: Defaults): Part {
  return {
    label: 'Secrets',
    about: 'Environment variables from Secrets Manager or Parameter Store, and the role that may read them',
    keywords: 'secrets valueFrom',
    body: [
      '"secrets": [',
      '\t{',
      '\t\t"name": "${1:DB_PASSWORD}",',
      `\t\t"valueFrom": "\${2:arn:aws:secretsmanager:${region}:<ACCOUNT_ID>:secret:<NAME>}"`,
      '\t}',
      ']',
    ].join('\n'),
    needs: ({ task: { definition } }) =>
      definition.isObject && definition.member('executionRoleArn').absent
        ? setMember(definition, 'executionRoleArn', 'arn:aws:iam::<ACCOUNT_ID>:role/ecsTaskExecutionRole')
        : [],
  };
}

/** With the volume that it mounts. */
function mountOfEfs({ task }: Scene): Part {
  const volumes = task.definition.member('volumes');
  const name = freeName(
    'data',
    volumes.items().map((volume) => volume.member('name').text),
  );
  return {
    label: 'EFS volume',
    about: 'A folder of the container that lasts and is shared, and the volume that it mounts',
    keywords: 'mountPoints volumes',
    body: ['"mountPoints": [', `\t{ "sourceVolume": "${name}", "containerPath": "\${1:/data}" }`, ']'].join(
      '\n',
    ),
    needs: () =>
      appendTo(task.definition, 'volumes', {
        name,
        efsVolumeConfiguration: { fileSystemId: '<FILE_SYSTEM_ID>', transitEncryption: 'ENABLED' },
      }),
  };
}

/** With the log router, where there is none. */
function throughFirelens(scene: Scene, { region }: Defaults): Part {
  const { task, container } = scene;
  const name = container?.member('name').text || 'app';
  return {
    label: 'Logs through FireLens',
    about: 'Fluent Bit sends the logs to wherever it can; the log router is added where there is none',
    keywords: 'logConfiguration awsfirelens sidecar',
    body: [
      '"logConfiguration": {',
      '\t"logDriver": "awsfirelens",',
      '\t"options": {',
      '\t\t"Name": "cloudwatch_logs",',
      `\t\t"region": "\${1:${region}}",`,
      `\t\t"log_group_name": "\${2:/ecs/${escapeSnippet(task.family.text || name)}}",`,
      `\t\t"log_stream_prefix": "\${3:${escapeSnippet(name)}-}",`,
      '\t\t"auto_create_group": "true"',
      '\t}',
      '}',
    ].join('\n'),
    needs: () => (routerOf(scene) ? [] : addRouter(scene)),
  };
}

function addRouter(scene: Scene): TextEdit[] {
  const { document } = scene.task;
  const list =
    document.kind === 'containers'
      ? ValueView.of(document, document.root)
      : scene.task.definition.member('containerDefinitions');
  return list.isArray
    ? addItem(list, {
        name: routerName(scene),
        image: ROUTER_IMAGE,
        essential: true,
        memoryReservation: 50,
        firelensConfiguration: { type: 'fluentbit' },
      })
    : [];
}

function routerOf({ task }: Scene): ValueView | undefined {
  return task.containers.find((container) => !container.member('firelensConfiguration').absent);
}

function routerName({ task }: Scene): string {
  return freeName(
    'log-router',
    task.containers.map((container) => container.member('name').text),
  );
}

/** Adds to a list of an object, which is made where it is not. */
export function appendTo(object: ValueView, name: string, item: unknown): TextEdit[] {
  const list = object.member(name);
  if (!object.isObject || (!list.absent && !list.isArray)) {
    return [];
  }
  return list.isArray ? addItem(list, item) : setMember(object, name, [item]);
}
