import * as vscode from 'vscode';
import { messageOf } from '../../base/errors';
import type { Services } from '../services';
import type { ReferenceLink } from './linksIn';
import { rangeOf } from './rangeOf';
import { taskDefinitionSelector } from './taskDefinitionFiles';

/** Links of what a definition refers to: images to the ECR view, all else to the AWS console. */
export class TaskDefinitionLinks implements vscode.DocumentLinkProvider {
  constructor(private readonly services: Pick<Services, 'contexts' | 'log'>) {}

  async provideDocumentLinks(document: vscode.TextDocument): Promise<vscode.DocumentLink[]> {
    if (vscode.languages.match(taskDefinitionSelector(), document) === 0) {
      return [];
    }
    try {
      const [{ linksIn }, { consoleRegion }] = await Promise.all([
        import('./linksIn'),
        import('./consoleRegion'),
      ]);
      const context = this.services.contexts.current();
      const hasConsole = !context || (await consoleRegion(context)) !== undefined;
      return linksIn(document.getText(), context, hasConsole).map((link) => toLink(document, link));
    } catch (error) {
      this.services.log.debug(`No links: ${messageOf(error)}`);
      return [];
    }
  }
}

function toLink(document: vscode.TextDocument, link: ReferenceLink): vscode.DocumentLink {
  const { offset, length } = link.span;
  // Without the quotes.
  const range = rangeOf(document, { offset: offset + 1, length: length - 2 });
  const made = new vscode.DocumentLink(range);
  switch (link.kind) {
    case 'repository': {
      const query = encodeURIComponent(JSON.stringify([{ image: link.image }]));
      made.target = vscode.Uri.parse(`command:awsContainers.repository.reveal?${query}`);
      made.tooltip = vscode.l10n.t('Show in the ECR view');
      return made;
    }
    case 'console':
      made.target = vscode.Uri.parse(link.url);
      made.tooltip = vscode.l10n.t('Open in the AWS console');
      return made;
  }
}
