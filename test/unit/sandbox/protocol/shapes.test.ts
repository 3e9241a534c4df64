import assert from 'node:assert/strict';
import { shapesOf } from '../../../../src/sandbox/protocol/shapes';

describe('the generated shapes', () => {
  it('are of all services, with all their operations', () => {
    for (const [signingName, operation] of [
      ['ecs', 'CreateService'],
      ['ecr', 'UploadLayerPart'],
      ['logs', 'FilterLogEvents'],
      ['sts', 'GetCallerIdentity'],
      ['iam', 'ListRoles'],
      ['secretsmanager', 'ListSecrets'],
      ['ssm', 'DescribeParameters'],
      ['elasticfilesystem', 'DescribeFileSystems'],
    ] as const) {
      assert.ok(operation in shapesOf(signingName).operations, operation);
    }
    assert.throws(() => shapesOf('s3'), /no shapes of s3/);
  });

  it('say how a service is spoken to', () => {
    assert.deepEqual(shapesOf('ssm').protocol, { kind: 'json', targetPrefix: 'AmazonSSM' });
    assert.deepEqual(shapesOf('iam').protocol, {
      kind: 'query',
      xmlNamespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
      version: '2010-05-08',
    });
    const { protocol } = shapesOf('elasticfilesystem');
    assert.deepEqual(protocol.kind === 'rest' && protocol.routes['DescribeAccessPoints'], {
      method: 'GET',
      path: '/2015-02-01/access-points',
      status: 200,
      query: {
        MaxResults: 'MaxResults',
        NextToken: 'NextToken',
        AccessPointId: 'AccessPointId',
        FileSystemId: 'FileSystemId',
      },
    });
  });

  it('name the types of members and what is required of them', () => {
    const { structures } = shapesOf('logs');
    assert.deepEqual(structures['PutLogEventsRequest']?.required, [
      'logGroupName',
      'logStreamName',
      'logEvents',
    ]);
    assert.deepEqual(structures['PutLogEventsRequest'].members['logEvents'], {
      list: { structure: 'InputLogEvent' },
    });
    assert.deepEqual(structures['InputLogEvent'], {
      members: { timestamp: 'number', message: 'string' },
      required: ['timestamp', 'message'],
    });
  });
});
