import { ACCOUNT_ID } from './protocol/account';
import type { QueryService } from './protocol/awsQuery';

/** AWS STS, as far as it tells a caller who it is: a user of the sandbox's account. */
export const STS_SERVICE: QueryService = {
  signingName: 'sts',
  version: '2011-06-15',
  xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
  operations: {
    GetCallerIdentity: () => ({
      Arn: `arn:aws:iam::${ACCOUNT_ID}:user/sandbox`,
      UserId: 'AIDASANDBOXSANDBOXSB',
      Account: ACCOUNT_ID,
    }),
  },
};
