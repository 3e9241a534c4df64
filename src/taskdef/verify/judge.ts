import type { ImageFacts, RoleFacts, Unknown } from '../lookups';
import { foundOf, REFERENCE_NAMES, type LookedUp, type Reference, type ReferenceKind } from '../references';
import { runsOn, type WantedPlatform } from './platform';
import { TASKS_SERVICE, trustsEcsTasks } from './trustPolicy';
import type { VerifyFinding, VerifyRule } from './verifyFinding';

/** What to do about something that is not there. */
const MISSING: Readonly<Record<ReferenceKind, readonly [rule: VerifyRule, advice: string]>> = {
  image: ['verify-image-missing', 'Push it, or choose an image that is there.'],
  role: ['verify-role-missing', 'Create it, or correct the ARN.'],
  secret: ['verify-secret-missing', 'Create it, or correct the ARN: the task would not start.'],
  parameter: ['verify-parameter-missing', 'Create it, or correct the name: the task would not start.'],
  logGroup: [
    'verify-log-group-missing',
    'Create it, or set "awslogs-create-group" to "true": the task would not start.',
  ],
  fileSystem: ['verify-file-system-missing', 'Correct the id: the task would not start.'],
  accessPoint: ['verify-access-point-missing', 'Create it, or correct the id: the task would not start.'],
};

/**
 * What is wrong with a reference by what AWS said of it.
 * @param platform what its images have to run on, where that is known
 */
export function judge(lookedUp: LookedUp, platform: WantedPlatform | undefined): VerifyFinding[] {
  const { reference, answer, kind } = lookedUp;
  if (answer.kind === 'unknown') {
    return notChecked(reference, answer);
  }
  if (answer.kind === 'absent') {
    const [rule, advice] = MISSING[kind];
    return [{ rule, severity: 'error', span: reference.span, message: `${answer.because} ${advice}` }];
  }
  const found = foundOf(lookedUp);
  switch (found?.kind) {
    case 'image':
      return judgePlatform(reference, found.facts, platform);
    case 'role':
      return judgeTrust(reference, found.facts);
    case 'secret': {
      const { name, deletedAt } = found.facts;
      return deletedAt === undefined
        ? []
        : [
            {
              rule: 'verify-secret-deleted',
              severity: 'error',
              span: reference.span,
              message: `The secret ${name} was marked for deletion on ${day(deletedAt)}, and cannot be read: the task would not start. Restore it, or choose another.`,
            },
          ];
    }
    case 'fileSystem': {
      const { id, state } = found.facts;
      return judgeState(reference, `The file system ${id}`, state);
    }
    case 'accessPoint': {
      const { id, state, fileSystemId } = found.facts;
      const wanted = found.reference.fileSystemId;
      return wanted === undefined || wanted === fileSystemId
        ? judgeState(reference, `The access point ${id}`, state)
        : [
            {
              rule: 'verify-access-point-file-system',
              severity: 'error',
              span: reference.span,
              message: `The access point ${id} belongs to the file system ${fileSystemId}, not to ${wanted}: the task would not start. Correct one of the two.`,
            },
          ];
    }
    case 'parameter':
    case 'logGroup':
    case undefined:
      return [];
  }
}

/** Says what was not checked, and why; it is no failure. Of images elsewhere, one finding speaks for all. */
function notChecked({ span, kind }: Reference, why: Unknown): VerifyFinding[] {
  const message = why.reason === 'otherRegistry' ? undefined : reasonInWords(why);
  return message === undefined
    ? []
    : [
        {
          rule: 'verify-not-checked',
          severity: 'information',
          span,
          message: `The ${REFERENCE_NAMES[kind]} was not checked: ${message}`,
        },
      ];
}

/** A sentence without its beginning; nothing where another rule has said it. */
export function reasonInWords(why: Unknown): string | undefined {
  switch (why.reason) {
    case 'notPermitted':
      return `the credentials lack the permission ${why.permission}.`;
    case 'otherAccount':
      return `it belongs to another account, ${why.account}.`;
    case 'otherRegistry':
      return `it is not in a private ECR registry: ${why.registry}.`;
    case 'pulledThrough':
      return `ECR fetches it from ${why.registry} when it is first pulled.`;
    case 'failed':
      return why.message;
    case 'unreadable':
      return undefined;
  }
}

function judgePlatform(
  { span }: Reference,
  { platforms }: ImageFacts,
  wanted: WantedPlatform | undefined,
): VerifyFinding[] {
  if (wanted === undefined) {
    return [];
  }
  if (platforms.kind === 'unknown') {
    const why = reasonInWords(platforms);
    return why === undefined
      ? []
      : [
          {
            rule: 'verify-not-checked',
            severity: 'information',
            span,
            message: `The platform of the image was not checked: ${why}`,
          },
        ];
  }
  if (platforms.kind === 'absent' || platforms.facts.length === 0 || runsOn(platforms.facts, wanted)) {
    return [];
  }
  const name = `${wanted.os}/${wanted.architecture}`;
  const has = `The image is for ${platforms.facts.join(', ')}`;
  return [
    {
      rule: 'verify-image-platform',
      severity: wanted.certain ? 'error' : 'warning',
      span,
      message: wanted.certain
        ? `${has}, and the task runs on ${name}: its containers would not start. Build it for ${name}, or change "runtimePlatform".`
        : `${has}, and a task without "runtimePlatform" may run on ${name}. Add it, or build the image for ${name} as well.`,
      ...(wanted.span && { related: { span: wanted.span, message: `The task runs on ${name}` } }),
    },
  ];
}

function judgeTrust({ span }: Reference, { name, trustPolicy }: RoleFacts): VerifyFinding[] {
  const trusts = trustsEcsTasks(trustPolicy);
  if (trusts === undefined) {
    return [
      {
        rule: 'verify-not-checked',
        severity: 'information',
        span,
        message: `Whether the role ${name} trusts ${TASKS_SERVICE} cannot be read from its trust policy.`,
      },
    ];
  }
  return trusts
    ? []
    : [
        {
          rule: 'verify-role-trust',
          severity: 'error',
          span,
          message: `The role ${name} does not trust ${TASKS_SERVICE}: ECS could not assume it, and the task would not start. Allow that service sts:AssumeRole in the role's trust policy.`,
        },
      ];
}

function judgeState({ span }: Reference, what: string, state: string | undefined): VerifyFinding[] {
  // "updating" is available too: EFS API reference, FileSystemDescription, LifeCycleState.
  return state === undefined || state === 'available' || state === 'updating'
    ? []
    : [
        {
          rule: 'verify-file-system-state',
          severity: 'error',
          span,
          message: `${what} is in the state "${state}", and cannot be mounted. Wait until it is available, or choose another.`,
        },
      ];
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
