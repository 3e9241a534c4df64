import type { AwsContext } from '../../../src/aws/context';
import type { EcrGateway } from '../../../src/aws/ecrGateway';
import type { EcsGateway } from '../../../src/aws/ecsGateway';
import { children, type Branch, type ExplorerSource } from '../../../src/explorer/children';
import type { ExplorerNode } from '../../../src/explorer/explorerNode';

export const CONTEXT: AwsContext = {
  label: 'work',
  source: { kind: 'profile', profile: 'work' },
  region: 'eu-central-1',
};

/** Gateways of which only the given methods may be called: any other call fails the test. */
export interface FakeGateways {
  readonly ecr?: Partial<EcrGateway>;
  readonly ecs?: Partial<EcsGateway>;
}

/** @param gateways those of each open context, by the context's region */
export function fakeSource(
  contexts: readonly AwsContext[],
  gateways: Readonly<Record<string, FakeGateways>>,
): ExplorerSource {
  return {
    contexts: () => contexts,
    gateways: ({ region }) => ({
      ecr: (gateways[region]?.ecr ?? {}) as EcrGateway,
      ecs: (gateways[region]?.ecs ?? {}) as EcsGateway,
    }),
  };
}

/** A listing of the given pages; a function in the place of a page is called for it, and may throw. */
export async function* pagesOf<T>(...pages: readonly (T | (() => T))[]): AsyncGenerator<T, void, void> {
  for (const page of pages) {
    await new Promise((resolve) => setImmediate(resolve));
    yield typeof page === 'function' ? (page as () => T)() : page;
  }
}

/** All snapshots that a branch gives. */
export async function snapshots(
  branch: Branch,
  source: ExplorerSource,
): Promise<(readonly ExplorerNode[])[]> {
  const all: (readonly ExplorerNode[])[] = [];
  for await (const rows of children(branch, source, new AbortController().signal)) {
    all.push(rows);
  }
  return all;
}

/** The rows of a branch once it is complete. */
export async function rowsOf(branch: Branch, source: ExplorerSource): Promise<readonly ExplorerNode[]> {
  return (await snapshots(branch, source)).at(-1) ?? [];
}
