import { freeName } from '../../rules/freeName';
import type { Scene } from '../scene';
import { appendTo } from './containerParts';
import type { Part } from './part';

/** A volume for the list of volumes. */
export function volumes(scene: Scene): Part[] {
  return [efsVolume(scene, (volume) => volume.join('\n'))];
}

/** The list of volumes, where there is none. */
export function volumeList(scene: Scene): Part[] {
  return scene.task.definition.member('volumes').absent
    ? [efsVolume(scene, (volume) => ['"volumes": [', ...volume.map((line) => `\t${line}`), ']'].join('\n'))]
    : [];
}

/** With its mount point in the first container. */
function efsVolume(scene: Scene, write: (volume: readonly string[]) => string): Part {
  const { task } = scene;
  const taken = task.definition
    .member('volumes')
    .items()
    .map((volume) => volume.member('name').text);
  const name = freeName('data', taken);
  const [first] = task.containers;
  return {
    label: 'EFS volume',
    about: 'Files that last and are shared, and their mount point in the first container',
    keywords: 'volumes efsVolumeConfiguration',
    body: write([
      '{',
      `\t"name": "${name}",`,
      '\t"efsVolumeConfiguration": {',
      '\t\t"fileSystemId": "${1:<FILE_SYSTEM_ID>}",',
      '\t\t"transitEncryption": "ENABLED"',
      '\t}',
      '}',
    ]),
    needs: () =>
      first ? appendTo(first, 'mountPoints', { sourceVolume: name, containerPath: `/${name}` }) : [],
  };
}
