import type { ContainerDefinition } from './containerDefinition';

/**
 * The value of what a task definition refers to by a secret's `valueFrom`.
 * @param region of the task, where the reference does not name one
 * @returns `undefined` where the sandbox has no such value
 */
export type SecretLookup = (valueFrom: string, region: string) => string | undefined;

/** What a container finds in the place of a secret that the sandbox has no value of. */
export const SECRET_PLACEHOLDER = 'sandbox-placeholder-not-a-real-secret';

/** The variables that a container gets for its secrets. */
export interface SecretVariables {
  readonly placeholders: Readonly<Record<string, string>>;
  /** Not to be written anywhere, nor to an argument vector. */
  readonly values: Readonly<Record<string, string>>;
}

/**
 * Values reach the engine's client in its environment. Variables that mean something to the client itself
 * cannot go that way, and keep their placeholder.
 */
const MEANT_FOR_CLIENTS =
  /^(DOCKER|CONTAINERS?|PODMAN|NERDCTL|FINCH|LIMA|BUILDKIT|BUILDAH|REGISTRY|STORAGE|XDG|LD|DYLD|GO\w*|SSL|SSH|CNI|NODE)(_|$)|_proxy$/i;

export function resolveSecrets(
  definition: ContainerDefinition,
  region: string,
  lookup: SecretLookup,
): SecretVariables {
  const placeholders: Record<string, string> = {};
  const values: Record<string, string> = {};
  for (const { name, valueFrom } of definition.secrets ?? []) {
    const value = isPassable(name) ? lookup(valueFrom, region) : undefined;
    if (value === undefined || value.includes('\0')) {
      placeholders[name] = SECRET_PLACEHOLDER;
    } else {
      values[name] = value;
    }
  }
  return { placeholders, values };
}

function isPassable(name: string): boolean {
  return /^\w+$/.test(name) && process.env[name] === undefined && !MEANT_FOR_CLIENTS.test(name);
}
