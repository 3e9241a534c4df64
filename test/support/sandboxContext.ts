import type { AwsContext } from '../../src/aws/context';

/** The context in which the extension's own gateways call a sandbox. */
export function sandboxContext(
  endpoint: string,
  region = 'eu-central-1',
): AwsContext & { readonly endpoint: string } {
  return {
    label: 'Local Sandbox',
    source: { kind: 'static', accessKeyId: 'sandbox', secretAccessKey: 'sandbox' },
    region,
    endpoint,
  };
}
