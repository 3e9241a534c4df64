import { readFile } from 'node:fs/promises';
import { messageOf, UserError } from '../base/errors';
import type { AwsContext } from './context';
import { loadProfiles, profileOf, type Environment } from './profiles';

/** What a client's HTTPS connections trust, as the SDK's request handler takes it; nothing for what Node trusts. */
export interface Trust {
  readonly httpsAgent?: { readonly ca: string };
}

/**
 * The certificate authorities that `AWS_CA_BUNDLE` or the profile's `ca_bundle` names, in place of Node's own, as the
 * AWS CLI has it; the SDK reads neither. `NODE_EXTRA_CA_CERTS` is Node's affair, and VS Code's proxies and the system's
 * certificates are VS Code's, where nothing is named here.
 *
 * @throws UserError('invalidInput') when the file cannot be read
 */
export async function trustOf(context: AwsContext, environment: Environment = process.env): Promise<Trust> {
  const file = environment.AWS_CA_BUNDLE || (await bundleOfProfile(context, environment));
  if (!file) {
    return {};
  }
  try {
    return { httpsAgent: { ca: await readFile(file, 'utf8') } };
  } catch (error) {
    throw new UserError(
      'invalidInput',
      `The certificate authorities of AWS_CA_BUNDLE or ca_bundle cannot be read: ${messageOf(error)}`,
      { action: 'openAwsConfig', cause: error },
    );
  }
}

/** How a client's requests are sent, as the SDK's request handler takes it. */
export interface RequestHandlerOptions extends Trust {
  /** Both in milliseconds. */
  readonly connectionTimeout: number;
  readonly requestTimeout: number;
  /** Without it, a request that takes longer is only warned of in the SDK's log. */
  readonly throwOnRequestTimeout: true;
}

/** The SDK sets no limits: where packets vanish, a call would hang for many minutes. */
export function requestHandlerOf(trust: Trust, requestTimeout: number): RequestHandlerOptions {
  return { connectionTimeout: 10_000, requestTimeout, throwOnRequestTimeout: true, ...trust };
}

async function bundleOfProfile(context: AwsContext, environment: Environment): Promise<string | undefined> {
  if (context.source.kind === 'static') {
    return undefined;
  }
  const files = await loadProfiles(environment);
  const name = profileOf(context, files);
  return name === undefined ? undefined : files.profile(name)?.ca_bundle;
}
