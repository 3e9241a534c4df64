import { addItem, removeAll, replaceValue, setMember } from '../document/edits';
import type { ValueView } from '../document/valueView';
import { renameFix } from './dependencyRules';
import { isSet } from './networkRules';
import { suggestName } from './nearestName';
import type { Rule } from './rule';
import { apiInput, apiType, guide } from './sources';
import { allContainersKnown, containerNames, fargateReason, headOf, listedNames, type Task } from './task';

const KINDS = [
  'host',
  'dockerVolumeConfiguration',
  'efsVolumeConfiguration',
  's3filesVolumeConfiguration',
  'fsxWindowsFileServerVolumeConfiguration',
  'configuredAtLaunch',
];
const STORAGE = { least: 21, most: 200 };

/** Volumes, mounts and storage. */
export const volumeRules: readonly Rule[] = [
  {
    id: 'mount-volume',
    severity: 'error',
    source: apiType('MountPoint', 'sourceVolume'),
    *check(task) {
      const list = task.definition.member('volumes');
      const names = listedNames(list);
      for (const view of mountsOf(task).map((mount) => mount.member('sourceVolume'))) {
        const name = view.text;
        if (!names || name === undefined || names.includes(name)) {
          continue;
        }
        yield {
          span: view.span,
          message: `The definition has no volume "${name}". ${suggestName(name, names)}`,
          fix: renameFix(view, names) ?? {
            title: `Declare volume "${name}"`,
            edits: () =>
              list.isArray ? addItem(list, { name }) : setMember(task.definition, 'volumes', [{ name }]),
          },
        };
      }
    },
  },
  {
    id: 'volumes-from',
    severity: 'error',
    source: apiType('VolumeFrom', 'sourceContainer'),
    *check(task) {
      const names = containerNames(task);
      const sources = task.containers.flatMap((container) => container.member('volumesFrom').items());
      for (const view of sources.map((source) => source.member('sourceContainer'))) {
        if (names && view.text !== undefined && !names.includes(view.text)) {
          yield {
            span: view.span,
            message: `No container is called "${view.text}". ${suggestName(view.text, names)}`,
            fix: renameFix(view, names),
          };
        }
      }
    },
  },
  {
    id: 'configured-at-launch',
    severity: 'error',
    source: apiType('Volume', 'configuredAtLaunch'),
    *check(task) {
      const late = volumesOf(task).filter((volume) => volume.member('configuredAtLaunch').flag === true);
      const [first, second] = late;
      if (first && second) {
        yield {
          span: second.member('configuredAtLaunch').keySpan,
          message: 'Only one volume can be configured at launch.',
          related: { span: first.member('configuredAtLaunch').keySpan, message: 'The other one' },
        };
      }
      for (const volume of late.filter((each) => isUnused(task, each))) {
        yield {
          span: headOf(volume),
          message: `"${volume.member('name').text}" is configured at launch, and no container mounts it. Add a mount point.`,
        };
      }
    },
  },
  {
    id: 'volume-unused',
    severity: 'hint',
    source: apiInput('volumes'),
    *check(task) {
      for (const volume of volumesOf(task)) {
        if (isUnused(task, volume) && volume.member('configuredAtLaunch').flag !== true) {
          yield { span: headOf(volume), message: `No container mounts "${volume.member('name').text}".` };
        }
      }
    },
  },
  {
    id: 'volume-kind',
    severity: 'error',
    source: apiType('Volume', 'name'),
    *check(task) {
      for (const volume of volumesOf(task)) {
        const [first, second] = KINDS.map((kind) => volume.member(kind)).filter(
          // ECS writes an empty host into what it describes.
          (view) => isSet(view) && !(view.isObject && view.members().length === 0),
        );
        if (first && second) {
          yield {
            span: second.keySpan,
            message: `A volume is of one kind: ${KINDS.join(', ')}. Remove one.`,
            related: { span: first.keySpan, message: 'The other kind' },
          };
        }
      }
    },
  },
  {
    id: 'efs-transit-encryption',
    severity: 'error',
    source: apiType('EFSVolumeConfiguration', 'transitEncryption'),
    *check(task) {
      for (const efs of efsOf(task)) {
        const authorization = efs.member('authorizationConfig');
        const encryption = efs.member('transitEncryption');
        const reason = [
          authorization.member('accessPointId'),
          efs.member('transitEncryptionPort'),
          ...(authorization.member('iam').text === 'ENABLED' ? [authorization.member('iam')] : []),
        ].find(isSet);
        if (reason && !encryption.unknown && encryption.text !== 'ENABLED') {
          yield {
            span: (encryption.absent ? reason : encryption).span,
            message:
              'An access point, IAM authorization and a port need encryption in transit. Set "transitEncryption" to "ENABLED".',
            related: encryption.absent
              ? undefined
              : { span: reason.keySpan, message: 'Needs the encryption' },
            fix: {
              title: 'Set transitEncryption to "ENABLED"',
              edits: () => setMember(efs, 'transitEncryption', 'ENABLED'),
            },
          };
        }
      }
    },
  },
  {
    id: 'efs-root-directory',
    severity: 'error',
    source: apiType('EFSVolumeConfiguration', 'rootDirectory'),
    *check(task) {
      for (const efs of efsOf(task)) {
        const point = efs.member('authorizationConfig').member('accessPointId');
        const directory = efs.member('rootDirectory');
        if (isSet(point) && (directory.text || '/') !== '/') {
          yield {
            span: directory.span,
            message: `The access point sets the directory: "${directory.text}" must be "/" or left out.`,
            related: { span: point.span, message: 'The access point' },
            fix: { title: 'Remove rootDirectory', edits: () => removeAll([directory]) },
          };
        }
      }
    },
  },
  {
    id: 'fargate-volume',
    severity: 'error',
    source: guide('using_data_volumes'),
    *check(task) {
      for (const volume of task.fargate ? volumesOf(task) : []) {
        const docker = volume.member('dockerVolumeConfiguration');
        const host = volume.member('host');
        const refused = [docker, ...(isSet(host.member('sourcePath')) ? [host] : [])].find(
          ({ known }) => known,
        );
        if (refused) {
          const what = refused === docker ? 'Docker volumes' : 'folders of a host';
          yield {
            span: refused.keySpan,
            message: `Fargate has no ${what}. Leave it out for a volume that lives as long as the task, or use EFS.`,
            related: fargateReason(task),
            fix: {
              title: `Remove ${refused === docker ? 'dockerVolumeConfiguration' : 'host'}`,
              edits: () => removeAll([refused]),
            },
          };
        }
      }
    },
  },
  {
    id: 'volume-autoprovision',
    severity: 'warning',
    source: apiType('DockerVolumeConfiguration', 'autoprovision'),
    *check(task) {
      for (const docker of volumesOf(task).map((volume) => volume.member('dockerVolumeConfiguration'))) {
        const scope = docker.member('scope');
        const autoprovision = docker.member('autoprovision');
        if (autoprovision.flag === true && !scope.unknown && scope.text !== 'shared') {
          yield {
            span: autoprovision.keySpan,
            message: 'autoprovision is for volumes of scope "shared" only.',
          };
        }
      }
    },
  },
  {
    id: 's3-files-volume',
    severity: 'warning',
    source: apiType('S3FilesVolumeConfiguration', 'accessPointArn'),
    *check(task) {
      for (const files of volumesOf(task).map((volume) => volume.member('s3filesVolumeConfiguration'))) {
        const directory = files.member('rootDirectory');
        if (files.known && task.definition.member('taskRoleArn').absent) {
          yield {
            span: files.keySpan,
            message: 'S3 Files are read with the role of the task. Add "taskRoleArn".',
          };
        }
        if (isSet(files.member('accessPointArn')) && (directory.text || '/') !== '/') {
          yield {
            span: directory.span,
            message: `The access point sets the directory: "${directory.text}" must be "/" or left out.`,
          };
        }
      }
    },
  },
  {
    id: 'ephemeral-storage',
    severity: 'error',
    source: apiType('EphemeralStorage', 'sizeInGiB'),
    *check(task) {
      const storage = task.definition.member('ephemeralStorage');
      const size = storage.member('sizeInGiB');
      if (size.number !== undefined && (size.number < STORAGE.least || size.number > STORAGE.most)) {
        const valid = size.number < STORAGE.least ? STORAGE.least : STORAGE.most;
        yield {
          span: size.span,
          message: `${size.number} GiB: ephemeral storage is ${STORAGE.least} to ${STORAGE.most} GiB (20 come without asking).`,
          fix: { title: `Change to ${valid}`, edits: () => replaceValue(size, valid) },
        };
      }
      if (storage.known && !task.fargate && task.compatibilities.complete) {
        const list = task.compatibilities;
        yield {
          span: storage.keySpan,
          message:
            'Ephemeral storage is Fargate\'s. Add "FARGATE" to "requiresCompatibilities", or remove this.',
          fix:
            list.items().length === 0
              ? {
                  title: 'Require FARGATE',
                  guess: true,
                  edits: () => setMember(task.definition, 'requiresCompatibilities', ['FARGATE']),
                }
              : { title: 'Remove ephemeralStorage', edits: () => removeAll([storage]) },
        };
      }
    },
  },
];

function volumesOf(task: Task): readonly ValueView[] {
  return task.definition.member('volumes').items();
}

function efsOf(task: Task): ValueView[] {
  return volumesOf(task).map((volume) => volume.member('efsVolumeConfiguration'));
}

function mountsOf(task: Task): ValueView[] {
  return task.containers.flatMap((container) => container.member('mountPoints').items());
}

function isUnused(task: Task, volume: ValueView): boolean {
  const name = volume.member('name').text;
  const sources = mountsOf(task).map((mount) => mount.member('sourceVolume'));
  const readable =
    allContainersKnown(task) &&
    task.containers.every((container) => container.member('mountPoints').complete);
  return name !== undefined && readable && sources.every((source) => !source.unknown && source.text !== name);
}
