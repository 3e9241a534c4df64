import type { Statement } from './policyDocument';

/** A PolicyEvaluationDecisionType of the IAM API. */
export type PolicyDecision = 'allowed' | 'explicitDeny' | 'implicitDeny';

/**
 * What identity-based policies say of an action on a resource: a denial counts before any permission.
 * A statement with a condition is taken not to match: of a simulated request nothing is known.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function decide(statements: readonly Statement[], action: string, resource: string): PolicyDecision {
  const matching = statements.filter(
    (statement) => statement.condition === undefined && matches(statement, action, resource),
  );
  if (matching.some(({ effect }) => effect === 'Deny')) {
    return 'explicitDeny';
  }
  return matching.length > 0 ? 'allowed' : 'implicitDeny';
}

/** The decision on several resources together: that of the most restricted. */
export function decideAll(decisions: readonly PolicyDecision[]): PolicyDecision {
  return (
    decisions.find((decision) => decision === 'explicitDeny') ??
    decisions.find((decision) => decision === 'implicitDeny') ??
    'allowed'
  );
}

function matches(statement: Statement, action: string, resource: string): boolean {
  const { actions, notActions = [], resources, notResources = [] } = statement;
  const ofAction = actions
    ? actions.some((pattern) => matchesPattern(pattern.toLowerCase(), action.toLowerCase()))
    : !notActions.some((pattern) => matchesPattern(pattern.toLowerCase(), action.toLowerCase()));
  const ofResource = resources
    ? resources.some((pattern) => matchesPattern(pattern, resource))
    : !notResources.some((pattern) => matchesPattern(pattern, resource));
  return ofAction && ofResource;
}

/** `*` stands for any characters, `?` for one. Never worse than the product of both lengths. */
function matchesPattern(pattern: string, text: string): boolean {
  let p = 0;
  let star = -1;
  let resume = 0;
  for (let t = 0; t < text.length;) {
    if (p < pattern.length && (pattern[p] === '?' || (pattern[p] === text[t] && pattern[p] !== '*'))) {
      p += 1;
      t += 1;
    } else if (pattern[p] === '*') {
      star = p;
      resume = t;
      p += 1;
    } else if (star >= 0) {
      resume += 1;
      p = star + 1;
      t = resume;
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(p));
}
