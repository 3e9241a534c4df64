import type { TextSpan } from './document/textSpan';
import type { ValueView } from './document/valueView';
import type {
  AccessPointFacts,
  Answer,
  FileSystemFacts,
  ImageFacts,
  LogGroupFacts,
  Lookups,
  ParameterFacts,
  RoleFacts,
  SecretFacts,
} from './lookups';
import { logsWith } from './rules/logRules';
import type { Task } from './rules/task';

/** Something outside the file that a value of a definition names. */
export type Reference =
  | { readonly kind: 'image'; readonly span: TextSpan; readonly uri: string }
  | {
      readonly kind: 'role';
      readonly span: TextSpan;
      /** ARN, or a name. */
      readonly role: string;
      readonly member: 'taskRoleArn' | 'executionRoleArn';
    }
  /** ARN or name, without JSON key, version stage and version. */
  | { readonly kind: 'secret'; readonly span: TextSpan; readonly secret: string }
  /** ARN or name. */
  | { readonly kind: 'parameter'; readonly span: TextSpan; readonly parameter: string }
  | {
      readonly kind: 'logGroup';
      readonly span: TextSpan;
      readonly name: string;
      readonly region: string | undefined;
      /** The log driver makes the group where there is none. */
      readonly created: boolean;
    }
  | { readonly kind: 'fileSystem'; readonly span: TextSpan; readonly id: string }
  | {
      readonly kind: 'accessPoint';
      readonly span: TextSpan;
      readonly id: string;
      readonly fileSystemId: string | undefined;
    };

export type ReferenceKind = Reference['kind'];

/** What messages call them. */
export const REFERENCE_NAMES: Readonly<Record<ReferenceKind, string>> = {
  image: 'image',
  role: 'role',
  secret: 'secret',
  parameter: 'parameter',
  logGroup: 'log group',
  fileSystem: 'file system',
  accessPoint: 'access point',
};

interface FactsByKind {
  image: ImageFacts;
  role: RoleFacts;
  secret: SecretFacts;
  parameter: ParameterFacts;
  logGroup: LogGroupFacts;
  fileSystem: FileSystemFacts;
  accessPoint: AccessPointFacts;
}

/** A reference with what AWS said of it. */
export type LookedUp = {
  [K in ReferenceKind]: {
    readonly kind: K;
    readonly reference: Extract<Reference, { kind: K }>;
    readonly answer: Answer<FactsByKind[K]>;
  };
}[ReferenceKind];

/** A reference to something that is there. */
export type Found = {
  [K in ReferenceKind]: {
    readonly kind: K;
    readonly reference: Extract<Reference, { kind: K }>;
    readonly facts: FactsByKind[K];
  };
}[ReferenceKind];

/** What was found, as a union that a switch on its kind narrows; `undefined` of what is absent or unknown. */
export function foundOf({ kind, reference, answer }: LookedUp): Found | undefined {
  // Kind, reference and facts are of one member of the union, which the compiler cannot follow.
  return answer.kind === 'found' ? ({ kind, reference, facts: answer.facts } as Found) : undefined;
}

/** All that a definition refers to, in no order; what holds a placeholder, or is not written, is left out. */
export function referencesIn(task: Task): Reference[] {
  return [
    ...task.containers.flatMap((container) =>
      written(container.member('image')).map(({ span, text }): Reference => ({
        kind: 'image',
        span,
        uri: text,
      })),
    ),
    ...rolesOf(task),
    ...secretsOf(task),
    ...logGroupsOf(task),
    ...fileSystemsOf(task),
  ];
}

/** The reference whose token this offset is in. */
export function referenceAt(task: Task, offset: number): Reference | undefined {
  return referencesIn(task).find(({ span }) => span.offset <= offset && offset <= span.offset + span.length);
}

/** Equal for two references to one thing. */
export function keyOf(reference: Reference): string {
  const { kind } = reference;
  switch (kind) {
    case 'image':
      return JSON.stringify([kind, reference.uri]);
    case 'role':
      return JSON.stringify([kind, reference.role]);
    case 'secret':
      return JSON.stringify([kind, reference.secret]);
    case 'parameter':
      return JSON.stringify([kind, reference.parameter]);
    case 'logGroup':
      return JSON.stringify([kind, reference.name, reference.region]);
    case 'fileSystem':
    case 'accessPoint':
      return JSON.stringify([kind, reference.id]);
  }
}

