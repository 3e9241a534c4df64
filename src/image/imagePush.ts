import { stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { UserError } from '../base/errors';
import { isImageTag, parseImageReference } from './imageReference';

/** What to build, and where to push it. */
export interface ImagePush {
  /** Absolute path. */
  readonly dockerfile: string;
  /** Absolute path of the folder that the Dockerfile copies from. */
  readonly buildContext: string;
  /** `registry/repository`, as ECR gives it. */
  readonly repositoryUri: string;
  readonly tag: string;
  /** `os/architecture[/variant]`; left out, the engine's own. */
  readonly platform?: string;
  readonly buildArgs?: Readonly<Record<string, string>>;
  /** The stage to build, of a Dockerfile with several. */
  readonly target?: string;
}

/** @throws UserError('invalidInput') when a push cannot work as it is asked for */
export async function validatePush(push: ImagePush): Promise<void> {
  const reject = (message: string): never => {
    throw new UserError('invalidInput', message);
  };
  const reference = parseImageReference(push.repositoryUri);
  if (!reference?.registry || reference.tag !== undefined || reference.digest !== undefined) {
    reject(`A repository's URI is needed to push to, host/name without a tag. Given: ${push.repositoryUri}`);
  }
  if (!isImageTag(push.tag)) {
    reject(
      `A tag has up to 128 letters, digits, "_", "." and "-", and begins with none of the last two: ${push.tag}`,
    );
  }
  if (push.platform !== undefined && !/^[a-z0-9]+(?:\/[a-z0-9_]+){1,2}$/.test(push.platform)) {
    reject(`A platform is written as os/architecture, for example "linux/arm64". Given: ${push.platform}`);
  }
  const badArgument = Object.keys(push.buildArgs ?? {}).find((name) => !/^[^\s=]+$/.test(name));
  if (badArgument !== undefined) {
    reject(`The name of a build argument holds neither white space nor "=". Given: ${badArgument}`);
  }
  if (!isAbsolute(push.dockerfile) || !(await stat(push.dockerfile).catch(() => undefined))?.isFile()) {
    reject(`There is no such Dockerfile: ${push.dockerfile}`);
  }
  if (
    !isAbsolute(push.buildContext) ||
    !(await stat(push.buildContext).catch(() => undefined))?.isDirectory()
  ) {
    reject(`The build context is no folder: ${push.buildContext}`);
  }
}
