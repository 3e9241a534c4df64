import type { AwsSession } from '../../aws/session';
import { delay } from '../../base/delay';
import type { Disposable } from '../../base/disposal';
import type {
  RemoteAccessPoint,
  RemoteFileSystem,
  RemoteImage,
  RemoteList,
  RemoteParameter,
  RemoteRepository,
  RemoteRole,
  RemoteSecret,
  RemoteValues,
} from '../../taskdef/completion/remoteValues';
import { trustsEcsTasks } from '../../taskdef/verify/trustPolicy';

/** Milliseconds that a keystroke waits for a list that is on its way. */
const PATIENCE = 150;

/** Milliseconds for which a list is good, and for which one that could not be read is not asked for again. */
const LIFETIME = 60_000;
const PAUSE_AFTER_FAILURE = 15_000;

interface Held<T> {
  values: readonly T[];
  /** `undefined` when nothing is on its way. */
  loading: Promise<void> | undefined;
  staleAt: number;
}

/**
 * Lists of one context, asked for when they are first wanted and kept for a minute: one request at a time for each, a
 * bounded number of pages, and what there is by then for whoever cannot wait.
 */
export class AwsValues implements RemoteValues, Disposable {
  private readonly held = new Map<string, Held<unknown>>();
  private readonly end = new AbortController();

  /** @param onFailure is told of each list that could not be read */
  constructor(
    private readonly session: AwsSession,
    private readonly onFailure: (list: string, error: unknown) => void,
  ) {}

  get region(): string {
    return this.session.context.region;
  }

  repositories(): Promise<RemoteList<RemoteRepository>> {
    return this.list('repositories', 5, async function* (session, signal) {
      for await (const page of session.ecr.repositories(signal)) {
        yield page.map(({ repositoryName: name = '', repositoryUri: uri = '' }) => ({ name, uri }));
      }
    });
  }

  images({ name }: RemoteRepository): Promise<RemoteList<RemoteImage>> {
    return this.list(`images of ${name}`, 10, async function* (session, signal) {
      for await (const page of session.ecr.images(name, signal)) {
        yield page.map(
          ({ imageDigest: digest = '', imageTags: tags = [], imagePushedAt, imageSizeInBytes }) => ({
            digest,
            tags,
            pushedAt: imagePushedAt,
            sizeBytes: imageSizeInBytes,
          }),
        );
      }
    });
  }

  logGroups(): Promise<RemoteList<string>> {
    return this.list('log groups', 20, async function* (session, signal) {
      for await (const page of session.logs.groups(undefined, signal)) {
        yield page.flatMap(({ logGroupName }) => logGroupName ?? []);
      }
    });
  }

  roles(): Promise<RemoteList<RemoteRole>> {
    return this.list('roles', 5, async function* (session, signal) {
      for await (const page of session.iam.roles(signal)) {
        yield page.filter(({ trustPolicy }) => trustsEcsTasks(trustPolicy) === true);
      }
    });
  }

  secrets(): Promise<RemoteList<RemoteSecret>> {
    return this.list('secrets', 10, ({ secrets }, signal) => secrets.secrets(signal));
  }

  parameters(): Promise<RemoteList<RemoteParameter>> {
    return this.list('parameters', 20, ({ parameters }, signal) => parameters.parameters(signal));
  }

  fileSystems(): Promise<RemoteList<RemoteFileSystem>> {
    return this.list('file systems', 5, ({ fileSystems }, signal) => fileSystems.fileSystems(signal));
  }

  accessPoints(fileSystemId: string): Promise<RemoteList<RemoteAccessPoint>> {
    return this.list(`access points of ${fileSystemId}`, 5, ({ fileSystems }, signal) =>
      fileSystems.accessPoints(fileSystemId, signal),
    );
  }

  /** Settles when nothing is on its way any more. */
  async loaded(): Promise<void> {
    await Promise.all([...this.held.values()].flatMap(({ loading }) => loading ?? []));
  }

  dispose(): void {
    this.end.abort();
    this.held.clear();
  }

  private async list<T>(
    name: string,
    mostPages: number,
    ask: (session: AwsSession, signal: AbortSignal) => AsyncIterable<readonly T[]>,
  ): Promise<RemoteList<T>> {
    let held = this.held.get(name) as Held<T> | undefined;
    if (!held || (!held.loading && Date.now() >= held.staleAt)) {
      // What was there is shown until the new list is complete.
      held = { values: held?.values ?? [], loading: undefined, staleAt: 0 };
      held.loading = this.load(name, mostPages, ask, held);
      this.held.set(name, held);
    }
    if (held.loading) {
      await Promise.race([held.loading, delay(PATIENCE)]);
    }
    return { values: held.values, complete: held.loading === undefined };
  }

  private async load<T>(
    name: string,
    mostPages: number,
    ask: (session: AwsSession, signal: AbortSignal) => AsyncIterable<readonly T[]>,
    held: Held<T>,
  ): Promise<void> {
    const first = held.values.length === 0;
    let read: readonly T[] = [];
    let pages = 0;
    try {
      for await (const page of ask(this.session, this.end.signal)) {
        read = [...read, ...page];
        if (first) {
          held.values = read;
        }
        pages += 1;
        if (pages === mostPages) {
          break;
        }
      }
      held.values = read;
      held.staleAt = Date.now() + LIFETIME;
    } catch (error) {
      held.staleAt = Date.now() + PAUSE_AFTER_FAILURE;
      if (!this.end.signal.aborted) {
        this.onFailure(name, error);
      }
    } finally {
      held.loading = undefined;
    }
  }
}
