import type { Command } from '../base/process';
import { pullCommand } from '../containers/buildCommands';
import type { EngineId } from '../containers/engine';
import { registryHost } from '../containers/registryHost';
import { loginCommand } from '../containers/registryLogin';

/** Whose sign-in the text asks the AWS CLI for. */
export interface PullIdentity {
  readonly region: string;
  readonly profile?: string;
  /** Where ECR is reached, where that is not the service's own address. */
  readonly endpoint?: string;
}

/** A command for people to paste: the engine that pulls an image, with nothing secret in it. */
export function pullText(engine: EngineId, image: string): string {
  return textOf(pullCommand({ id: engine, file: engine }, image));
}

/**
 * The same after a sign-in by the AWS CLI, whose password goes from one program to the other and nowhere else.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html
 */
export function signInAndPullText(engine: EngineId, image: string, identity: PullIdentity): string {
  const registry = registryHost(image);
  const password = [
    'aws',
    'ecr',
    'get-login-password',
    '--region',
    identity.region,
    ...(identity.profile === undefined ? [] : ['--profile', identity.profile]),
    ...(identity.endpoint === undefined ? [] : ['--endpoint-url', identity.endpoint]),
  ];
  const login = textOf(loginCommand({ id: engine, file: engine }, registry, 'AWS'));
  return `${password.map(quote).join(' ')} | ${login}\n${pullText(engine, image)}`;
}

function textOf({ file, args }: Command): string {
  return [file, ...args].map(quote).join(' ');
}

/** One word for a POSIX shell, and the same for PowerShell where it has no quote in it. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
