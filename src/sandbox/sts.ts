import type { ServiceDefinition } from './operation';

/** AWS STS, as far as it tells a caller who it is: a user of the sandbox's account. */
export const STS_SERVICE: ServiceDefinition = {
  signingName: 'sts',
  operations: {
    GetCallerIdentity: (_input, { accountId }) => ({
      Arn: `arn:aws:iam::${accountId}:user/sandbox`,
      UserId: 'AIDASANDBOXSANDBOXSB',
      Account: accountId,
    }),
  },
};
