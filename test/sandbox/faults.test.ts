import assert from 'node:assert/strict';
import {
  CreateLogGroupCommand,
  DescribeLogGroupsCommand,
  ServiceUnavailableException,
  ThrottlingException,
} from '@aws-sdk/client-cloudwatch-logs';
import { DescribeRepositoriesCommand, ServerException as EcrServerException } from '@aws-sdk/client-ecr';
import { ListClustersCommand, ServerException as EcsServerException } from '@aws-sdk/client-ecs';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { startTestSandbox, useSandbox } from '../support/sandboxClients';

describe('the faults of the sandbox', () => {
  const sandbox = useSandbox();
  const describeGroups = (): Promise<unknown> => sandbox.logs.send(new DescribeLogGroupsCommand({}));
  const identify = (): Promise<unknown> => sandbox.sts.send(new GetCallerIdentityCommand({}));
  const add = (fault: object): Promise<unknown> => sandbox.control('POST', 'faults', fault);

  afterEach(() => sandbox.control('DELETE', 'faults'));

  it('throttle in each service’s way', async () => {
    await add({ operation: '*', kind: 'throttle' });
    await assert.rejects(
      describeGroups(),
      (error) => error instanceof ThrottlingException && error.message === 'Rate exceeded',
    );
    await assert.rejects(identify(), { name: 'Throttling', message: 'Rate exceeded' });
  });

  it('hit only the operation that they name, as often as they say', async () => {
    await add({ operation: 'DescribeLogGroups', kind: 'throttle', count: 2 });
    await identify();
    await assert.rejects(describeGroups());
    await assert.rejects(describeGroups());
    await describeGroups();
  });

  it('are overcome by a client that retries', async () => {
    await add({ operation: 'DescribeLogGroups', kind: 'throttle', count: 1 });
    await add({ operation: 'DescribeLogGroups', kind: 'drop', count: 1 });
    const { logs } = sandbox.clients({ maxAttempts: 3 });
    const { $metadata } = await logs.send(new DescribeLogGroupsCommand({}));
    assert.equal($metadata.attempts, 3);
  });

  it('give the service’s own failure', async () => {
    await add({ operation: '*', kind: 'error' });
    await assert.rejects(describeGroups(), (error) => {
      assert.ok(error instanceof ServiceUnavailableException);
      assert.equal(error.$metadata.httpStatusCode, 500);
      return true;
    });
    await assert.rejects(identify(), { name: 'InternalFailure' });
    await assert.rejects(sandbox.ecs.send(new ListClustersCommand({})), EcsServerException);
    await assert.rejects(sandbox.ecr.send(new DescribeRepositoriesCommand({})), EcrServerException);
  });

  it('expire and refuse credentials', async () => {
    await add({ operation: '*', kind: 'expiredToken', count: 2 });
    await assert.rejects(describeGroups(), { name: 'ExpiredTokenException' });
    await assert.rejects(identify(), { name: 'ExpiredToken' });
    await add({ operation: '*', kind: 'accessDenied', count: 1 });
    await assert.rejects(describeGroups(), {
      name: 'AccessDeniedException',
      message: /is not authorized to perform: logs:DescribeLogGroups/,
    });
  });

  it('drop the connection before anything is done', async () => {
    await add({ operation: 'CreateLogGroup', kind: 'drop', count: 1 });
    const create = (): Promise<unknown> =>
      sandbox.logs.send(new CreateLogGroupCommand({ logGroupName: 'dropped-before' }));
    await assert.rejects(create(), { code: 'ECONNRESET' });
    await create();
  });

  it('drop the connection in the middle of the answer, after it was done', async () => {
    await sandbox.logs.send(new CreateLogGroupCommand({ logGroupName: 'some' }));
    await add({ operation: '*', kind: 'drop', when: 'during', count: 2 });
    await assert.rejects(describeGroups());
    const create = (): Promise<unknown> =>
      sandbox.logs.send(new CreateLogGroupCommand({ logGroupName: 'dropped-during' }));
    await assert.rejects(create());
    await assert.rejects(create(), { name: 'ResourceAlreadyExistsException' });
  });

  it('delay the answer', async () => {
    await add({ operation: 'DescribeLogGroups', kind: 'delay', delayMs: 300 });
    const before = performance.now();
    await describeGroups();
    assert.ok(performance.now() - before >= 295);
  });

  it('hit with a probability', async () => {
    await add({ operation: 'DescribeLogGroups', kind: 'throttle', probability: 0.5 });
    const results = await Promise.allSettled(Array.from({ length: 100 }, describeGroups));
    const refused = results.filter(({ status }) => status === 'rejected').length;
    assert.ok(refused > 15 && refused < 85, `${refused} of 100`);
    await sandbox.control('DELETE', 'faults');
    await add({ operation: '*', kind: 'throttle', probability: 0 });
    await describeGroups();
  });

  it('reach the registry by its name, and only by that', async () => {
    const ask = (): Promise<Response> => fetch(`${sandbox.endpoint}/v2/`);
    await add({ operation: '*', kind: 'throttle' });
    assert.notEqual((await ask()).status, 429);
    await add({ operation: 'registry', kind: 'throttle', count: 1 });
    assert.equal((await ask()).status, 429);
    await add({ operation: 'registry', kind: 'drop', count: 1 });
    await assert.rejects(ask());
  });

  it('are listed, and gone when they are cleared', async () => {
    await add({ operation: 'X', kind: 'throttle', count: 3 });
    const listed = (await sandbox.control('GET', 'info')) as { faults: object[] };
    assert.deepEqual(listed.faults, [
      { operation: 'X', kind: 'throttle', probability: 1, skip: 0, count: 3, delayMs: 0, when: 'before' },
    ]);
    await sandbox.control('DELETE', 'faults');
    assert.deepEqual(((await sandbox.control('GET', 'info')) as { faults: object[] }).faults, []);
  });

  for (const fault of [
    {},
    { operation: 'X' },
    { operation: 'X', kind: 'explode' },
    { operation: '', kind: 'drop' },
    { operation: 'X', kind: 'drop', probability: 2 },
    { operation: 'X', kind: 'drop', skip: -1 },
    { operation: 'X', kind: 'drop', count: 0 },
    { operation: 'X', kind: 'delay', delayMs: -1 },
    { operation: 'X', kind: 'drop', when: 'after' },
  ]) {
    it(`are refused as ${JSON.stringify(fault)}`, () => assert.rejects(add(fault), /400/));
  }
});

describe('the latency of the sandbox', () => {
  it('is what every call takes at least', async () => {
    const sandbox = await startTestSandbox({ latency: 200 });
    try {
      const before = performance.now();
      await sandbox.sts.send(new GetCallerIdentityCommand({}));
      assert.ok(performance.now() - before >= 195);
    } finally {
      await sandbox.close();
    }
  });
});
