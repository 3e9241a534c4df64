/** The sandbox's one account. No real account has this number. */
export const ACCOUNT_ID = '000000000000';

/** The user whom every caller is taken for. */
export const CALLER_ARN = `arn:aws:iam::${ACCOUNT_ID}:user/sandbox`;
