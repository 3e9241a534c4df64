import type { IncomingHttpHeaders } from 'node:http';
import type { ApiAnswer, ApiProtocol } from '../protocol/apiRequest';
import { REST_COMMON_ERRORS } from '../protocol/commonErrors';
import { splitRequestUrl } from '../protocol/requestUrl';
import { restHeaders, writeRest } from '../protocol/restJson';
import { ServiceError } from '../protocol/serviceError';
import type { SsoDirectory } from './ssoDirectory';

/** What one path does: the operation's name, for faults, and what it answers. */
interface SsoRoute {
  readonly operation: string;
  answer(directory: SsoDirectory, request: SsoRequest): ApiAnswer;
}

interface SsoRequest {
  readonly query: URLSearchParams;
  /** Where the client reached the sandbox. */
  readonly origin: string;
  readonly bearer: string;
  readonly input: () => Readonly<Record<string, unknown>>;
}

const ROUTES: Readonly<Record<string, SsoRoute>> = {
  'POST /client/register': {
    operation: 'RegisterClient',
    answer: (directory, { input }) => writeRest(200, directory.registerClient(input())),
  },
  'POST /device_authorization': {
    operation: 'StartDeviceAuthorization',
    answer: (directory, { input, origin }) =>
      writeRest(200, directory.startDeviceAuthorization(input(), origin)),
  },
  'POST /token': {
    operation: 'CreateToken',
    answer: (directory, { input }) => writeRest(200, directory.createToken(input())),
  },
  'GET /federation/credentials': {
    operation: 'GetRoleCredentials',
    answer: (directory, { query, bearer }) => writeRest(200, directory.getRoleCredentials(query, bearer)),
  },
  'GET /authorize': {
    operation: 'Authorize',
    answer: (directory, { query }) => ({
      status: 302,
      headers: { location: directory.authorize(query) },
      body: '',
    }),
  },
  'GET /device': {
    operation: 'ApproveDevice',
    answer: (directory, { query }) =>
      directory.approveDevice(query.get('user_code') ?? '')
        ? page(200, 'Signed in to the local sandbox. You can close this window.')
        : page(404, 'The local sandbox knows no such code.'),
  },
};

function routeOf(method: string, url: string): SsoRoute | undefined {
  const route = `${method} ${splitRequestUrl(url).path}`;
  return Object.hasOwn(ROUTES, route) ? ROUTES[route] : undefined;
}

/** True for what SSO-OIDC, the access portal, or the pages of a sign-in answer. */
export function isSsoRequest(method: string, url: string): boolean {
  return routeOf(method, url) !== undefined;
}

/**
 * The REST JSON of SSO-OIDC and of the access portal, whose requests nobody signs: a secret in the body, or a bearer
 * token in a header, is what they are let in by. And the two pages that a browser opens in between.
 */
export function createSsoProtocol(directory: SsoDirectory, headers: IncomingHttpHeaders): ApiProtocol {
  return {
    errors: REST_COMMON_ERRORS,
    writeError,
    read: ({ method, url, body }) => {
      const route = routeOf(method, url);
      if (!route) {
        throw new ServiceError('InvalidRequestException', 'There is no such operation.', {}, 404);
      }
      const bearer = headers['x-amz-sso_bearer_token'];
      const request: SsoRequest = {
        query: splitRequestUrl(url).query,
        origin: `http://${headers.host ?? ''}`,
        bearer: typeof bearer === 'string' ? bearer : '',
        input: () => parse(body),
      };
      return {
        operation: route.operation,
        action: `sso-oauth:${route.operation}`,
        errors: REST_COMMON_ERRORS,
        writeError,
        carryOut: () => Promise.resolve(route.answer(directory, request)),
      };
    },
  };
}

function parse(body: Buffer): Readonly<Record<string, unknown>> {
  try {
    const value = JSON.parse(body.toString('utf8')) as unknown;
    if (typeof value === 'object' && value !== null) {
      return value as Record<string, unknown>;
    }
  } catch {
    // Said below.
  }
  throw new ServiceError('InvalidRequestException', 'The request is not valid JSON', {
    error: 'invalid_request',
  });
}

function page(status: number, text: string): ApiAnswer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: `${text}\n` };
}

/** Unlike EFS's errors, these have no code in the body: clients expect what OAuth has there. */
function writeError(
  code: string,
  message: string,
  members: Readonly<Record<string, unknown>>,
  status: number,
): ApiAnswer {
  return {
    status,
    headers: { ...restHeaders(), 'x-amzn-errortype': code },
    body: JSON.stringify({ message, ...members }),
  };
}
