import { createConstraints } from '../protocol/constraints';
import { ServiceError } from '../protocol/serviceError';

const check = createConstraints('ValidationException');

const MAX_LEVELS = 15;

/**
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html, "Requirements
 * and constraints for parameter names"
 * @throws ServiceError ValidationException, AccessDeniedException or HierarchyLevelLimitExceededException
 */
export function checkParameterName(name: string): void {
  check.length('name', name, 1, 1011);
  const prefix = /^\/?(aws|ssm)/i.exec(name)?.[1]?.toLowerCase();
  if (prefix === 'aws') {
    throw new ServiceError('AccessDeniedException', `No access to reserved parameter name: ${name}.`);
  }
  if (prefix === 'ssm' || !/^[A-Za-z0-9_.\-/]+$/.test(name) || /\/\/|.\/$/.test(name) || name === '/') {
    throw new ServiceError(
      'ValidationException',
      'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of ' +
        'sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the ' +
        'following 3 symbols .-_',
    );
  }
  const levels = name.split('/');
  if (levels.length > 1 && levels[0] !== '') {
    throw new ServiceError('ValidationException', 'Parameter name must be a fully qualified name.');
  }
  if (levels.length - 1 > MAX_LEVELS) {
    throw new ServiceError(
      'HierarchyLevelLimitExceededException',
      `The hierarchy depth exceeded the maximum depth limit of ${MAX_LEVELS} levels.`,
    );
  }
}

/** "…:parameter/a" is the ARN of "a" and of "/a". */
export function parameterArn(region: string, accountId: string, name: string): string {
  return `arn:aws:ssm:${region}:${accountId}:parameter/${name.replace(/^\//, '')}`;
}
