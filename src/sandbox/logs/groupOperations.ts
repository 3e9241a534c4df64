import type { OperationHandler } from '../operation';
import type { GroupRecord, LogCatalog } from './logCatalog';
import { checkGroupName, groupArn, groupNameOf } from './names';
import { cutPage, type PageRequest } from './page';
import { check, groupExists, invalidParameter } from './refusals';

interface CreateLogGroupInput {
  readonly logGroupName: string;
  readonly kmsKeyId?: string;
  readonly tags?: Record<string, string>;
  readonly logGroupClass?: string;
  readonly deletionProtectionEnabled?: boolean;
}

interface DescribeLogGroupsInput extends PageRequest {
  readonly logGroupNamePrefix?: string;
  readonly logGroupNamePattern?: string;
  readonly logGroupClass?: string;
  readonly logGroupIdentifiers?: readonly string[];
}

const GROUP_CLASSES = ['STANDARD', 'INFREQUENT_ACCESS', 'DELIVERY', 'ESSENTIALS'];

const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** The operations on log groups and their tags. */
export function groupOperations(catalog: LogCatalog): Record<string, OperationHandler> {
  const change = (region: string, name: string, changes: Partial<GroupRecord>): object => {
    catalog.putGroup(region, name, { ...catalog.requireGroup(region, name), ...changes });
    return {};
  };
  const tagsOf = (region: string, name: string) => ({ tags: catalog.requireGroup(region, name).tags });
  const tag = (region: string, name: string, tags: Readonly<Record<string, string>>): object =>
    change(region, name, { tags: { ...tagsOf(region, name).tags, ...tags } });
  const untag = (region: string, name: string, keys: readonly string[]): object => {
    const kept = Object.entries(tagsOf(region, name).tags).filter(([key]) => !keys.includes(key));
    return change(region, name, { tags: Object.fromEntries(kept) });
  };
  return {
    CreateLogGroup: (input: CreateLogGroupInput, { region }) => {
      const { logGroupName, kmsKeyId, tags = {}, logGroupClass = 'STANDARD' } = input;
      checkGroupName(logGroupName);
      check.oneOf('logGroupClass', logGroupClass, GROUP_CLASSES);
      if (catalog.group(region, logGroupName) !== undefined) {
        throw groupExists();
      }
      catalog.putGroup(region, logGroupName, {
        creationTime: Date.now(),
        logGroupClass,
        tags,
        ...(kmsKeyId !== undefined && { kmsKeyId }),
        ...(input.deletionProtectionEnabled && { deletionProtectionEnabled: true }),
      });
      return {};
    },

    DeleteLogGroup: ({ logGroupName }: { logGroupName: string }, { region }) => {
      checkGroupName(logGroupName);
      if (catalog.requireGroup(region, logGroupName).deletionProtectionEnabled) {
        throw invalidParameter('The log group cannot be deleted while deletion protection is enabled.');
      }
      catalog.deleteGroup(region, logGroupName);
      return {};
    },

    DescribeLogGroups: (input: DescribeLogGroupsInput, { region }) => {
      if (input.logGroupNamePrefix !== undefined && input.logGroupNamePattern !== undefined) {
        throw invalidParameter(
          'LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.',
        );
      }
      const found = catalog.groups(region).filter(([name, group]) => matches(name, group, input));
      const { page, nextToken } = cutPage(
        found,
        input,
        ([name]): [string] => [name],
        ([a], [b]) => (a < b ? -1 : Number(a > b)),
      );
      return {
        logGroups: page.map(([name, group]) =>
          describeGroup(region, name, group, catalog, input.logGroupNamePattern !== undefined),
        ),
        nextToken,
      };
    },

    PutRetentionPolicy: (
      { logGroupName, retentionInDays }: { logGroupName: string; retentionInDays: number },
      { region },
    ) => {
      checkGroupName(logGroupName);
      check.oneOf('retentionInDays', String(retentionInDays), RETENTION_DAYS.map(String));
      return change(region, logGroupName, { retentionInDays });
    },

    DeleteRetentionPolicy: ({ logGroupName }: { logGroupName: string }, { region }) => {
      checkGroupName(logGroupName);
      return change(region, logGroupName, { retentionInDays: undefined });
    },

    TagResource: ({ resourceArn, tags }: { resourceArn: string; tags: Record<string, string> }, { region }) =>
      tag(region, groupNameOf(resourceArn), tags),

    UntagResource: ({ resourceArn, tagKeys }: { resourceArn: string; tagKeys: string[] }, { region }) =>
      untag(region, groupNameOf(resourceArn), tagKeys),

    ListTagsForResource: ({ resourceArn }: { resourceArn: string }, { region }) =>
      tagsOf(region, groupNameOf(resourceArn)),

    // The older names of the same, which older clients call.
    TagLogGroup: (
      { logGroupName, tags }: { logGroupName: string; tags: Record<string, string> },
      { region },
    ) => tag(region, logGroupName, tags),

    UntagLogGroup: ({ logGroupName, tags }: { logGroupName: string; tags: string[] }, { region }) =>
      untag(region, logGroupName, tags),

    ListTagsLogGroup: ({ logGroupName }: { logGroupName: string }, { region }) =>
      tagsOf(region, logGroupName),
  };
}

function matches(name: string, group: GroupRecord, input: DescribeLogGroupsInput): boolean {
  const { logGroupNamePrefix = '', logGroupNamePattern = '', logGroupIdentifiers } = input;
  return (
    name.startsWith(logGroupNamePrefix) &&
    name.includes(logGroupNamePattern) &&
    (input.logGroupClass === undefined || input.logGroupClass === group.logGroupClass) &&
    (logGroupIdentifiers === undefined || logGroupIdentifiers.map(groupNameOf).includes(name))
  );
}

/** A search by pattern answers with less: see `logGroupNamePattern` of DescribeLogGroups. */
function describeGroup(
  region: string,
  name: string,
  group: GroupRecord,
  catalog: LogCatalog,
  brief: boolean,
): object {
  const { creationTime, retentionInDays, kmsKeyId, logGroupClass, deletionProtectionEnabled = false } = group;
  const arn = groupArn(region, name);
  if (brief) {
    return { logGroupName: name, creationTime, arn: `${arn}:*` };
  }
  const storedBytes = catalog.streams(region, name).reduce((sum, { events }) => sum + events.bytes(), 0);
  return {
    logGroupName: name,
    creationTime,
    retentionInDays,
    kmsKeyId,
    metricFilterCount: 0,
    arn: `${arn}:*`,
    logGroupArn: arn,
    storedBytes,
    logGroupClass,
    deletionProtectionEnabled,
  };
}
