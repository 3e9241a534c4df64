import * as vscode from 'vscode';
import type { AwsContext } from '../../aws/context';
import { DisposableStore } from '../../base/disposal';
import { LiveFiles } from '../files/liveFiles';
import { reportError } from '../ui/reportError';
import type { LiveRevision } from './liveRevision';
import type { RevisionServices } from './revisionServices';
import { parseRevisionUri, REVISION_SCHEME, revisionUri } from './revisionUri';

/**
 * The `ecs:` file system: each revision of a task definition is a file. A revision never changes; saving one that was
 * edited offers to register the text as the next revision, whose file then opens.
 */
export class RevisionFiles implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly files: LiveFiles<LiveRevision>;
  /** By URI: the ARN that its edited text was registered as. */
  private readonly registered = new Map<string, string>();

  constructor(private readonly services: RevisionServices) {
    this.files = this.store.add(
      new LiveFiles<LiveRevision>(
        {
          scheme: REVISION_SCHEME,
          placeIn: (uri) => parseRevisionUri(uri)?.place,
          read: (context, uri) => this.read(context, parseRevisionUri(uri)?.name ?? ''),
          save: (context, uri, live, content) => this.register(context, uri, live, content),
          words: {
            notOpen: (place) =>
              vscode.l10n.t('Open the profile and region of this task definition first: {0}', place),
            notAutomatic: (uri) =>
              vscode.l10n.t(
                '{0} is not saved automatically: save it to register it as the next revision.',
                parseRevisionUri(uri)?.name ?? '',
              ),
            notSaved: vscode.l10n.t(
              'Nothing was registered, and the text is kept. Save again to register it.',
            ),
            fixed: vscode.l10n.t(
              'Revisions of task definitions are registered and deregistered, not made, renamed or deleted as files.',
            ),
          },
        },
        services.contexts,
      ),
    );
    this.store.add(vscode.workspace.onDidSaveTextDocument(({ uri }) => this.showRegistered(uri)));
  }

  /**
   * Opens a revision in an editor.
   * @param id `family` for its newest active revision, `family:revision`, or an ARN
   */
  async open(
    context: AwsContext,
    id: string,
    options: vscode.TextDocumentShowOptions = {},
  ): Promise<vscode.Uri> {
    this.files.know(context);
    const live = await this.read(context, id);
    const uri = revisionUri(context, live.arn);
    this.files.hold(uri, live);
    await vscode.window.showTextDocument(uri, options);
    return uri;
  }

  /**
   * The context that the file of a revision is in.
   * @throws UserError('credentialsMissing') when it is not open
   */
  contextOf(uri: vscode.Uri): AwsContext {
    return this.files.contextOf(uri);
  }

  dispose(): void {
    this.store.dispose();
  }

  private async read(context: AwsContext, id: string): Promise<LiveRevision> {
    const { readRevision } = await import('./liveRevision');
    return readRevision(this.services.sessions.get(context).ecs, id);
  }

  private async register(
    context: AwsContext,
    uri: vscode.Uri,
    live: LiveRevision,
    content: Uint8Array,
  ): Promise<LiveRevision> {
    const { registerEdited } = await import('./registerEdited');
    const arn = await registerEdited(this.services, context, live, content);
    if (arn !== undefined) {
      this.registered.set(uri.toString(), arn);
    }
    return live;
  }

  /** After a save that registered: the revision shows again what it is, and the new one opens. */
  private showRegistered(uri: vscode.Uri): void {
    const key = uri.toString();
    const arn = this.registered.get(key);
    if (arn !== undefined) {
      this.registered.delete(key);
      this.files.showAgain(uri);
      const show = (): Promise<unknown> =>
        this.open(this.contextOf(uri), arn, { preview: false }).catch((error: unknown) =>
          reportError(error, this.services.log, () => void show()),
        );
      void show();
    }
  }
}
