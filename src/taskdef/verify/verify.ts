import { throwIfCancelled } from '../../base/errors';
import type { TaskDefinitionDocument } from '../document/taskDefinitionDocument';
import type { Answer, Lookups } from '../lookups';
import {
  keyOf,
  lookUp,
  referencesIn,
  type LookedUp,
  type Reference,
  type ReferenceKind,
} from '../references';
import { fargateLogDriver } from '../rules/logRules';
import { viewTask, type Task } from '../rules/task';
import { judge, reasonInWords } from './judge';
import { wantedPlatform } from './platform';
import type { VerifyFinding } from './verifyFinding';

export interface Verification {
  /** In the order of the document. */
  readonly findings: readonly VerifyFinding[];
  /** How many things AWS said something of. */
  readonly checked: number;
  /** How many of these are not there, and have to be. */
  readonly missing: number;
  /** What AWS did not say, each with the reason. */
  readonly notChecked: readonly NotChecked[];
}

export interface NotChecked {
  readonly kind: ReferenceKind;
  /** As the definition has it. */
  readonly value: string;
  /** A sentence without its beginning. */
  readonly reason: string;
}

/** Questions under way at once: few enough that no service throttles them. */
const AT_ONCE = 6;

/**
 * Asks AWS about everything that a definition refers to, each thing once, and says what a task would fail of.
 * Nothing is changed, and no value of a secret is read.
 *
 * @throws UserError('cancelled'), and whatever keeps the lookups from asking at all
 */
export async function verify(
  document: TaskDefinitionDocument,
  lookups: Lookups,
  signal?: AbortSignal,
): Promise<Verification> {
  const task = viewTask(document);
  const platform = wantedPlatform(task);
  const byKey = new Map<string, Reference[]>();
  for (const reference of referencesIn(task)) {
    const key = keyOf(reference);
    byKey.set(key, [...(byKey.get(key) ?? []), reference]);
  }
  const answered: LookedUp[] = [];
  const findings: VerifyFinding[] = [...judgeDrivers(task)];
  const waiting = byKey.values();
  const askInTurn = async (): Promise<void> => {
    for (const references of waiting) {
      throwIfCancelled(signal);
      const found = await lookUp(references[0]!, lookups, signal);
      answered.push(found);
      const mayCreate =
        found.answer.kind === 'absent' && references.some(isCreated)
          ? await askCreation(found, task, lookups, signal)
          : undefined;
      for (const reference of references) {
        // Of one key, and so of one kind.
        const lookedUp = { ...found, reference } as LookedUp;
        findings.push(...(judgeCreation(lookedUp, task, mayCreate) ?? judge(lookedUp, platform)));
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, askInTurn));
  findings.push(...judgeElsewhere(answered, byKey));
  const notChecked = answered.flatMap(({ reference, kind, answer }): NotChecked[] => {
    const reason = answer.kind === 'unknown' ? reasonInWords(answer) : undefined;
    return reason === undefined ? [] : [{ kind, value: valueOf(reference), reason }];
  });
  return {
    findings: findings.sort((a, b) => a.span.offset - b.span.offset),
    checked: answered.filter(({ answer }) => answer.kind !== 'unknown').length,
    missing: answered.filter(
      ({ reference, answer }) =>
        answer.kind === 'absent' && byKey.get(keyOf(reference))?.some((each) => !isCreated(each)),
    ).length,
    notChecked,
  };
}

/** What is not there yet need not be. */
function isCreated(reference: Reference): boolean {
  return reference.kind === 'logGroup' && reference.created;
}

/** The text that names a reference. */
function valueOf(reference: Reference): string {
  switch (reference.kind) {
    case 'image':
      return reference.uri;
    case 'role':
      return reference.role;
    case 'secret':
      return reference.secret;
    case 'parameter':
      return reference.parameter;
    case 'logGroup':
      return reference.name;
    case 'fileSystem':
    case 'accessPoint':
      return reference.id;
  }
}

/** Which drivers Fargate has is known without asking; a verification that left it out would not be one. */
function judgeDrivers(task: Task): VerifyFinding[] {
  return [...fargateLogDriver.check(task)].map(({ span, message, related }) => ({
    rule: 'verify-log-driver',
    severity: 'error',
    span,
    message,
    ...(related && { related }),
  }));
}

/** Asks whether the execution role may create a log group; `undefined` of other things, and without a role. */
async function askCreation(
  { kind, reference }: LookedUp,
  task: Task,
  lookups: Lookups,
  signal: AbortSignal | undefined,
): Promise<Answer<boolean> | undefined> {
  const role = task.definition.member('executionRoleArn').text;
  return kind === 'logGroup' && role
    ? lookups.mayCreateLogGroup(role, reference.name, reference.region, signal)
    : undefined;
}

/**
 * A log group that the driver is to create need not be there, if the execution role may create it. The managed
 * policy for that role does not say so.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html#create_awslogs_logdriver_options
 *
 * @param mayCreate what AWS said of it, if it was asked
 * @returns `undefined` when this is about something else
 */
function judgeCreation(
  { kind, reference, answer }: LookedUp,
  task: Task,
  mayCreate: Answer<boolean> | undefined,
): VerifyFinding[] | undefined {
  if (kind !== 'logGroup' || !reference.created || answer.kind !== 'absent') {
    return undefined;
  }
  const { span } = reference;
  const role = task.definition.member('executionRoleArn');
  if (mayCreate?.kind === 'found') {
    return mayCreate.facts
      ? []
      : [
          {
            rule: 'verify-log-group-creation',
            severity: 'error',
            span,
            message: `${answer.because} The execution role may not create it: the task would not start. Allow it logs:CreateLogGroup, or create the group.`,
            related: { span: role.span, message: 'The execution role' },
          },
        ];
  }
  const why = mayCreate?.kind === 'unknown' ? reasonInWords(mayCreate) : undefined;
  return [
    {
      rule: 'verify-log-group-creation',
      severity: 'information',
      span,
      message: `${answer.because} It will be created when the task starts, if the execution role has the permission logs:CreateLogGroup${why === undefined ? '.' : `. Whether it has was not checked: ${why}`}`,
    },
  ];
}

/** One finding for all images that are not in ECR: most of them are public, and need no word each. */
function judgeElsewhere(
  answered: readonly LookedUp[],
  byKey: ReadonlyMap<string, readonly Reference[]>,
): VerifyFinding[] {
  const elsewhere = answered.filter(
    ({ answer }) => answer.kind === 'unknown' && answer.reason === 'otherRegistry',
  );
  const [first] = elsewhere
    .flatMap(({ reference }) => byKey.get(keyOf(reference)) ?? [])
    .sort((a, b) => a.span.offset - b.span.offset);
  return first
    ? [
        {
          rule: 'verify-image-elsewhere',
          severity: 'information',
          span: first.span,
          message: `Only images in a private ECR registry can be checked, and so not: ${elsewhere.map(({ reference }) => valueOf(reference)).join(', ')}`,
        },
      ]
    : [];
}
