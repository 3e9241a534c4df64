import { parameterName, parseArn, resourceName } from '../../aws/arn';
import type { AwsContext } from '../../aws/context';
import { isRegion } from '../../aws/regionName';
import type { AwsSession, SessionPool } from '../../aws/session';
import { UserError } from '../../base/errors';
import type { Answer, ImageFacts, Lookups, RoleFacts, Unknown } from '../../taskdef/lookups';
import { locateImage, type ImagePlace } from './imagePlace';

/** The sessions of contexts; those of other regions are opened where a reference leads there. */
export type Sessions = Pick<SessionPool, 'get'>;

/**
 * Asks AWS under one context, and in other regions with the same credentials. Accounts other than the
 * credentials' own are not asked: what they answer says nothing about what the task's roles may see.
 */
export function createAwsLookups(sessions: Sessions, context: AwsContext): Lookups {
  const session = sessions.get(context);
  /** A region becomes a part of the host that is asked: nothing else may. */
  const inRegion = <F>(
    region: string | undefined,
    ask: (session: AwsSession) => Promise<Answer<F>>,
  ): Promise<Answer<F>> =>
    !region
      ? ask(session)
      : isRegion(region)
        ? ask(sessions.get({ ...context, region }))
        : Promise.resolve({ kind: 'unknown', reason: 'unreadable' });

  /** Answers where an ARN leads, or says that it leads to another account. */
  const atArn = async <F>(
    text: string,
    ask: (session: AwsSession) => Promise<Answer<F>>,
    signal: AbortSignal | undefined,
  ): Promise<Answer<F>> => {
    const arn = parseArn(text);
    if (!arn && text.startsWith('arn:')) {
      return { kind: 'unknown', reason: 'unreadable' };
    }
    return (await elsewhere(session, arn?.account, signal)) ?? inRegion(arn?.region, ask);
  };

  /** Answers for an image in ECR; absent by the image or its repository. */
  const atImage = async <F>(
    uri: string,
    ask: (session: AwsSession, place: ImagePlace) => Promise<Answer<F>>,
    signal: AbortSignal | undefined,
  ): Promise<Answer<F>> => {
    const place = locateImage(uri, context);
    if (place.kind !== 'ecr') {
      return place.kind === 'unreadable'
        ? { kind: 'unknown', reason: 'unreadable' }
        : { kind: 'unknown', reason: 'otherRegistry', registry: place.registry };
    }
    return (
      (await elsewhere(session, place.account, signal)) ?? inRegion(place.region, (at) => ask(at, place))
    );
  };

  return {
    image: (uri, signal) => atImage(uri, (at, place) => describeImage(at, place, signal), signal),

    scan: (uri, signal) =>
      atImage(
        uri,
        ({ ecr }, { repository, id, name }) =>
          answer(
            'ecr:DescribeImageScanFindings',
            async () => found(await ecr.scan(repository, id, signal), `The image ${name} was not scanned.`),
            `The image ${name} was not scanned.`,
          ),
        signal,
      ),

    role: (role, signal) => atArn(role, ({ iam }) => describeRole(iam, role, signal), signal),

    mayCreateLogGroup: (role, group, region, signal) =>
      atArn(
        role,
        async ({ iam }) =>
          answer('iam:SimulatePrincipalPolicy', async () => {
            const { accountId } = await session.identity(signal);
            const { partition = 'aws' } = parseArn(role) ?? {};
            const arn = `arn:${partition}:logs:${region ?? context.region}:${accountId}:log-group:${group}`;
            // CloudWatch Logs checks this action on the streams of the group, and policies name either.
            const resources = [arn, `${arn}:log-stream:`];
            return {
              kind: 'found',
              facts: await iam.allows(role, 'logs:CreateLogGroup', resources, signal),
            };
          }),
        signal,
      ),

    secret: (secret, signal) =>
      atArn(
        secret,
        ({ secrets, context: { region } }) =>
          answer(
            'secretsmanager:DescribeSecret',
            async () => ({ kind: 'found', facts: await secrets.secret(secret, signal) }),
            `Secrets Manager has no such secret in ${region}: ${shortName(secret)}.`,
          ),
        signal,
      ),

    parameter: (parameter, signal) =>
      atArn(
        parameter,
        ({ parameters, context: { region } }) =>
          answer(
            'ssm:DescribeParameters',
            async () => ({ kind: 'found', facts: await parameters.parameter(parameter, signal) }),
            `Parameter Store has no such parameter in ${region}: ${shortName(parameter)}.`,
          ),
        signal,
      ),

    logGroup: (name, region, signal) =>
      inRegion(region, ({ logs, context: place }) =>
        answer('logs:DescribeLogGroups', async () => {
          const group = await logs.group(name, signal);
          const facts = group && {
            name,
            retentionDays: group.retentionInDays,
            storedBytes: group.storedBytes,
            ...(group.creationTime !== undefined && { createdAt: new Date(group.creationTime) }),
          };
          return found(facts, `CloudWatch Logs has no log group ${name} in ${place.region}.`);
        }),
      ),

    fileSystem: (id, signal) =>
      answer(
        'elasticfilesystem:DescribeFileSystems',
        async () => ({ kind: 'found', facts: await session.fileSystems.fileSystem(id, signal) }),
        `EFS has no file system ${id} in ${context.region}.`,
      ),

    accessPoint: (id, signal) =>
      answer(
        'elasticfilesystem:DescribeAccessPoints',
        async () => ({ kind: 'found', facts: await session.fileSystems.accessPoint(id, signal) }),
        `EFS has no access point ${id} in ${context.region}.`,
      ),
  };
}

