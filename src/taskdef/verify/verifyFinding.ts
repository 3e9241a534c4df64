import type { TextSpan } from '../document/textSpan';
import type { Severity } from '../rules/rule';

/** Stable, as the ids of the rules are. */
export type VerifyRule =
  | 'verify-image-missing'
  | 'verify-image-platform'
  | 'verify-image-elsewhere'
  | 'verify-role-missing'
  | 'verify-role-trust'
  | 'verify-secret-missing'
  | 'verify-secret-deleted'
  | 'verify-parameter-missing'
  | 'verify-log-group-missing'
  | 'verify-log-group-creation'
  | 'verify-log-driver'
  | 'verify-file-system-missing'
  | 'verify-file-system-state'
  | 'verify-access-point-missing'
  | 'verify-access-point-file-system'
  | 'verify-not-checked';

/** Something that AWS has otherwise than a definition needs it, or that it did not say. */
export interface VerifyFinding {
  readonly rule: VerifyRule;
  readonly severity: Severity;
  /** The token that is wrong. */
  readonly span: TextSpan;
  /** The value, what AWS says of it, and what to do next. */
  readonly message: string;
  /** The other end of a finding about two places. */
  readonly related?: { readonly span: TextSpan; readonly message: string };
}
