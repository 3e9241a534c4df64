import assert from 'node:assert/strict';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as ecr from '@aws-sdk/client-ecr';
import * as ecs from '@aws-sdk/client-ecs';
import * as efs from '@aws-sdk/client-efs';
import * as elb from '@aws-sdk/client-elastic-load-balancing-v2';
import * as iam from '@aws-sdk/client-iam';
import * as secrets from '@aws-sdk/client-secrets-manager';
import * as ssm from '@aws-sdk/client-ssm';
import { onlyReads } from '../../../src/aws/readingOperations';

describe('operations that are known to change nothing', () => {
  for (const operation of [
    'DescribeServices',
    'ListTasks',
    'BatchGetImage',
    'FilterLogEvents',
    'GetRole',
    'StartLifecyclePolicyPreview',
  ]) {
    it(`have ${operation} among them`, () => assert.equal(onlyReads(operation), true));
  }

  for (const operation of [
    'UpdateService',
    'ExecuteCommand',
    'PutImage',
    'PutLifecyclePolicy',
    'DeleteLifecyclePolicy',
    'StartImageScan',
    'TagResource',
    'GetAuthorizationToken',
    'Unknown',
    '',
  ]) {
    it(`do not have ${operation || 'what has no name'} among them`, () => {
      assert.equal(onlyReads(operation), false);
    });
  }

  it('have none of any service whose name says that it changes something', () => {
    const operations = [logs, ecr, ecs, efs, elb, iam, secrets, ssm].flatMap((sdk) =>
      Object.keys(sdk).flatMap((name) =>
        name.endsWith('Command') ? [name.slice(0, -'Command'.length)] : [],
      ),
    );
    assert.ok(operations.length > 400, String(operations.length));
    const changing =
      /Put|Create|Delete|Update|Modify|Register|Run|Stop|Tag|Untag|Attach|Detach|Add|Remove|Set|Send|Execute|Submit|Upload|Initiate|Complete|Associate|Reset|Restore|Rotate|Cancel|Enable|Disable/;
    assert.deepEqual(
      // What follows the verb may be anything: ListTagsForResource reads.
      operations.filter((name) => onlyReads(name) && changing.test(/^[A-Z][a-z]+/.exec(name)?.[0] ?? '')),
      [],
    );
  });
});
