import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isCancellation, messageOf, UserError } from '../base/errors';
import { createControl, type ControlActions } from './control';
import { createFaultSet, type Fault } from './faults';
import type { ServiceDefinition } from './operation';
import { answerApiRequest, type ApiOptions } from './protocol/api';
import type { ApiAnswer, ApiProtocol } from './protocol/apiRequest';
import { createAwsJsonProtocol } from './protocol/awsJson';
import { createAwsQueryProtocol } from './protocol/awsQuery';
import { createRestJsonProtocol } from './protocol/restJson';
import type { SsoDirectory } from './ssooidc/ssoDirectory';
import { createSsoProtocol, isSsoRequest } from './ssooidc/ssoProtocol';

/** What answers behind the server; replaced as a whole by a reset. */
export interface Backend {
  readonly services: readonly ServiceDefinition[];
  readonly sso: SsoDirectory;
  /** Everything under /v2/. */
  readonly registry: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
}

export interface ServerOptions {
  /** 0 takes any free port. */
  readonly port: number;
  /** Milliseconds that every API call takes at least. */
  readonly latency: number;
  /** Settles when requests can be answered: those that come before wait. */
  readonly backend: () => Promise<Backend>;
  readonly control: ControlActions;
  readonly reportFailure: ApiOptions['reportFailure'];
}

export interface RunningServer {
  readonly port: number;
  /** Ends connections, also those in the middle of a request, and frees the port. */
  close(): Promise<void>;
}

/** An upload to ECR's own API carries up to 20 MiB in base64; nothing that an API takes is larger. */
const MAX_BODY_BYTES = 32 * 1024 * 1024;

const LOOPBACK_HOST = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i;

/**
 * Serves the AWS APIs, the image registry and the control endpoints on one loopback port.
 * @throws UserError('sandboxFailed') when the port cannot be had
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const faults = createFaultSet();
  const control = createControl(options.control, faults);
  const api: ApiOptions = { faults, latency: options.latency, reportFailure: options.reportFailure };
  const ended = new AbortController();

  const route = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url ?? '/';
    // A page in a browser can point a name of its own at 127.0.0.1; only the Host header tells.
    if (!LOOPBACK_HOST.test(request.headers.host ?? '')) {
      send(response, { status: 403, headers: TEXT, body: 'This server answers to loopback names only.\n' });
    } else if (path.startsWith('/_sandbox/')) {
      await control(request, response);
    } else if (path === '/v2' || path.startsWith('/v2/')) {
      await serveRegistry(request, response);
    } else {
      await serveApi(request, response);
    }
  };

  const serveRegistry = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const fault = faults.take('registry');
    if (fault !== undefined && (await disturbRegistry(fault, response))) {
      return;
    }
    await (await options.backend()).registry(request, response);
  };

  const serveApi = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(request, MAX_BODY_BYTES);
    const protocol = protocolOf(request, await options.backend());
    if (body === undefined) {
      const answer = protocol.writeError(
        'RequestEntityTooLargeException',
        `The request is larger than ${MAX_BODY_BYTES} bytes.`,
        {},
        413,
      );
      send(response, { ...answer, headers: { ...answer.headers, connection: 'close' } });
      return;
    }
    const target = request.headers['x-amz-target'];
    const outcome = await answerApiRequest(
      protocol,
      {
        method: request.method ?? '',
        url: request.url ?? '/',
        target: typeof target === 'string' ? target : undefined,
        authorization: request.headers.authorization,
        body,
        signal: AbortSignal.any([ended.signal, signalOf(response)]),
      },
      api,
    );
    switch (outcome.kind) {
      case 'answer':
        return send(response, outcome.answer);
      case 'brokenAnswer':
        return sendHalf(response, outcome.answer);
      case 'drop':
        response.destroy();
    }
  };

  const server = createServer((request, response) => {
    route(request, response).catch((error: unknown) => {
      if (!isCancellation(error) && !request.destroyed) {
        options.reportFailure(`${request.method ?? ''} ${request.url ?? ''}`, error);
      }
      response.destroy();
    });
  });
  // Image layers may take longer than the default allows; and a client's kept connection must not end
  // just as it is used again.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 120_000;
  const port = await listen(server, options.port);
  return {
    port,
    close: () => {
      ended.abort();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
}

const TEXT = { 'content-type': 'text/plain' };

/** The protocols that are spoken here tell each other apart by a form, a header and a path. */
function protocolOf(request: IncomingMessage, { services, sso }: Backend): ApiProtocol {
  if (isSsoRequest(request.method ?? '', request.url ?? '/')) {
    return createSsoProtocol(sso, request.headers);
  }
  if (request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    return createAwsQueryProtocol(services);
  }
  return request.url === '/' || request.headers['x-amz-target'] !== undefined
    ? createAwsJsonProtocol(services)
    : createRestJsonProtocol(services);
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new UserError(
          'sandboxFailed',
          error.code === 'EADDRINUSE'
            ? `Another program listens on the sandbox's port. Choose another port than ${port}.`
            : `The sandbox cannot listen on port ${port}: ${messageOf(error)}`,
          { cause: error },
        ),
      ),
    );
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

/** Aborted when the connection closes before the answer is complete. */
function signalOf(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) {
      gone.abort();
    }
  });
  return gone.signal;
}

/** The whole body; `undefined` when it is larger than allowed. The rest is then read and thrown away. */
async function readBody(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= limit) {
      chunks.push(chunk);
    }
  }
  return size <= limit ? Buffer.concat(chunks) : undefined;
}

function send(response: ServerResponse, answer: ApiAnswer): void {
  const body = Buffer.from(answer.body);
  response.writeHead(answer.status, { ...answer.headers, 'content-length': body.length });
  response.end(body);
}

function sendHalf(response: ServerResponse, answer: ApiAnswer): void {
  const body = Buffer.from(answer.body);
  response.writeHead(answer.status, { ...answer.headers, 'content-length': body.length });
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.destroy());
}

/** True when the fault has answered, or closed the connection. */
async function disturbRegistry(fault: Fault, response: ServerResponse): Promise<boolean> {
  await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
  switch (fault.kind) {
    case 'delay':
      return false;
    case 'drop':
      response.destroy();
      return true;
    case 'throttle':
      sendRegistryError(response, 429, 'TOOMANYREQUESTS', 'Rate exceeded');
      return true;
    case 'expiredToken':
      sendRegistryError(
        response,
        401,
        'UNAUTHORIZED',
        'Your authorization token has expired. Reauthenticate and try again.',
      );
      return true;
    case 'accessDenied':
      sendRegistryError(response, 403, 'DENIED', 'Not authorized');
      return true;
    case 'error':
      sendRegistryError(response, 500, 'UNKNOWN', 'Internal Server Error');
      return true;
  }
}

/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes */
function sendRegistryError(response: ServerResponse, status: number, code: string, message: string): void {
  const body = JSON.stringify({ errors: [{ code, message }] });
  send(response, { status, headers: { 'content-type': 'application/json' }, body });
}
