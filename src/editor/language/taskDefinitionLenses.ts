import * as vscode from 'vscode';
import type { TextSpan } from '../../taskdef/document/textSpan';
import { REVISION_SCHEME } from '../revisions/revisionUri';
import { rangeOf } from './rangeOf';
import { taskDefinitionSelector } from './taskDefinitionFiles';

/** Above a definition what can be done with it, and above each image of a file that it can be built. */
export const taskDefinitionLenses: vscode.CodeLensProvider = {
  async provideCodeLenses(document) {
    const isOther = vscode.languages.match(taskDefinitionSelector(), document) === 0;
    if (isOther || !EDITED.has(document.uri.scheme)) {
      return [];
    }
    const { findLensAnchors } = await import('../../taskdef/lensAnchors');
    const { definition, images } = findLensAnchors(document.getText());
    const isLive = document.uri.scheme === REVISION_SCHEME;
    const lenses = definition
      ? (isLive ? ofRevision : ofFile)().map(([title, command]) => lens(document, definition, title, command))
      : [];
    const ofImages = isLive
      ? []
      : images.map((image) =>
          lens(
            document,
            image,
            vscode.l10n.t('Push and use...'),
            'awsContainers.image.pushAndUse',
            image.container,
          ),
        );
    return [...lenses, ...ofImages];
  },
};

/** Other documents are the sides of comparisons: ours, and those of version control. */
const EDITED = new Set(['file', REVISION_SCHEME]);

const ofFile = (): (readonly [title: string, command: string])[] => [
  [vscode.l10n.t('Diff with live'), 'awsContainers.taskDefinition.compareWithLive'],
  [vscode.l10n.t('Verify'), 'awsContainers.taskDefinition.verify'],
  [vscode.l10n.t('Register'), 'awsContainers.taskDefinition.register'],
  [vscode.l10n.t('Deploy...'), 'awsContainers.service.deploy'],
];

const ofRevision = (): (readonly [title: string, command: string])[] => [
  [vscode.l10n.t('Compare...'), 'awsContainers.taskDefinition.compare'],
  [vscode.l10n.t('Verify'), 'awsContainers.taskDefinition.verify'],
  [vscode.l10n.t('Deploy...'), 'awsContainers.service.deploy'],
];

function lens(
  document: vscode.TextDocument,
  span: TextSpan,
  title: string,
  command: string,
  ...more: readonly string[]
): vscode.CodeLens {
  return new vscode.CodeLens(rangeOf(document, span), { title, command, arguments: [document.uri, ...more] });
}
