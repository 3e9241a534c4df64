import { randomUUID } from 'node:crypto';
import type { ApiAnswer, ApiProtocol } from './apiRequest';
import { QUERY_COMMON_ERRORS } from './commonErrors';
import { type CredentialScope, readCredentialScope } from './credentialScope';
import { ServiceError } from './serviceError';

/** A service of the Query protocol with operations that give text members only, which is all STS needs here. */
export interface QueryService {
  /** As in the scope of a signature: "sts". */
  readonly signingName: string;
  readonly version: string;
  readonly xmlNamespace: string;
  readonly operations: Readonly<Record<string, () => Readonly<Record<string, string>>>>;
}

/**
 * The AWS Query protocol: a posted form with `Action` and `Version`, answered in XML.
 * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export function createAwsQueryProtocol(service: QueryService): ApiProtocol {
  return {
    errors: QUERY_COMMON_ERRORS,
    writeError: (code, message, _members, status) => writeQueryError(service, code, message, status),
    read: ({ authorization, body }) => {
      const caller = readQueryCredentials(authorization);
      const parameters = new URLSearchParams(body.toString('utf8'));
      const action = parameters.get('Action') ?? '';
      const version = parameters.get('Version') ?? '';
      const operation = Object.hasOwn(service.operations, action) ? service.operations[action] : undefined;
      if (operation === undefined || version !== service.version) {
        throw new ServiceError(
          'InvalidAction',
          `Could not find operation ${action.slice(0, 100)} for version ${version.slice(0, 20) || 'NO_VERSION_SPECIFIED'}`,
        );
      }
      if (caller.service !== service.signingName) {
        throw new ServiceError(
          'SignatureDoesNotMatch',
          `Credential should be scoped to correct service: '${service.signingName}'.`,
          {},
          403,
        );
      }
      return {
        operation: action,
        action: `${service.signingName}:${action}`,
        errors: QUERY_COMMON_ERRORS,
        carryOut: () => Promise.resolve(writeQuery(service, action, operation())),
      };
    },
  };
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

function writeQuery(
  service: QueryService,
  action: string,
  result: Readonly<Record<string, string>>,
): ApiAnswer {
  const requestId = randomUUID();
  const members = Object.entries(result).map(([name, value]) => element(name, escapeXml(value)));
  return {
    status: 200,
    headers: xmlHeaders(requestId),
    body:
      `<${action}Response xmlns="${service.xmlNamespace}">` +
      element(`${action}Result`, members.join('')) +
      element('ResponseMetadata', element('RequestId', requestId)) +
      `</${action}Response>`,
  };
}

function writeQueryError(service: QueryService, code: string, message: string, status: number): ApiAnswer {
  const requestId = randomUUID();
  const error =
    element('Type', status < 500 ? 'Sender' : 'Receiver') +
    element('Code', code) +
    element('Message', escapeXml(message));
  return {
    status,
    headers: xmlHeaders(requestId),
    body:
      `<ErrorResponse xmlns="${service.xmlNamespace}">` +
      element('Error', error) +
      element('RequestId', requestId) +
      '</ErrorResponse>',
  };
}

function xmlHeaders(requestId: string): Record<string, string> {
  return { 'content-type': 'text/xml', 'x-amzn-requestid': requestId };
}

function element(name: string, content: string): string {
  return `<${name}>${content}</${name}>`;
}

const XML_ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => XML_ESCAPES[character] ?? character);
}
