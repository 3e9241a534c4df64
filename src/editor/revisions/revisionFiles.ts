import * as vscode from 'vscode';
import type { AwsContext } from '../../aws/context';
import { DisposableStore } from '../../base/disposal';
import { UserError } from '../../base/errors';
import { reportError } from '../ui/reportError';
import type { LiveRevision } from './liveRevision';
import type { RevisionServices } from './revisionServices';
import { parseRevisionUri, placeOf, REVISION_SCHEME, revisionUri, type RevisionPath } from './revisionUri';

/**
 * The `ecs:` file system: each revision of a task definition is a file. A revision never changes, so that it is read
 * once; saving one that was edited offers to register the text as the next revision, whose file then opens.
 */
export class RevisionFiles implements vscode.FileSystemProvider, vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<vscode.FileChangeEvent[]>());
  readonly onDidChangeFile = this.changed.event;
  /** By URI: what was read, or is being read. */
  private readonly loaded = new Map<string, Promise<LiveRevision>>();
  /** By place: contexts whose revisions were opened, also when they are not among the open ones. */
  private readonly known = new Map<string, AwsContext>();
  /** By URI: why the document is being saved. */
  private readonly saving = new Map<string, vscode.TextDocumentSaveReason>();
  /** By URI: the ARN that its edited text was registered as. */
  private readonly registered = new Map<string, string>();
  /** By URI: how often its editor had to be told to read it again. */
  private readonly rereads = new Map<string, number>();

  constructor(private readonly services: RevisionServices) {
    const { store } = this;
    store.add(vscode.workspace.registerFileSystemProvider(REVISION_SCHEME, this, { isCaseSensitive: true }));
    store.add(
      vscode.workspace.onWillSaveTextDocument(({ document, reason }) => {
        if (document.uri.scheme === REVISION_SCHEME) {
          this.saving.set(document.uri.toString(), reason);
        }
      }),
    );
    store.add(vscode.workspace.onDidSaveTextDocument(({ uri }) => this.showRegistered(uri)));
    store.add(
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        this.loaded.delete(uri.toString());
        this.saving.delete(uri.toString());
      }),
    );
    // A sandbox that was reset begins to count anew.
    store.add(services.contexts.onDidChange(() => this.loaded.clear()));
  }

  /**
   * The file of a revision, which exists once this resolves.
   * @param id `family` for its newest active revision, `family:revision`, or an ARN
   */
  private async find(context: AwsContext, id: string): Promise<vscode.Uri> {
    this.known.set(placeOf(context), context);
    const { readRevision } = await import('./liveRevision');
    const live = await readRevision(this.services.sessions.get(context).ecs, id);
    const uri = revisionUri(context, live.arn);
    this.loaded.set(uri.toString(), Promise.resolve(live));
    return uri;
  }

  /** Opens a revision in an editor. */
  async open(
    context: AwsContext,
    id: string,
    options: vscode.TextDocumentShowOptions = {},
  ): Promise<vscode.Uri> {
    const uri = await this.find(context, id);
    await vscode.window.showTextDocument(uri, options);
    return uri;
  }

  /**
   * The context that the file of a revision is in.
   * @throws UserError('credentialsMissing') when it is not open
   */
  contextOf(uri: vscode.Uri): AwsContext {
    const place = pathOf(uri).place;
    const open = this.services.contexts.all().find((context) => placeOf(context) === place);
    const context = open ?? this.known.get(place);
    if (!context) {
      throw new UserError(
        'credentialsMissing',
        vscode.l10n.t('Open the profile and region of this task definition first: {0}', place),
        { action: 'selectContext' },
      );
    }
    return context;
  }

  watch(): vscode.Disposable {
    return { dispose: () => undefined };
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { text, registeredAt } = await this.load(uri);
    const mtime = registeredAt + (this.rereads.get(uri.toString()) ?? 0);
    return { type: vscode.FileType.File, ctime: registeredAt, mtime, size: Buffer.byteLength(text) };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return Buffer.from((await this.load(uri)).text);
  }

  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    const key = uri.toString();
    const reason = this.saving.get(key) ?? vscode.TextDocumentSaveReason.Manual;
    this.saving.delete(key);
    const live = await this.load(uri);
    if (reason !== vscode.TextDocumentSaveReason.Manual) {
      // VS Code saves no more by itself what it failed to save.
      throw vscode.FileSystemError.Unavailable(
        vscode.l10n.t(
          '{0} is not saved automatically: save it to register it as the next revision.',
          live.name,
        ),
      );
    }
    const { registerEdited } = await import('./registerEdited');
    try {
      const arn = await registerEdited(this.services, this.contextOf(uri), live, content);
      if (arn !== undefined) {
        this.registered.set(key, arn);
      }
    } catch (error) {
      throw toFileSystemError(error);
    }
  }

  readDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.FileNotFound(uri);
  }

  createDirectory(): never {
    throw isFixed();
  }

  delete(): never {
    throw isFixed();
  }

  rename(): never {
    throw isFixed();
  }

  dispose(): void {
    this.store.dispose();
  }

  private async load(uri: vscode.Uri): Promise<LiveRevision> {
    const key = uri.toString();
    let loading = this.loaded.get(key);
    if (!loading) {
      loading = this.read(uri);
      this.loaded.set(key, loading);
      loading.catch(() => this.loaded.delete(key));
    }
    try {
      return await loading;
    } catch (error) {
      throw toFileSystemError(error);
    }
  }

  private async read(uri: vscode.Uri): Promise<LiveRevision> {
    const { name } = pathOf(uri);
    const { ecs } = this.services.sessions.get(this.contextOf(uri));
    const { readRevision } = await import('./liveRevision');
    return readRevision(ecs, name);
  }

  /** After a save that registered: the revision shows again what it is, and the new one opens. */
  private showRegistered(uri: vscode.Uri): void {
    const key = uri.toString();
    const arn = this.registered.get(key);
    if (arn !== undefined) {
      this.registered.delete(key);
      this.rereads.set(key, (this.rereads.get(key) ?? 0) + 1);
      this.changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
      const show = (): Promise<unknown> =>
        this.open(this.contextOf(uri), arn, { preview: false }).catch((error: unknown) =>
          reportError(error, this.services.log, () => void show()),
        );
      void show();
    }
  }
}

function pathOf(uri: vscode.Uri): RevisionPath {
  const path = parseRevisionUri(uri);
  if (!path) {
    throw vscode.FileSystemError.FileNotFound(uri);
  }
  return path;
}

function isFixed(): vscode.FileSystemError {
  return vscode.FileSystemError.Unavailable(
    vscode.l10n.t(
      'Revisions of task definitions are registered and deregistered, not made, renamed or deleted as files.',
    ),
  );
}

/** As VS Code shows it: beside the name of the file. */
function toFileSystemError(error: unknown): unknown {
  if (!(error instanceof UserError)) {
    return error;
  }
  switch (error.reason) {
    case 'notFound':
      return vscode.FileSystemError.FileNotFound(error.message);
    case 'cancelled':
      return vscode.FileSystemError.Unavailable(
        vscode.l10n.t('Nothing was registered, and the text is kept. Save again to register it.'),
      );
    default:
      return vscode.FileSystemError.Unavailable(error.message);
  }
}