/** `undefined` when an account is the credentials' own, or when nobody knows whose they are. */
async function elsewhere(
  session: AwsSession,
  account: string | undefined,
  signal: AbortSignal | undefined,
): Promise<({ readonly kind: 'unknown' } & Unknown) | undefined> {
  if (!account) {
    return undefined;
  }
  const own = await session.identity(signal).catch((error: unknown) => {
    if (error instanceof UserError && CANNOT_ASK.has(error.reason)) {
      throw error;
    }
    return undefined;
  });
  return own === undefined || own.accountId === account
    ? undefined
    : { kind: 'unknown', reason: 'otherAccount', account };
}

async function describeImage(
  { ecr, context: { region } }: AwsSession,
  { repository, id, name }: ImagePlace,
  signal: AbortSignal | undefined,
): Promise<Answer<ImageFacts>> {
  const described = await answer(
    'ecr:DescribeImages',
    async () => {
      const image = await ecr.image(repository, id, signal);
      return found(image, `ECR has no image ${name} in the repository ${repository} (${region}).`);
    },
    `ECR has no repository ${repository} in ${region}.`,
  );
  if (described.kind === 'absent') {
    return (await pulledThrough(ecr, repository, signal)) ?? described;
  }
  if (described.kind === 'unknown') {
    return described;
  }
  const { imageDigest: digest = '', imageTags: tags = [], ...image } = described.facts;
  const platforms = await answer('ecr:BatchGetImage', async (): Promise<Answer<readonly string[]>> => {
    const read = await ecr.platforms(repository, { imageDigest: digest }, signal);
    const facts = read.map(({ os, architecture, variant }) =>
      [os, architecture, ...(variant === undefined ? [] : [variant])].join('/'),
    );
    return { kind: 'found', facts };
  });
  const { imagePushedAt: pushedAt, imageSizeInBytes: sizeBytes } = image;
  return { kind: 'found', facts: { repository, digest, tags, pushedAt, sizeBytes, platforms } };
}

/** What a pull through cache rule brings need not be there. Who may not see the rules is taken to have none. */
async function pulledThrough(
  ecr: AwsSession['ecr'],
  repository: string,
  signal: AbortSignal | undefined,
): Promise<Answer<never> | undefined> {
  const rules = await answer('ecr:DescribePullThroughCacheRules', async () =>
    found(await ecr.pullThroughRules(signal), ''),
  );
  const rule =
    rules.kind === 'found'
      ? rules.facts.find(({ prefix }) => prefix === 'ROOT' || repository.startsWith(`${prefix}/`))
      : undefined;
  return rule && { kind: 'unknown', reason: 'pulledThrough', registry: rule.upstream };
}

/** A role's ARN has its path in it, and ECS takes the ARN as a whole: the name alone does not make it the one. */
async function describeRole(
  iam: AwsSession['iam'],
  role: string,
  signal: AbortSignal | undefined,
): Promise<Answer<RoleFacts>> {
  const name = resourceName(role);
  return answer(
    'iam:GetRole',
    async () => {
      const facts = await iam.role(name, signal);
      return role.startsWith('arn:') && facts.arn !== role
        ? { kind: 'absent', because: `IAM has no role ${role}; the role of this name is ${facts.arn}.` }
        : { kind: 'found', facts };
    },
    `IAM has no role ${name}.`,
  );
}

/** Failures with which no question has an answer: these are the user's to solve first. */
const CANNOT_ASK: ReadonlySet<string> = new Set([
  'cancelled',
  'credentialsMissing',
  'credentialsExpired',
  'regionMissing',
]);

/**
 * Turns the failure of a question into an answer.
 * @param permission what the question needs
 * @param notFound what it means that the service does not know the thing
 */
async function answer<F>(
  permission: string,
  ask: () => Promise<Answer<F>>,
  notFound?: string,
): Promise<Answer<F>> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof UserError) || CANNOT_ASK.has(error.reason)) {
      throw error;
    }
    switch (error.reason) {
      case 'accessDenied':
        return { kind: 'unknown', reason: 'notPermitted', permission };
      case 'notFound':
        return notFound === undefined
          ? { kind: 'unknown', reason: 'failed', message: error.message }
          : { kind: 'absent', because: notFound };
      default:
        return { kind: 'unknown', reason: 'failed', message: error.message };
    }
  }
}

function found<F>(facts: F | undefined, because: string): Answer<F> {
  return facts === undefined ? { kind: 'absent', because } : { kind: 'found', facts };
}

/** What a message calls the resource of an ARN: "parameter/a/b" is "/a/b", "secret:a" is "a". */
function shortName(arnOrName: string): string {
  const arn = parseArn(arnOrName);
  return arn ? parameterName(arn).replace(/^secret:/, '') : arnOrName;
}
