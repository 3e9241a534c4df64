import { randomUUID } from 'node:crypto';
import type { RequestScope, ServiceDefinition } from '../operation';
import { ACCOUNT_ID } from './account';
import type { ApiAnswer, ApiProtocol } from './apiRequest';
import { QUERY_COMMON_ERRORS } from './commonErrors';
import { type CredentialScope, readCredentialScope, requireScope } from './credentialScope';
import { invoke } from './invoke';
import { readQueryForm } from './queryForm';
import { ServiceError } from './serviceError';
import { shapesOf } from './shapes';
import { writeXml } from './xml';

/**
 * The AWS Query protocol: a posted form with `Action` and `Version`, answered in XML.
 * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export function createAwsQueryProtocol(services: readonly ServiceDefinition[]): ApiProtocol {
  return {
    errors: QUERY_COMMON_ERRORS,
    writeError: (code, message, _members, status) => writeQueryError('', code, message, status),
    read: ({ authorization, body, signal }) => {
      const caller = readQueryCredentials(authorization);
      const parameters = new URLSearchParams(body.toString('utf8'));
      const action = parameters.get('Action') ?? '';
      const version = parameters.get('Version') ?? '';
      const found = findService(services, action, version);
      if (found === undefined) {
        throw new ServiceError(
          'InvalidAction',
          `Could not find operation ${action.slice(0, 100)} for version ${version.slice(0, 20) || 'NO_VERSION_SPECIFIED'}`,
        );
      }
      const { service, xmlNamespace } = found;
      const { signingName } = service;
      requireScope(caller, signingName, 'SignatureDoesNotMatch', 403);
      const scope: RequestScope = { region: caller.region, accountId: ACCOUNT_ID, signal };
      return {
        operation: action,
        action: `${signingName}:${action}`,
        errors: QUERY_COMMON_ERRORS,
        writeError: (code, message, _members, status) => writeQueryError(xmlNamespace, code, message, status),
        carryOut: async () => {
          const input = readQueryForm(parameters, action, shapesOf(signingName));
          return writeQuery(xmlNamespace, action, await invoke(service, action, input, scope));
        },
      };
    },
  };
}

function findService(
  services: readonly ServiceDefinition[],
  action: string,
  version: string,
): { readonly service: ServiceDefinition; readonly xmlNamespace: string } | undefined {
  for (const service of services) {
    const { protocol, operations } = shapesOf(service.signingName);
    if (protocol.kind === 'query' && protocol.version === version && Object.hasOwn(operations, action)) {
      return { service, xmlNamespace: protocol.xmlNamespace };
    }
  }
  return undefined;
}

/** The Query protocol's names have no "Exception" at their end. */
function readQueryCredentials(authorization: string | undefined): CredentialScope {
  try {
    return readCredentialScope(authorization);
  } catch (error) {
    throw error instanceof ServiceError
      ? new ServiceError(error.code.replace(/Exception$/, ''), error.message, {}, 403)
      : error;
  }
}

function writeQuery(xmlNamespace: string, action: string, result: object): ApiAnswer {
  const requestId = randomUUID();
  const content = { [`${action}Result`]: result, ResponseMetadata: { RequestId: requestId } };
  return {
    status: 200,
    headers: xmlHeaders(requestId),
    body: writeXml(`${action}Response`, content, ` xmlns="${xmlNamespace}"`),
  };
}

function writeQueryError(xmlNamespace: string, code: string, message: string, status: number): ApiAnswer {
  const requestId = randomUUID();
  const content = {
    Error: { Type: status < 500 ? 'Sender' : 'Receiver', Code: code, Message: message },
    RequestId: requestId,
  };
  return {
    status,
    headers: xmlHeaders(requestId),
    body: writeXml('ErrorResponse', content, xmlNamespace === '' ? '' : ` xmlns="${xmlNamespace}"`),
  };
}

function xmlHeaders(requestId: string): Record<string, string> {
  return { 'content-type': 'text/xml', 'x-amzn-requestid': requestId };
}
