import { randomUUID } from 'node:crypto';
import type { OperationHandler, RequestScope, ServiceDefinition } from '../operation';
import { ACCOUNT_ID } from './account';
import type { ApiAnswer, ApiProtocol } from './apiRequest';
import { jsonCommonErrors } from './commonErrors';
import { readCredentialScope } from './credentialScope';
import { validateInput } from './inputValidation';
import { ServiceError } from './serviceError';
import { SERVICE_SHAPES } from './shapes';

const CONTENT_TYPE = 'application/x-amz-json-1.1';

/**
 * The AWS JSON 1.1 protocol: the operation in `X-Amz-Target`, JSON both ways.
 * https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */
export function createAwsJsonProtocol(services: readonly ServiceDefinition[]): ApiProtocol {
  const byPrefix = new Map(services.map((service) => [service.targetPrefix, service]));
  return {
    errors: jsonCommonErrors(''),
    writeError: writeJsonError,
    read: ({ target = '', authorization, body, signal }) => {
      const credential = readCredentialScope(authorization);
      const [prefix = '', operation = ''] = target.split('.');
      const service = byPrefix.get(prefix);
      const shapes = SERVICE_SHAPES[prefix];
      if (service === undefined || shapes === undefined || !Object.hasOwn(shapes.operations, operation)) {
        throw new ServiceError(
          'UnknownOperationException',
          `There is no such operation: ${target.slice(0, 200)}`,
        );
      }
      if (credential.service !== shapes.signingName) {
        throw new ServiceError(
          'InvalidSignatureException',
          `Credential should be scoped to correct service: '${shapes.signingName}'.`,
        );
      }
      const scope: RequestScope = { region: credential.region, accountId: ACCOUNT_ID, signal };
      return {
        operation,
        action: `${shapes.signingName}:${operation}`,
        errors: jsonCommonErrors(shapes.signingName),
        carryOut: async () => writeJson(await invoke(service, operation, parseBody(body), scope)),
      };
    },
  };
}

/**
 * Carries out an operation on input that nobody has checked yet.
 * @throws ServiceError in the service's terms
 */
export async function invoke(
  service: ServiceDefinition,
  operation: string,
  input: unknown,
  scope: RequestScope,
): Promise<object> {
  const shapes = SERVICE_SHAPES[service.targetPrefix];
  const handler: OperationHandler | undefined = Object.hasOwn(service.operations, operation)
    ? service.operations[operation]
    : undefined;
  if (shapes === undefined || handler === undefined) {
    throw new ServiceError(
      'NotImplementedException',
      `The sandbox does not serve this operation: ${operation}`,
      {},
      501,
    );
  }
  return handler(validateInput(input, operation, shapes, missingMemberCode(operation)), scope);
}

/** What the services give for an absent required member; of ECS, RegisterTaskDefinition has its own. */
function missingMemberCode(operation: string): string {
  return operation === 'RegisterTaskDefinition' ? 'ClientException' : 'InvalidParameterException';
}

function parseBody(body: Buffer): unknown {
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
