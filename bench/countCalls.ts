import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';

/** Calls that went out to AWS, by operation. */
export type CallCounts = ReadonlyMap<string, number>;

/** Counts the requests that leave this process while `body` runs. */
export async function countCalls<T>(
  body: () => Promise<T>,
): Promise<{ readonly result: T; readonly calls: CallCounts }> {
  const calls = new Map<string, number>();
  const count = (message: unknown): void => {
    const { request } = message as { readonly request: ClientRequest };
    const operation = String(request.getHeader('x-amz-target')).split('.').at(-1) ?? '';
    calls.set(operation, (calls.get(operation) ?? 0) + 1);
  };
  subscribe('http.client.request.start', count);
  try {
    return { result: await body(), calls };
  } finally {
    unsubscribe('http.client.request.start', count);
  }
}

export function totalOf(calls: CallCounts): number {
  return [...calls.values()].reduce((sum, count) => sum + count, 0);
}

/** "10 ListServices, 100 DescribeServices" */
export function describeCalls(calls: CallCounts): string {
  return [...calls].map(([operation, count]) => `${count} ${operation}`).join(', ');
}
