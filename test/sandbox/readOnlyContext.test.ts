import assert from 'node:assert/strict';
import type { AwsContext } from '../../src/aws/context';
import type { Change } from '../../src/aws/contextAccess';
import { SessionPool, type AwsSession } from '../../src/aws/session';
import { UserError } from '../../src/base/errors';
import { useAwsHome } from '../support/awsHome';
import { CredentialSources } from '../support/credentialSources';

type Method = (...args: unknown[]) => unknown;

/** Every method of every gateway of a session, whichever there are by now. */
function methodsOf(session: AwsSession): [string, Method][] {
  return Object.entries(session).flatMap(([gateway, members]: [string, unknown]) =>
    typeof members === 'object' && members !== null && 'dispose' in members
      ? Object.entries(members).flatMap(([name, method]): [string, Method][] =>
          typeof method === 'function' && name !== 'dispose'
            ? [[`${gateway}.${name}`, method as Method]]
            : [],
        )
      : [],
  );
}

/** Calls a method with arguments that pass for what it takes, and waits until it has done what it does with them. */
async function attempt(method: Method): Promise<void> {
  const input = { cluster: 'web', service: 'web', group: 'web', stream: 'web' };
  for (const first of ['web', input, ['web']]) {
    try {
      const outcome = method(first, ['web'], 'web');
      await (isGenerator(outcome) ? outcome.next() : outcome);
    } catch {
      // Most answers are not those of the service: what was asked is what counts.
    }
  }
}

function isGenerator(value: unknown): value is AsyncGenerator {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

describe('a context in which nothing may be changed', () => {
  const home = useAwsHome();
  const context: AwsContext = {
    label: 'prod',
    source: { kind: 'static', accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example' },
    region: 'eu-central-1',
  };
  let sources: CredentialSources;
  let endpoint: string;

  beforeEach(async () => {
    sources = new CredentialSources();
    endpoint = await sources.open();
    home.files({});
  });
  afterEach(() => sources.close());

  const callAll = async (allow: boolean): Promise<string[]> => {
    const changes: string[] = [];
    const pool = new SessionPool({
      allowChange: async (_context, { operation }: Change) => {
        changes.push(operation);
        if (!allow) {
          throw new UserError('accessDenied', 'No.');
        }
      },
    });
    const methods = methodsOf(pool.get({ ...context, endpoint }));
    assert.ok(methods.length > 40, String(methods.length));
    for (const [, method] of methods) {
      await attempt(method);
    }
    pool.dispose();
    return changes;
  };

  it('sends AWS nothing but what reads, whatever method of whatever gateway is called', async () => {
    const refused = await callAll(false);
    const sent = sources.calls.map(({ operation }) => operation);
    // EFS has its operations in the path.
    const changing = sent.filter(
      (operation) =>
        !/^(BatchGet|Describe|Filter|Get|List|Simulate|StartLifecyclePolicyPreview$|GET )/.test(operation),
    );
    assert.deepEqual(changing, []);
    assert.ok(!sent.includes('GetAuthorizationToken'), 'what an engine could push with is not handed out');
    for (const operation of [
      'UpdateService',
      'BatchDeleteImage',
      'PutLifecyclePolicy',
      'DeleteRepositoryPolicy',
      'StartImageScan',
      'StopTask',
      'GetAuthorizationToken',
    ]) {
      assert.ok(refused.includes(operation), operation);
    }
  });

  it('is the only one of which that is so', async () => {
    await callAll(true);
    const sent = sources.calls.map(({ operation }) => operation);
    for (const operation of ['UpdateService', 'DeleteCluster', 'StopTask', 'GetAuthorizationToken']) {
      assert.ok(sent.includes(operation), operation);
    }
  });

  it('says so in its own words', async () => {
    const pool = new SessionPool({
      allowChange: () => Promise.reject(new UserError('accessDenied', 'prod is read-only here.')),
    });
    const { ecs } = pool.get({ ...context, endpoint });
    await assert.rejects(ecs.stopTask('web', 'web', 'web'), {
      reason: 'accessDenied',
      message: 'prod is read-only here.',
    });
    pool.dispose();
  });
});
