import type { ServiceDefinition } from './operation';
import { CALLER_ARN } from './protocol/account';

/** AWS STS, as far as it tells a caller who it is: a user of the sandbox's account. */
export const STS_SERVICE: ServiceDefinition = {
  signingName: 'sts',
  operations: {
    GetCallerIdentity: (_input, { accountId }) => ({
      Arn: CALLER_ARN,
      UserId: 'AIDASANDBOXSANDBOXSB',
      Account: accountId,
    }),
  },
};
