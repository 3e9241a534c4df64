import type { Node } from 'jsonc-parser';
import { memberOf, type TaskDefinitionDocument } from './taskDefinitionDocument';
import type { TextEdit } from './textSpan';

/** Names that differ in more than their first letter between CloudFormation and the API. */
const RENAMED: Readonly<Record<string, string>> = {
  EFSVolumeConfiguration: 'efsVolumeConfiguration',
  FSxWindowsFileServerVolumeConfiguration: 'fsxWindowsFileServerVolumeConfiguration',
  S3FilesVolumeConfiguration: 's3filesVolumeConfiguration',
  FilesystemId: 'fileSystemId',
  IAM: 'iam',
};

/** Members whose own member names are the user's, or another program's. */
const MAPS = new Set(['DockerLabels', 'Options', 'DriverOpts', 'Labels']);

/** Renames the members of a definition as CloudFormation writes it to those of RegisterTaskDefinition. */
export function toCamelCase(document: TaskDefinitionDocument): TextEdit[] {
  const edits: TextEdit[] = [];
  const visit = (node: Node): void => {
    if (node.type !== 'property') {
      node.children?.forEach(visit);
      return;
    }
    const [key, value] = node.children ?? [];
    const name = String(key?.value);
    const renamed = RENAMED[name] ?? name.charAt(0).toLowerCase() + name.slice(1);
    // Beside one that has that name already, it stays: of two members with one name, one is lost.
    if (key && /^[A-Z]/.test(name) && !memberOf(node.parent, renamed)) {
      edits.push({ offset: key.offset, length: key.length, content: JSON.stringify(renamed) });
    }
    if (value && !MAPS.has(name)) {
      visit(value);
    }
  };
  if (document.root) {
    visit(document.root);
  }
  return edits;
}
