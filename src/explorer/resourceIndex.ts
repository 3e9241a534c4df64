import { resourceName } from '../aws/arn';
import { contextKey, type AwsContext } from '../aws/context';
import { limiter, readAhead } from '../aws/page';
import { EventQueue } from '../base/eventQueue';
import type { ExplorerSource } from './children';
import { nodeId, type ExplorerView } from './explorerNode';

/** A resource by its name, and the way to its row. */
export interface FoundResource {
  readonly kind: 'repository' | 'cluster' | 'service' | 'family';
  readonly name: string;
  readonly context: AwsContext;
  readonly view: ExplorerView;
  /** Of a service. */
  readonly cluster?: string;
  /** Ids of the rows that lead to it, each below the one before; the last is its own. */
  readonly ids: readonly string[];
}

/** What has been found since the last one, or why some of a context could not be listed. */
export type SearchPage =
  | { readonly kind: 'found'; readonly resources: readonly FoundResource[] }
  | { readonly kind: 'failed'; readonly context: AwsContext; readonly error: unknown };

/** How long names are good for: long enough for one search after the other. */
const FRESH_MILLISECONDS = 60_000;

/** Each cluster takes a call of its own: no more than these are asked, and so many at once. */
const CLUSTERS = { most: 100, atOnce: 4 };

interface Known {
  readonly at: number;
  readonly found: readonly FoundResource[];
}

/** The names of all that is in the open contexts, by as few calls as they take: nothing is described. */
export class ResourceIndex {
  private known = new Map<string, Known>();

  constructor(
    private readonly source: ExplorerSource,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Names as their pages arrive, those of all contexts at once. Never throws: what fails is among the pages. */
  async *search(signal: AbortSignal): AsyncGenerator<SearchPage, void, void> {
    const queue = new EventQueue<SearchPage>();
    const all = this.source.contexts().map((context) => this.searchContext(context, queue, signal));
    void Promise.all(all).finally(() => queue.end());
    yield* queue;
  }

  /** All names are asked for again: others may have come, and some may be of what is gone. */
  forget(): void {
    // What is being listed at this moment must not be remembered either.
    this.known = new Map();
  }

  private async searchContext(
    context: AwsContext,
    queue: EventQueue<SearchPage>,
    signal: AbortSignal,
  ): Promise<void> {
    const key = contextKey(context);
    const { known } = this;
    const before = known.get(key);
    if (before && this.now() - before.at < FRESH_MILLISECONDS) {
      queue.push({ kind: 'found', resources: before.found });
      return;
    }
    const found: FoundResource[] = [];
    let complete = true;
    const take = (resources: readonly FoundResource[]): void => {
      found.push(...resources);
      queue.push({ kind: 'found', resources });
    };
    const listings = [
      this.listRepositories(context, take, signal),
      this.listFamilies(context, take, signal),
      this.listClusters(context, take, signal),
    ];
    for (const outcome of await Promise.allSettled(listings)) {
      if (outcome.status === 'rejected') {
        complete = false;
        queue.push({ kind: 'failed', context, error: outcome.reason as unknown });
      }
    }
    if (complete && !signal.aborted) {
      known.set(key, { at: this.now(), found });
    }
  }

  private async listRepositories(context: AwsContext, take: Take, signal: AbortSignal): Promise<void> {
    const { ecr } = this.source.gateways(context);
    for await (const page of readAhead(ecr.repositories(signal))) {
      take(
        page.map(({ repositoryName: name = '' }) => ({
          kind: 'repository',
          name,
          context,
          view: 'registry',
          ids: [nodeId(context, 'repository', name)],
        })),
      );
    }
  }

  private async listFamilies(context: AwsContext, take: Take, signal: AbortSignal): Promise<void> {
    const { ecs } = this.source.gateways(context);
    for await (const page of readAhead(ecs.families('ACTIVE', signal))) {
      take(
        page.map((name) => ({
          kind: 'family',
          name,
          context,
          view: 'taskDefinitions',
          ids: [nodeId(context, 'family', name)],
        })),
      );
    }
  }

  private async listClusters(context: AwsContext, take: Take, signal: AbortSignal): Promise<void> {
    const { ecs } = this.source.gateways(context);
    const clusters: string[] = [];
    for await (const page of readAhead(ecs.clusterArns(signal))) {
      clusters.push(...page);
      take(
        page.map((arn) => ({
          kind: 'cluster',
          name: resourceName(arn),
          context,
          view: 'clusters',
          ids: [nodeId(context, 'cluster', arn)],
        })),
      );
    }
    const limit = limiter(CLUSTERS.atOnce);
    const outcomes = await Promise.allSettled(
      clusters
        .slice(0, CLUSTERS.most)
        .map((cluster) => limit(() => this.listServices(context, cluster, take, signal))),
    );
    const failed = outcomes.find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') {
      throw failed.reason;
    }
  }

  private async listServices(
    context: AwsContext,
    cluster: string,
    take: Take,
    signal: AbortSignal,
  ): Promise<void> {
    const { ecs } = this.source.gateways(context);
    for await (const page of readAhead(ecs.serviceArns(cluster, signal))) {
      take(
        page.map((arn) => ({
          kind: 'service',
          name: resourceName(arn),
          context,
          view: 'clusters',
          cluster: resourceName(cluster),
          ids: [nodeId(context, 'cluster', cluster), nodeId(context, 'service', arn)],
        })),
      );
    }
  }
}

type Take = (resources: readonly FoundResource[]) => void;
