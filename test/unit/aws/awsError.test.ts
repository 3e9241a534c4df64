import assert from 'node:assert/strict';
import { toUserError } from '../../../src/aws/awsError';
import type { AwsContext } from '../../../src/aws/context';
import { UserError, type ErrorReason } from '../../../src/base/errors';

const context: AwsContext = {
  label: 'work',
  source: { kind: 'profile', profile: 'work' },
  region: 'eu-central-1',
};

function exception(name: string, message: string, more: object = {}): Error {
  return Object.assign(new Error(message), { name }, more);
}

describe('an SDK exception in a user’s terms', () => {
  const table: Readonly<Partial<Record<ErrorReason, readonly string[]>>> = {
    credentialsExpired: ['ExpiredTokenException', 'ExpiredToken', 'RequestExpired'],
    credentialsMissing: [
      'CredentialsProviderError',
      'UnrecognizedClientException',
      'InvalidClientTokenId',
      'InvalidSignatureException',
      'SignatureDoesNotMatch',
    ],
    accessDenied: ['AccessDeniedException', 'AccessDenied', 'UnauthorizedException'],
    throttled: ['ThrottlingException', 'TooManyRequestsException', 'RequestLimitExceeded', 'Throttling'],
    notFound: [
      'RepositoryNotFoundException',
      'ImageNotFoundException',
      'ClusterNotFoundException',
      'ServiceNotFoundException',
      'ResourceNotFoundException',
    ],
    alreadyExists: [
      'RepositoryAlreadyExistsException',
      'ImageTagAlreadyExistsException',
      'ResourceAlreadyExistsException',
    ],
    conflict: [
      'RepositoryNotEmptyException',
      'ClusterContainsServicesException',
      'ClusterContainsTasksException',
      'UpdateInProgressException',
      'ServiceNotActiveException',
    ],
    serviceUnavailable: ['ServerException', 'InternalFailure', 'ServiceUnavailableException'],
    requestRefused: [
      'InvalidParameterException',
      'ClientException',
      'ValidationException',
      'LimitExceededException',
    ],
    endpointUnreachable: ['TimeoutError'],
    cancelled: ['AbortError'],
  };
  for (const [reason, names] of Object.entries(table)) {
    for (const name of names) {
      it(`takes ${name} as ${reason}`, () => {
        assert.equal(toUserError(exception(name, 'No.'), 'list the clusters', context).reason, reason);
      });
    }
  }

  for (const code of ['ECONNREFUSED', 'ENOTFOUND', 'ECONNRESET', 'ETIMEDOUT', 'CERT_HAS_EXPIRED']) {
    it(`takes the code ${code} as endpointUnreachable, and names it`, () => {
      const error = toUserError(exception('AggregateError', '', { code }), 'list the clusters', context);
      assert.equal(error.reason, 'endpointUnreachable');
      assert.ok(error.message.includes(code), error.message);
    });
  }

  it('takes an unknown exception by its HTTP status', () => {
    const failure = { $metadata: { httpStatusCode: 503 } };
    assert.equal(toUserError(exception('Odd', 'No.', failure), 'x', context).reason, 'serviceUnavailable');
    const refusal = { $metadata: { httpStatusCode: 400 } };
    assert.equal(toUserError(exception('Odd', 'No.', refusal), 'x', context).reason, 'requestRefused');
  });

  it('tells a sign-in that has run out from one that never was', () => {
    const expired = exception('CredentialsProviderError', 'The SSO session ... has expired. Refresh it.');
    assert.equal(toUserError(expired, 'x', context).reason, 'credentialsExpired');
  });

  it('names operation, context, cause and the next step', () => {
    const error = toUserError(
      exception('AccessDeniedException', 'not authorized to perform: ecs:ListClusters'),
      'list the clusters',
      context,
    );
    assert.equal(
      error.message,
      'Could not list the clusters (work · eu-central-1): not permitted. Ask for this permission to be added: ' +
        'AccessDeniedException: not authorized to perform: ecs:ListClusters',
    );
  });

  it('leaves a UserError as it is', () => {
    const error = new UserError('notFound', 'No such thing.');
    assert.equal(toUserError(error, 'x', context), error);
  });

  it('says of an endpoint without identity that it must be started', () => {
    const sandbox: AwsContext = {
      label: 'Local Sandbox',
      source: { kind: 'static', accessKeyId: 'a', secretAccessKey: 'b' },
      region: 'us-east-1',
      endpoint: 'http://127.0.0.1:4800',
    };
    const error = toUserError(exception('Error', 'connect', { code: 'ECONNREFUSED' }), 'list', sandbox);
    assert.equal(error.action, 'startSandbox');
    assert.match(error.message, /Local Sandbox does not run at http:\/\/127\.0\.0\.1:4800/);
  });

  it('gives away neither the session token that a refused signature covers, nor a program’s arguments', () => {
    const refused = exception(
      'InvalidSignatureException',
      'The request signature we calculated does not match the signature you provided.\n\n' +
        "The Canonical String for this request should have been\n'POST\n/\n\nx-amz-security-token:SESSIONTOKEN'",
    );
    const failed = exception(
      'CredentialsProviderError',
      'Command failed: /opt/keys --password SESAME\nkeys: no such user\n',
    );
    const texts = [refused, failed].map((error) => {
      const told = toUserError(error, 'x', context);
      return `${told.message} ${String(told.cause)}`;
    });
    assert.doesNotMatch(texts.join(), /SESSIONTOKEN|SESAME/);
    assert.match(texts[0] ?? '', /does not match the signature/);
    assert.match(texts[1] ?? '', /credential_process failed\. keys: no such user/);
  });
});
