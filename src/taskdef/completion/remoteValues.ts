/** As much of a list as there is by now. */
export interface RemoteList<T> {
  readonly values: readonly T[];
  /** False while more is on its way: asking again later gives more. */
  readonly complete: boolean;
}

export interface RemoteRepository {
  readonly name: string;
  /** What an image's reference begins with, as "123456789012.dkr.ecr.eu-central-1.amazonaws.com/web". */
  readonly uri: string;
}

export interface RemoteImage {
  /** `sha256:…` */
  readonly digest: string;
  readonly tags: readonly string[];
  readonly pushedAt?: Date;
  readonly sizeBytes?: number;
}

export interface RemoteRole {
  readonly arn: string;
  readonly name: string;
  readonly description?: string;
}

export interface RemoteSecret {
  readonly arn: string;
  readonly name: string;
  readonly description?: string;
}

export interface RemoteParameter {
  readonly name: string;
  readonly arn?: string;
  /** "String", "StringList" or "SecureString". */
  readonly type?: string;
}

export interface RemoteFileSystem {
  readonly id: string;
  readonly name?: string;
  readonly sizeBytes?: number;
}

export interface RemoteAccessPoint {
  readonly id: string;
  readonly name?: string;
  readonly rootDirectory?: string;
}

/**
 * Values that only AWS knows. Each list comes at once, with what there is: what is missing is asked for on the side.
 * Nothing rejects: without credentials, permission or network the lists are empty and complete.
 */
export interface RemoteValues {
  /** Where all of this is. */
  readonly region: string;
  repositories(): Promise<RemoteList<RemoteRepository>>;
  images(repository: RemoteRepository): Promise<RemoteList<RemoteImage>>;
  /** Names. */
  logGroups(): Promise<RemoteList<string>>;
  /** Those that ECS tasks can assume. */
  roles(): Promise<RemoteList<RemoteRole>>;
  secrets(): Promise<RemoteList<RemoteSecret>>;
  parameters(): Promise<RemoteList<RemoteParameter>>;
  fileSystems(): Promise<RemoteList<RemoteFileSystem>>;
  accessPoints(fileSystemId: string): Promise<RemoteList<RemoteAccessPoint>>;
}
