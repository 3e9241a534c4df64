import { refuse } from './ecrRefusal';

const REPOSITORY_NAME = '(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*';
const TAG = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;

/** The form of a name that CreateRepository takes: 2 to 256 characters, see its `repositoryName`. */
export function isRepositoryName(name: string): boolean {
  // The length first: it bounds what the expression has to do.
  return name.length >= 2 && name.length <= 256 && new RegExp(`^${REPOSITORY_NAME}$`).test(name);
}

/** @throws ServiceError InvalidParameterException in ECR's words */
export function checkRepositoryName(name: string): void {
  if (name.length < 2 || name.length > 256) {
    const bound = name.length < 2 ? 'greater than or equal to 2' : 'less than or equal to 256';
    throw refuse.invalidParameter('repositoryName', `must have length ${bound}`);
  }
  if (!isRepositoryName(name)) {
    throw refuse.invalidParameter('repositoryName', `must satisfy regular expression '${REPOSITORY_NAME}'`);
  }
}

/** The form of a tag, as the OCI distribution specification has it. */
export function isTag(tag: string): boolean {
  return TAG.test(tag);
}
