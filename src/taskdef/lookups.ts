/** Why AWS did not say what a reference leads to. */
export type Unknown =
  /** The credentials lack this permission, as "iam:GetRole". */
  | { readonly reason: 'notPermitted'; readonly permission: string }
  /** It belongs to an account whose resources the credentials do not show. */
  | { readonly reason: 'otherAccount'; readonly account: string }
  /** An image of a registry that is no private ECR registry: "docker.io", "public.ecr.aws". */
  | { readonly reason: 'otherRegistry'; readonly registry: string }
  /** An image that ECR fetches from this registry when it is first pulled. */
  | { readonly reason: 'pulledThrough'; readonly registry: string }
  /** A text that AWS cannot be asked about; the rules say what is wrong with it. */
  | { readonly reason: 'unreadable' }
  /** No answer, or none that helps: the network, throttling, a failure of the service. */
  | { readonly reason: 'failed'; readonly message: string };

/** What AWS says of something that a definition refers to. */
export type Answer<F> =
  | { readonly kind: 'found'; readonly facts: F }
  /** `because` is a sentence that says what there is not, and where. */
  | { readonly kind: 'absent'; readonly because: string }
  | ({ readonly kind: 'unknown' } & Unknown);

export interface ImageFacts {
  readonly repository: string;
  /** `sha256:…` */
  readonly digest: string;
  readonly tags: readonly string[];
  readonly pushedAt?: Date;
  /** Compressed, as it is pulled. */
  readonly sizeBytes?: number;
  /** Each "os/architecture" or "os/architecture/variant", as "linux/arm64"; several of a multi-platform image. */
  readonly platforms: Answer<readonly string[]>;
}

export interface ScanFacts {
  /** As "COMPLETE", "ACTIVE" or "FAILED". */
  readonly status: string;
  readonly completedAt?: Date;
  /** How many findings of each severity, as `{"CRITICAL": 2}`. */
  readonly counts: Readonly<Record<string, number>>;
}

export interface RoleFacts {
  readonly arn: string;
  readonly name: string;
  readonly description?: string;
  /** The parsed policy document; `undefined` when it cannot be read. */
  readonly trustPolicy: unknown;
  readonly createdAt?: Date;
}

export interface SecretFacts {
  readonly name: string;
  readonly description?: string;
  readonly lastChanged?: Date;
  /** Set once its deletion has been asked for: from then on it cannot be read. */
  readonly deletedAt?: Date;
}

export interface ParameterFacts {
  readonly name: string;
  /** "String", "StringList" or "SecureString". */
  readonly type?: string;
  readonly description?: string;
  readonly lastModified?: Date;
  readonly version?: number;
}

export interface LogGroupFacts {
  readonly name: string;
  /** `undefined`: its events never expire. */
  readonly retentionDays?: number;
  readonly storedBytes?: number;
  readonly createdAt?: Date;
}

export interface FileSystemFacts {
  readonly id: string;
  readonly name?: string;
  /** As "available" or "deleting". */
  readonly state?: string;
  readonly encrypted?: boolean;
  readonly sizeBytes?: number;
}

export interface AccessPointFacts {
  readonly id: string;
  readonly fileSystemId: string;
  readonly name?: string;
  readonly rootDirectory?: string;
  readonly state?: string;
}

/**
 * What only AWS knows of what a task definition refers to. Each takes the text as the definition has it. Never a
 * value of a secret or a parameter. They reject when there is no way to ask at all: without usable credentials,
 * and when cancelled.
 */
export interface Lookups {
  image(uri: string, signal?: AbortSignal): Promise<Answer<ImageFacts>>;
  /** What the last scan of an image found; absent where it was not scanned. */
  scan(uri: string, signal?: AbortSignal): Promise<Answer<ScanFacts>>;
  /** @param role ARN or name */
  role(role: string, signal?: AbortSignal): Promise<Answer<RoleFacts>>;
  /** Whether the policies of a role let it create this log group. */
  mayCreateLogGroup(
    role: string,
    group: string,
    region: string | undefined,
    signal?: AbortSignal,
  ): Promise<Answer<boolean>>;
  /** @param secret ARN or name, without JSON key, version stage and version */
  secret(secret: string, signal?: AbortSignal): Promise<Answer<SecretFacts>>;
  /** @param parameter ARN or name */
  parameter(parameter: string, signal?: AbortSignal): Promise<Answer<ParameterFacts>>;
  logGroup(name: string, region: string | undefined, signal?: AbortSignal): Promise<Answer<LogGroupFacts>>;
  fileSystem(id: string, signal?: AbortSignal): Promise<Answer<FileSystemFacts>>;
  accessPoint(id: string, signal?: AbortSignal): Promise<Answer<AccessPointFacts>>;
}
