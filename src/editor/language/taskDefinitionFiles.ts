import * as vscode from 'vscode';

/** The names under which people keep task definitions; the same as `jsonValidation` in the manifest has. */
const PATTERNS = [
  '**/*[Tt]ask[Dd]ef*.json',
  '**/*[Tt]ask-[Dd]ef*.json',
  '**/*[Tt]ask_[Dd]ef*.json',
  '**/container-definitions*.json',
];

/** The user's own globs, each from the top of a folder or from anywhere in it. */
export function ownGlobs(): string[] {
  return vscode.workspace
    .getConfiguration('awsContainers')
    .get<readonly unknown[]>('taskDefinition.files', [])
    .filter((glob): glob is string => typeof glob === 'string' && glob !== '')
    .map((glob) => (/^(?:\*\*)?\//.test(glob) ? glob : `**/${glob}`));
}

/** Which documents are task definitions by name, the user's own globs included. */
export function taskDefinitionSelector(): vscode.DocumentFilter[] {
  return ['json', 'jsonc'].flatMap((language) =>
    [...PATTERNS, ...ownGlobs()].map((pattern) => ({ language, pattern })),
  );
}
