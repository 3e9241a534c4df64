import { ACCOUNT_ID } from '../protocol/account';
import { check, constraintBroken, invalidParameter } from './refusals';

const GROUP_PATTERN = /^[.\-_/#A-Za-z0-9]+$/;
const STREAM_PATTERN = /^[^:*]*$/;
/** Not the ARN of a group that ends in `:*`, which is the one that its streams share. */
const IDENTIFIER_PATTERN = /^[\w#+=/:,.@-]*$/;
const MAX_LENGTH = 512;

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html */
export function checkGroupName(name: string, member = 'logGroupName'): void {
  check.length(member, name, 1, MAX_LENGTH);
  if (!GROUP_PATTERN.test(name)) {
    throw constraintBroken(member, name, 'satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+');
  }
}

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogStream.html */
export function checkStreamName(name: string, member = 'logStreamName'): void {
  check.length(member, name, 1, MAX_LENGTH);
  if (!STREAM_PATTERN.test(name)) {
    throw constraintBroken(member, name, 'satisfy regular expression pattern: [^:*]*');
  }
}

export interface GroupSelector {
  readonly logGroupName?: string;
  /** A name or an ARN. */
  readonly logGroupIdentifier?: string;
}

/**
 * The name of the group that is meant; exactly one of the two ways must be used.
 * @throws ServiceError InvalidParameterException
 */
export function selectGroup({ logGroupName, logGroupIdentifier }: GroupSelector): string {
  if (logGroupName !== undefined && logGroupIdentifier !== undefined) {
    throw invalidParameter('LogGroup name and LogGroup ARN are mutually exclusive parameters.');
  }
  if (logGroupName === undefined && logGroupIdentifier === undefined) {
    throw invalidParameter('One of logGroupName and logGroupIdentifier must be specified.');
  }
  if (logGroupIdentifier !== undefined && !IDENTIFIER_PATTERN.test(logGroupIdentifier)) {
    throw invalidParameter(
      "1 validation error detected: Value at 'logGroupIdentifier' failed to satisfy constraint: " +
        'Member must satisfy regular expression pattern: [\\w#+=/:,.@-]*',
    );
  }
  const name = logGroupName ?? groupNameOf(logGroupIdentifier ?? '');
  checkGroupName(name);
  return name;
}

/** The name in a group's ARN, with or without `:*` at its end; a name is given back as it is. */
export function groupNameOf(identifier: string): string {
  return /^arn:[^:]+:logs:[^:]*:[^:]*:log-group:([^:]+)(:\*)?$/.exec(identifier)?.[1] ?? identifier;
}

/** Without the `:*` that some operations put at its end. */
export function groupArn(region: string, group: string): string {
  return `arn:aws:logs:${region}:${ACCOUNT_ID}:log-group:${group}`;
}

export function streamArn(region: string, group: string, stream: string): string {
  return `${groupArn(region, group)}:log-stream:${stream}`;
}
