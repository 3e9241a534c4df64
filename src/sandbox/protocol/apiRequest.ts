import type { CommonErrors } from './commonErrors';

/** One request of an AWS API, as it came over HTTP. */
export interface ApiRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly target: string | undefined;
  readonly authorization: string | undefined;
  readonly body: Buffer;
  /** Aborted when the client goes away or the sandbox stops. */
  readonly signal: AbortSignal;
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How errors are told. */
export interface ErrorWriter {
  readonly errors: CommonErrors;
  writeError(
    code: string,
    message: string,
    members: Readonly<Record<string, unknown>>,
    status: number,
  ): ApiAnswer;
}

/**
 * A request whose operation is known and whose caller has signed it, in the terms of its protocol: what is
 * the same for all protocols (faults, latency, unexpected errors) is done between reading and carrying out.
 */
export interface ApiCall extends ErrorWriter {
  /** The operation's name, for faults. */
  readonly operation: string;
  /** As IAM names it: "ecs:ListTasks". */
  readonly action: string;
  carryOut(): Promise<ApiAnswer>;
}

/** A wire protocol: how a request is read, and how errors are told while the service is not known. */
export interface ApiProtocol extends ErrorWriter {
  /** @throws ServiceError when the request is not one of an operation, or is not signed */
  read(request: ApiRequest): ApiCall;
}
