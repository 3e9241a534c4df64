/** The sandbox's one account. No real account has this number. */
export const ACCOUNT_ID = '000000000000';
