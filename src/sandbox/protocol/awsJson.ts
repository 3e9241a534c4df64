import { randomUUID } from 'node:crypto';
import type { RequestScope, ServiceDefinition } from '../operation';
import { ACCOUNT_ID } from './account';
import type { ApiAnswer, ApiProtocol } from './apiRequest';
import { jsonCommonErrors } from './commonErrors';
import { readCredentialScope, requireScope } from './credentialScope';
import { invoke } from './invoke';
import { ServiceError } from './serviceError';
import { shapesOf } from './shapes';

const CONTENT_TYPE = 'application/x-amz-json-1.1';

/**
 * The AWS JSON 1.1 protocol: the operation in `X-Amz-Target`, JSON both ways.
 * https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */
export function createAwsJsonProtocol(services: readonly ServiceDefinition[]): ApiProtocol {
  const find = (prefix: string): ServiceDefinition | undefined =>
    services.find(({ signingName }) => {
      const { protocol } = shapesOf(signingName);
      return protocol.kind === 'json' && protocol.targetPrefix === prefix;
    });
  return {
    errors: jsonCommonErrors(''),
    writeError: writeJsonError,
    read: ({ method, target = '', authorization, body, signal }) => {
      if (method !== 'POST') {
        throw new ServiceError(
          'UnknownOperationException',
          `Operations are called by POST, not ${method}.`,
          {},
          404,
        );
      }
      const credential = readCredentialScope(authorization);
      const [prefix = '', operation = ''] = target.split('.');
      const service = find(prefix);
      if (service === undefined || !Object.hasOwn(shapesOf(service.signingName).operations, operation)) {
        throw new ServiceError(
          'UnknownOperationException',
          `There is no such operation: ${target.slice(0, 200)}`,
        );
      }
      const { signingName } = service;
      requireScope(credential, signingName, 'InvalidSignatureException', 400);
      const scope: RequestScope = { region: credential.region, accountId: ACCOUNT_ID, signal };
      return {
        operation,
        action: `${signingName}:${operation}`,
        errors: jsonCommonErrors(signingName),
        writeError: writeJsonError,
        carryOut: async () => writeJson(await invoke(service, operation, parseJson(body), scope)),
      };
    },
  };
}

/**
 * A request's body; none is an empty object.
 * @throws ServiceError SerializationException
 */
export function parseJson(body: Buffer): unknown {
  if (body.length === 0) {
    return {};
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as unknown;
  } catch {
    throw new ServiceError('SerializationException', 'The request body is not valid JSON');
  }
}

function writeJson(output: object): ApiAnswer {
  return { status: 200, headers: jsonHeaders(), body: JSON.stringify(output) };
}

function writeJsonError(
  code: string,
  message: string,
  members: Readonly<Record<string, unknown>>,
  status: number,
): ApiAnswer {
  return {
    status,
    headers: { ...jsonHeaders(), 'x-amzn-errortype': code },
    body: JSON.stringify({ __type: code, message, ...members }),
  };
}

function jsonHeaders(): Record<string, string> {
  return { 'content-type': CONTENT_TYPE, 'x-amzn-requestid': randomUUID() };
}