/** Asks AWS about a reference. */
export async function lookUp(
  reference: Reference,
  lookups: Lookups,
  signal?: AbortSignal,
): Promise<LookedUp> {
  const { kind } = reference;
  switch (kind) {
    case 'image':
      return { kind, reference, answer: await lookups.image(reference.uri, signal) };
    case 'role':
      return { kind, reference, answer: await lookups.role(reference.role, signal) };
    case 'secret':
      return { kind, reference, answer: await lookups.secret(reference.secret, signal) };
    case 'parameter':
      return { kind, reference, answer: await lookups.parameter(reference.parameter, signal) };
    case 'logGroup':
      return { kind, reference, answer: await lookups.logGroup(reference.name, reference.region, signal) };
    case 'fileSystem':
      return { kind, reference, answer: await lookups.fileSystem(reference.id, signal) };
    case 'accessPoint':
      return { kind, reference, answer: await lookups.accessPoint(reference.id, signal) };
  }
}

interface Written {
  readonly span: TextSpan;
  readonly text: string;
}

/** The value as a list of one, or of none when it is no text that can be asked about. */
function written({ text, span }: ValueView): Written[] {
  return text === undefined || text === '' ? [] : [{ text, span }];
}

function rolesOf({ definition }: Task): Reference[] {
  return (['taskRoleArn', 'executionRoleArn'] as const).flatMap((member) =>
    written(definition.member(member)).map(({ span, text }): Reference => ({
      kind: 'role',
      span,
      role: text,
      member,
    })),
  );
}

function secretsOf({ containers, definition }: Task): Reference[] {
  const injected = containers.flatMap((container) => [
    ...container.member('secrets').items(),
    ...container.member('logConfiguration').member('secretOptions').items(),
  ]);
  const ofRegistries = containers.map((container) =>
    container.member('repositoryCredentials').member('credentialsParameter'),
  );
  const ofFileServers = definition
    .member('volumes')
    .items()
    .map((volume) =>
      volume
        .member('fsxWindowsFileServerVolumeConfiguration')
        .member('authorizationConfig')
        .member('credentialsParameter'),
    );
  return [
    ...injected.flatMap((secret) => written(secret.member('valueFrom')).map(secretOrParameter)),
    ...ofRegistries.flatMap((view) =>
      written(view).map(({ span, text }): Reference => ({ kind: 'secret', span, secret: text })),
    ),
    ...ofFileServers.flatMap((view) => written(view).map(secretOrParameter)),
  ];
}

/**
 * `valueFrom` is the ARN of a secret, with up to three parts behind it that choose a key and a version, or the ARN
 * or the name of a parameter.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
 */
function secretOrParameter({ span, text }: Written): Reference {
  const parts = text.split(':');
  return parts[0] === 'arn' && parts[2] === 'secretsmanager'
    ? { kind: 'secret', span, secret: parts.slice(0, 7).join(':') }
    : { kind: 'parameter', span, parameter: text };
}

function logGroupsOf(task: Task): Reference[] {
  return logsWith(task, 'awslogs').flatMap((log) => {
    const options = log.member('options');
    const region = options.member('awslogs-region');
    // Without its region, the group could be anywhere.
    return region.unknown
      ? []
      : written(options.member('awslogs-group')).map(({ span, text }): Reference => ({
          kind: 'logGroup',
          span,
          name: text,
          region: region.text || undefined,
          created: options.member('awslogs-create-group').text === 'true',
        }));
  });
}

function fileSystemsOf({ definition }: Task): Reference[] {
  return definition
    .member('volumes')
    .items()
    .flatMap((volume): Reference[] => {
      const efs = volume.member('efsVolumeConfiguration');
      const fileSystem = written(efs.member('fileSystemId'));
      const accessPoint = written(efs.member('authorizationConfig').member('accessPointId'));
      return [
        ...fileSystem.map(({ span, text }): Reference => ({ kind: 'fileSystem', span, id: text })),
        ...accessPoint.map(({ span, text }): Reference => ({
          kind: 'accessPoint',
          span,
          id: text,
          fileSystemId: fileSystem[0]?.text,
        })),
      ];
    });
}
