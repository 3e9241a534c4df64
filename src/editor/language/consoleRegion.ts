import type { AwsContext } from '../../aws/context';
import { resolveEndpoint } from '../../aws/endpoint';

/** The region of a context whose resources the AWS console shows; `undefined` behind another endpoint. */
export async function consoleRegion(context: AwsContext): Promise<string | undefined> {
  return (await resolveEndpoint(context, 'ECS')) === undefined ? context.region : undefined;
}
