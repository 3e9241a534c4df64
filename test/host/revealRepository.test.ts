import assert from 'node:assert/strict';
import type { AwsContext } from '../../src/aws/context';
import { UserError } from '../../src/base/errors';
import { revealRepository } from '../../src/editor/commands/revealRepository';
import type { Services } from '../../src/editor/services';

const IMAGE = '123456789012.dkr.ecr.eu-central-1.amazonaws.com/team/web:v1';

describe('Show in ECR View, for an image', () => {
  const context = (profile: string): AwsContext => ({
    label: profile,
    source: { kind: 'profile', profile },
    region: 'eu-central-1',
  });
  const expired = new UserError('credentialsExpired', 'Sign in.');

  /** Profiles of one region, each with its account, or with why nobody can tell which that is. */
  const withProfiles = (
    accounts: Readonly<Record<string, string | UserError>>,
    shown: string[],
  ): Services => {
    const contexts = Object.keys(accounts).map(context);
    return {
      contexts: { all: () => contexts, current: () => contexts[0] },
      sessions: {
        get: ({ label }: AwsContext) => ({
          identity: () => {
            const account = accounts[label];
            return account instanceof UserError
              ? Promise.reject(account)
              : Promise.resolve({ accountId: account });
          },
          ecr: { repository: () => Promise.resolve({}) },
        }),
      },
      trees: {
        goTo: (_view: string, { label }: AwsContext, ids: readonly string[]) => {
          shown.push(`${label} ${ids.length}`);
          return Promise.resolve();
        },
      },
    } as unknown as Services;
  };

  it('finds the profile that has it behind one that needs a sign-in', async () => {
    const shown: string[] = [];
    const services = withProfiles({ waiting: expired, other: '000000000000', own: '123456789012' }, shown);
    assert.deepEqual(await revealRepository(services, { image: IMAGE }), { repository: 'team/web' });
    assert.deepEqual(shown, ['own 1']);
  });

  it('says why a profile could not be asked where no other has it', async () => {
    const services = withProfiles({ other: '000000000000', waiting: expired }, []);
    await assert.rejects(revealRepository(services, { image: IMAGE }), expired);
  });
});
