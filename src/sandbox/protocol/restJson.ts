import { randomUUID } from 'node:crypto';
import { isObject } from '../../base/isObject';
import type { RequestScope, ServiceDefinition } from '../operation';
import { ACCOUNT_ID } from './account';
import type { ApiAnswer, ApiProtocol } from './apiRequest';
import { parseJson } from './awsJson';
import { REST_COMMON_ERRORS } from './commonErrors';
import { readCredentialScope, requireScope } from './credentialScope';
import { invoke } from './invoke';
import { splitRequestUrl } from './requestUrl';
import { ServiceError } from './serviceError';
import { type Route, shapesOf, type TypeRef } from './shapes';

interface RoutedRequest {
  readonly service: ServiceDefinition;
  readonly operation: string;
  readonly route: Route;
  /** Members that stand in the path. */
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * The AWS REST JSON protocol: the operation in method and path, other members in the query and in JSON.
 * https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html
 */
export function createRestJsonProtocol(services: readonly ServiceDefinition[]): ApiProtocol {
  return {
    errors: REST_COMMON_ERRORS,
    writeError: writeRestError,
    read: ({ method, url, authorization, body, signal }) => {
      const credential = readCredentialScope(authorization);
      const { path, query } = splitRequestUrl(url);
      const found = findRoute(services, method, path);
      if (found === undefined) {
        throw new ServiceError(
          'UnknownOperationException',
          `There is no such operation: ${method} ${path.slice(0, 200)}`,
          {},
          404,
        );
      }
      const { service, operation, route, labels } = found;
      const { signingName } = service;
      requireScope(credential, signingName, 'InvalidSignatureException', 403);
      const scope: RequestScope = { region: credential.region, accountId: ACCOUNT_ID, signal };
      return {
        operation,
        action: `${signingName}:${operation}`,
        errors: REST_COMMON_ERRORS,
        writeError: writeRestError,
        carryOut: async () => {
          const members = parseJson(body);
          const input = isObject(members)
            ? { ...members, ...readQuery(query, signingName, operation, route), ...labels }
            : members;
          return writeRest(route.status, await invoke(service, operation, input, scope));
        },
      };
    },
  };
}

function findRoute(
  services: readonly ServiceDefinition[],
  method: string,
  path: string,
): RoutedRequest | undefined {
  for (const service of services) {
    const { protocol } = shapesOf(service.signingName);
    for (const [operation, route] of protocol.kind === 'rest' ? Object.entries(protocol.routes) : []) {
      const labels = route.method === method ? matchPath(route.path, path) : undefined;
      if (labels !== undefined) {
        return { service, operation, route, labels };
      }
    }
  }
  return undefined;
}

/** The members that stand in the path, when the template is that of the path. */
function matchPath(template: string, path: string): Record<string, string> | undefined {
  const wanted = withoutSlash(template).split('/');
  const given = withoutSlash(path).split('/');
  if (wanted.length !== given.length) {
    return undefined;
  }
  const labels: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const label = /^\{(\w+)\}$/.exec(segment)?.[1];
    const text = given[index] ?? '';
    if (label !== undefined && text !== '') {
      labels[label] = decode(text);
    } else if (segment !== text) {
      return undefined;
    }
  }
  return labels;
}

function withoutSlash(path: string): string {
  return path.replace(/\/$/, '');
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** A value that is not of its member's type stays text, for the validation to refuse. */
function readQuery(
  parameters: URLSearchParams,
  signingName: string,
  operation: string,
  route: Route,
): Record<string, unknown> {
  const { operations, structures } = shapesOf(signingName);
  const types: Readonly<Record<string, TypeRef>> = structures[operations[operation] ?? '']?.members ?? {};
  const input: Record<string, unknown> = {};
  for (const [member, name] of Object.entries(route.query)) {
    const text = parameters.get(name);
    if (text !== null) {
      const number = types[member] === 'number' && text.trim() !== '' ? Number(text) : NaN;
      input[member] = Number.isNaN(number) ? text : number;
    }
  }
  return input;
}

/** What an operation has answered, with the HTTP status that its shape declares. */
export function writeRest(status: number, output: object): ApiAnswer {
  // 204 is an answer without a body.
  return { status, headers: restHeaders(), body: status === 204 ? '' : JSON.stringify(output) };
}

/** EFS's errors have the code in the body as well. */
function writeRestError(
  code: string,
  message: string,
  members: Readonly<Record<string, unknown>>,
  status: number,
): ApiAnswer {
  return {
    status,
    headers: { ...restHeaders(), 'x-amzn-errortype': code },
    body: JSON.stringify({ ErrorCode: code, Message: message, message, ...members }),
  };
}

/** The headers of an answer or an error, with a new request id. */
export function restHeaders(): Record<string, string> {
  return { 'content-type': 'application/json', 'x-amzn-requestid': randomUUID() };
}
