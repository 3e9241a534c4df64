import type { RequestScope } from '../operation';
import type { EcsState } from './ecsState';
import { FARGATE_PROVIDERS } from './clusterOperations';
import type { PageRequest } from './page';
import { invalidParameter } from './refusals';

/** Settings of the account and what they are before anybody changes them. */
const USUAL_SETTINGS: Readonly<Record<string, string>> = {
  serviceLongArnFormat: 'enabled',
  taskLongArnFormat: 'enabled',
  containerInstanceLongArnFormat: 'enabled',
  awsvpcTrunking: 'disabled',
  containerInsights: 'disabled',
  fargateFIPSMode: 'disabled',
  tagResourceAuthorization: 'on',
  fargateTaskRetirementWaitPeriod: '7',
  guardDutyActivate: 'off',
  defaultLogDriverMode: 'non-blocking',
  fargateEventWindows: 'disabled',
};

interface SettingInput {
  readonly name: string;
  readonly value: string;
}

/** Account settings, and the lists that are empty because the sandbox's host is no container instance. */
export function createAccountOperations(state: EcsState) {
  const put = ({ name, value }: SettingInput, scope: RequestScope): object => {
    if (!(name in USUAL_SETTINGS)) {
      throw invalidParameter(`${name} should be one of [${Object.keys(USUAL_SETTINGS).join(',')}]`);
    }
    state.accountSettings.put(`${scope.region}/${name}`, value);
    return { setting: { name, value, principalArn: rootOf(scope), type: 'user' } };
  };

  return {
    ListAccountSettings: (
      input: PageRequest & { name?: string; value?: string; effectiveSettings?: boolean },
      scope: RequestScope,
    ): object => {
      const settings = Object.entries(USUAL_SETTINGS)
        .map(([name, usual]) => ({ name, set: state.accountSettings.get(`${scope.region}/${name}`), usual }))
        .filter(({ set }) => set !== undefined || input.effectiveSettings === true)
        .map(({ name, set, usual }) => ({
          name,
          value: set ?? usual,
          principalArn: rootOf(scope),
          type: 'user',
        }))
        .filter(({ name, value }) => (input.name ?? name) === name && (input.value ?? value) === value);
      return { settings };
    },

    PutAccountSetting: put,
    PutAccountSettingDefault: put,

    ListContainerInstances: (): object => ({ containerInstanceArns: [] }),

    DescribeContainerInstances: (input: { containerInstances: readonly string[] }): object => ({
      containerInstances: [],
      failures: input.containerInstances.map((arn) => ({ arn, reason: 'MISSING' })),
    }),

    DescribeCapacityProviders: (
      input: { capacityProviders?: readonly string[] },
      scope: RequestScope,
    ): object => {
      const names = input.capacityProviders ?? FARGATE_PROVIDERS;
      const known = names.filter((name) => FARGATE_PROVIDERS.includes(name));
      return {
        capacityProviders: known.map((name) => ({
          capacityProviderArn: `arn:aws:ecs:${scope.region}:${scope.accountId}:capacity-provider/${name}`,
          name,
          status: 'ACTIVE',
          tags: [],
        })),
        failures: names
          .filter((name) => !known.includes(name))
          .map((name) => ({ arn: name, reason: 'MISSING' })),
      };
    },

    ListAttributes: (): object => ({ attributes: [] }),
  };
}

function rootOf(scope: RequestScope): string {
  return `arn:aws:iam::${scope.accountId}:root`;
}
