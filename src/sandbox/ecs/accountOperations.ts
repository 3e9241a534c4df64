import type { RequestScope } from '../operation';
import type { EcsState } from './ecsState';
import { FARGATE_PROVIDERS } from './clusterOperations';
import { compareText, cutPage, type PageRequest, tokenOf } from './page';
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
    checkName(name);
    state.accountSettings.put(`${scope.region}/${name}`, value);
    return { setting: { name, value, principalArn: rootOf(scope), type: 'user' } };
  };

  return {
    ListAccountSettings: (
      input: PageRequest & { name?: string; value?: string; effectiveSettings?: boolean },
      scope: RequestScope,
    ): object => {
      if (input.name !== undefined) {
        checkName(input.name);
      }
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
      const page = cutPage(
        settings.map(({ name }) => name).sort(compareText),
        input,
        ['ListAccountSettings', scope.region, input.name, input.value, input.effectiveSettings],
        { usual: 10, most: 10 },
      );
      return { ...tokenOf(page), settings: settings.filter(({ name }) => page.items.includes(name)) };
    },

    PutAccountSetting: put,
    PutAccountSettingDefault: put,

    ListContainerInstances: (): object => ({ containerInstanceArns: [] }),

    DescribeContainerInstances: (input: { containerInstances: readonly string[] }): object => {
      if (input.containerInstances.length === 0) {
        throw invalidParameter('Container instances cannot be empty.');
      }
      return {
        containerInstances: [],
        failures: input.containerInstances.map((arn) => ({ arn, reason: 'MISSING' })),
      };
    },

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

function checkName(name: string): void {
  if (!Object.hasOwn(USUAL_SETTINGS, name)) {
    throw invalidParameter(`${name} should be one of [${Object.keys(USUAL_SETTINGS).join(',')}]`);
  }
}

function rootOf(scope: RequestScope): string {
  return `arn:aws:iam::${scope.accountId}:root`;
}
