import * as vscode from 'vscode';
import type { AwsContext } from '../../aws/context';
import { DisposableStore } from '../../base/disposal';
import { UserError } from '../../base/errors';
import type { ContextStore } from '../contexts/contextStore';
import { placeOf } from './livePlace';

/** What AWS has, as a file shows it. */
export interface LiveFile {
  readonly text: string;
}

/** How the files of one scheme are named, read and saved. */
export interface LiveFormat<F extends LiveFile> {
  readonly scheme: string;
  /** Which context a file is in, see `placeOf`; `undefined` for what is no file of the scheme. */
  placeIn(uri: vscode.Uri): string | undefined;
  /** @throws UserError why it cannot be read */
  read(context: AwsContext, uri: vscode.Uri): Promise<F>;
  /**
   * Saves what the user typed, if the user wants to.
   * @param file what was read
   * @returns what the file is from now on
   * @throws UserError('cancelled') when the user does not want to; why AWS refuses it
   */
  save(context: AwsContext, uri: vscode.Uri, file: F, content: Uint8Array): Promise<F>;
  readonly words: {
    /** Where the context of a file is not open. */
    notOpen(place: string): string;
    /** Where VS Code saves by itself. */
    notAutomatic(uri: vscode.Uri): string;
    /** Where the user did not want to save after all. */
    readonly notSaved: string;
    /** Where a file is to be made, renamed or deleted. */
    readonly fixed: string;
  };
}

/**
 * A file system of what AWS has: each file is read once, and saved when its user saves it, never by itself. What could
 * not be saved stays in its editor.
 */
export class LiveFiles<F extends LiveFile> implements vscode.FileSystemProvider, vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<vscode.FileChangeEvent[]>());
  readonly onDidChangeFile = this.changed.event;
  /** By URI: what was read, or is being read. */
  private readonly loaded = new Map<string, Promise<F>>();
  /** By place: contexts whose files were opened, also when they are not among the open ones. */
  private readonly known = new Map<string, AwsContext>();
  /** By URI: why the document is being saved. */
  private readonly saving = new Map<string, vscode.TextDocumentSaveReason>();
  /** By URI: since when the file says what it says. It stays when the same is read again: nothing was changed. */
  private readonly stamps = new Map<string, { readonly text: string; readonly mtime: number }>();

  constructor(
    private readonly format: LiveFormat<F>,
    private readonly contexts: ContextStore,
  ) {
    const { store } = this;
    store.add(vscode.workspace.registerFileSystemProvider(format.scheme, this, { isCaseSensitive: true }));
    store.add(
      vscode.workspace.onWillSaveTextDocument(({ document, reason }) => {
        if (document.uri.scheme === format.scheme) {
          this.saving.set(document.uri.toString(), reason);
        }
      }),
    );
    store.add(
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        this.loaded.delete(uri.toString());
        this.saving.delete(uri.toString());
      }),
    );
    // A sandbox that was reset begins to count anew.
    store.add(contexts.onDidChange(() => this.loaded.clear()));
  }

  /** Remembers that files of a context are opened, whether it is open or not. */
  know(context: AwsContext): void {
    this.known.set(placeOf(context), context);
  }

  /** Takes what was read elsewhere for what a file is. */
  hold(uri: vscode.Uri, file: F): void {
    this.loaded.set(uri.toString(), Promise.resolve(file));
    this.stamp(uri.toString(), file);
  }

  /**
   * The context that a file is in.
   * @throws UserError('credentialsMissing') when it is not open
   */
  contextOf(uri: vscode.Uri): AwsContext {
    const place = this.placeIn(uri);
    const open = this.contexts.all().find((context) => placeOf(context) === place);
    const context = open ?? this.known.get(place);
    if (!context) {
      throw new UserError('credentialsMissing', this.format.words.notOpen(place), {
        action: 'selectContext',
      });
    }
    return context;
  }

  /** Has the editors of a file show again what was read. */
  showAgain(uri: vscode.Uri): void {
    const stamp = this.stamps.get(uri.toString());
    if (stamp) {
      this.stamps.set(uri.toString(), { ...stamp, mtime: stamp.mtime + 1 });
    }
    this.changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  /** Has a file read again. */
  reload(uri: vscode.Uri): void {
    this.loaded.delete(uri.toString());
    this.changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  watch(): vscode.Disposable {
    return { dispose: () => undefined };
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const file = await this.load(uri);
    const mtime = this.stamp(uri.toString(), file);
    return { type: vscode.FileType.File, ctime: mtime, mtime, size: Buffer.byteLength(file.text) };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return Buffer.from((await this.load(uri)).text);
  }

  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    const key = uri.toString();
    const reason = this.saving.get(key) ?? vscode.TextDocumentSaveReason.Manual;
    this.saving.delete(key);
    const file = await this.load(uri);
    if (reason !== vscode.TextDocumentSaveReason.Manual) {
      // VS Code saves no more by itself what it failed to save.
      throw vscode.FileSystemError.Unavailable(this.format.words.notAutomatic(uri));
    }
    try {
      const saved = await this.format.save(this.contextOf(uri), uri, file, content);
      this.hold(uri, saved);
    } catch (error) {
      throw this.toFileSystemError(error);
    }
  }

  readDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.FileNotFound(uri);
  }

  createDirectory(): never {
    throw this.fixed();
  }

  delete(): never {
    throw this.fixed();
  }

  rename(): never {
    throw this.fixed();
  }

  dispose(): void {
    this.store.dispose();
  }

  private async load(uri: vscode.Uri): Promise<F> {
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
      throw this.toFileSystemError(error);
    }
  }

  private async read(uri: vscode.Uri): Promise<F> {
    this.placeIn(uri);
    return this.format.read(this.contextOf(uri), uri);
  }

  /** @returns since when the file says what it says, in milliseconds since 1970 */
  private stamp(key: string, { text }: F): number {
    const before = this.stamps.get(key);
    const mtime = before?.text === text ? before.mtime : Math.max(Date.now(), (before?.mtime ?? 0) + 1);
    this.stamps.set(key, { text, mtime });
    return mtime;
  }

  private placeIn(uri: vscode.Uri): string {
    const place = this.format.placeIn(uri);
    if (place === undefined) {
      throw vscode.FileSystemError.FileNotFound(uri);
    }
    return place;
  }

  private fixed(): vscode.FileSystemError {
    return vscode.FileSystemError.Unavailable(this.format.words.fixed);
  }

  /** As VS Code shows it: beside the name of the file. */
  private toFileSystemError(error: unknown): unknown {
    if (!(error instanceof UserError)) {
      return error;
    }
    switch (error.reason) {
      case 'notFound':
        return vscode.FileSystemError.FileNotFound(error.message);
      case 'cancelled':
        return vscode.FileSystemError.Unavailable(this.format.words.notSaved);
      default:
        return vscode.FileSystemError.Unavailable(error.message);
    }
  }
}
