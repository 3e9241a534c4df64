import * as vscode from 'vscode';
import type { AwsContext } from '../../aws/context';
import { DisposableStore } from '../../base/disposal';
import { nodeId } from '../../explorer/explorerNode';
import { LiveFiles, type LiveFile } from '../files/liveFiles';
import type { PolicyServices } from './policyServices';
import { parsePolicyUri, POLICY_SCHEME, policyUri, type PolicyKind, type PolicyPath } from './policyUri';

/**
 * The `ecr:` file system: the lifecycle policy and the repository policy of each repository are files, empty where there
 * is none. Saving one asks first, beside the difference to what is in force.
 */
export class PolicyFiles implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly files: LiveFiles<LiveFile>;

  constructor(private readonly services: PolicyServices) {
    this.files = this.store.add(
      new LiveFiles(
        {
          scheme: POLICY_SCHEME,
          placeIn: (uri) => parsePolicyUri(uri)?.place,
          read: (context, uri) => this.read(context, pathOf(uri)),
          save: (context, uri, _file, content) => this.save(context, pathOf(uri), content),
          words: {
            notOpen: (place) => vscode.l10n.t('Open the profile and region of this policy first: {0}', place),
            notAutomatic: () => vscode.l10n.t('A policy is not saved automatically: save it yourself.'),
            notSaved: vscode.l10n.t('Nothing was saved, and the text is kept. Save again to save it.'),
            fixed: vscode.l10n.t('Policies are not made, renamed or deleted as files.'),
          },
        },
        services.contexts,
      ),
    );
  }

  /** Opens a policy in an editor: the one in force, else one to begin with, which is not saved yet. */
  async open(context: AwsContext, repository: string, kind: PolicyKind): Promise<vscode.Uri> {
    this.files.know(context);
    const uri = policyUri(context, repository, kind);
    if (!findDocument(uri)) {
      this.files.hold(uri, await this.read(context, pathOf(uri)));
    }
    const editor = await vscode.window.showTextDocument(uri, { preview: false });
    if (editor.document.getText() === '' && !editor.document.isDirty) {
      const { POLICIES } = await import('./policyKinds');
      const starter = await POLICIES[kind].starter(this.services.sessions.get(context).ecr, repository);
      await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), starter));
    }
    return uri;
  }

  /**
   * The context that the file of a policy is in.
   * @throws UserError('credentialsMissing') when it is not open
   */
  contextOf(uri: vscode.Uri): AwsContext {
    return this.files.contextOf(uri);
  }

  /** What an editor shows of a policy; `undefined` where none does. */
  shown(context: AwsContext, repository: string, kind: PolicyKind): vscode.TextDocument | undefined {
    return findDocument(policyUri(context, repository, kind));
  }

  /** Tells that a policy is another one by now, or none: its file is read again, and so is its repository's row. */
  changed(context: AwsContext, repository: string, kind: PolicyKind): void {
    this.files.reload(policyUri(context, repository, kind));
    this.refreshRow(context, repository);
  }

  dispose(): void {
    this.store.dispose();
  }

  private async read(context: AwsContext, { repository, kind }: PolicyPath): Promise<LiveFile> {
    const { POLICIES } = await import('./policyKinds');
    const { formatPolicy } = await import('../../ecr/policyText');
    const text = await POLICIES[kind].read(this.services.sessions.get(context).ecr, repository);
    return { text: text === undefined ? '' : formatPolicy(text) };
  }

  private async save(context: AwsContext, path: PolicyPath, content: Uint8Array): Promise<LiveFile> {
    const { savePolicy } = await import('./savePolicy');
    const text = await savePolicy(this.services, context, path, content);
    this.refreshRow(context, path.repository);
    return { text };
  }

  /** Its tooltip says which policies there are. */
  private refreshRow(context: AwsContext, repository: string): void {
    void this.services.trees.refreshId(nodeId(context, 'repository', repository));
  }
}

function findDocument(uri: vscode.Uri): vscode.TextDocument | undefined {
  const key = uri.toString();
  return vscode.workspace.textDocuments.find((document) => document.uri.toString() === key);
}

function pathOf(uri: vscode.Uri): PolicyPath {
  const path = parsePolicyUri(uri);
  if (!path) {
    throw vscode.FileSystemError.FileNotFound(uri);
  }
  return path;
}
