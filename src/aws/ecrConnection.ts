import { Connection } from './connection';
import type { ContextAccess } from './contextAccess';

export type EcrConnection = ReturnType<typeof connectEcr>;

/** The one client of ECR that all of a context's calls go through. */
export const connectEcr = (access: ContextAccess) =>
  new Connection(
    access,
    'ECR',
    () => import('@aws-sdk/client-ecr'),
    (sdk, configuration) => new sdk.ECRClient(configuration),
  );

type ExceptionClass = abstract new (...args: never[]) => Error;

/** What was answered; `undefined` where the service refuses with this exception. */
export async function orUndefined<T>(
  exception: ExceptionClass,
  call: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof exception) {
      return undefined;
    }
    throw error;
  }
}
