/** Who takes the role on for a task. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html */
export const TASKS_SERVICE = 'ecs-tasks.amazonaws.com';

interface Statement {
  readonly Effect?: unknown;
  readonly Action?: unknown;
  readonly NotAction?: unknown;
  readonly Principal?: unknown;
  readonly NotPrincipal?: unknown;
}

/**
 * Whether a role's trust policy lets ECS tasks assume it. Conditions are taken as met: the usual ones name the
 * account or the task.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
 *
 * @param policy the parsed document
 * @returns `undefined` when that cannot be told from the policy
 */
export function trustsEcsTasks(policy: unknown): boolean | undefined {
  const statements = listOf((policy as { readonly Statement?: unknown } | null | undefined)?.Statement);
  if (statements.length === 0) {
    return undefined;
  }
  const about = statements.filter(isStatement).filter(concernsTasks);
  if (about.some(({ NotPrincipal, NotAction }) => NotPrincipal !== undefined || NotAction !== undefined)) {
    return undefined;
  }
  return (
    about.some(({ Effect }) => Effect === 'Allow') &&
    !about.some((statement) => statement.Effect === 'Deny' && !('Condition' in statement))
  );
}

/** Who may assume the role by its trust policy: services, accounts and identity providers, as the policy names them. */
export function trustedPrincipals(policy: unknown): string[] {
  const statements = listOf((policy as { readonly Statement?: unknown } | null | undefined)?.Statement);
  const named = statements
    .filter(isStatement)
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(({ Principal }) =>
      typeof Principal === 'object' && Principal !== null
        ? Object.values(Principal).flatMap(listOf)
        : listOf(Principal),
    );
  return [...new Set(named.filter((name): name is string => typeof name === 'string'))];
}

function concernsTasks({ Action, Principal, NotAction, NotPrincipal }: Statement): boolean {
  const assumes =
    NotAction !== undefined ||
    listOf(Action).some(
      (action) =>
        typeof action === 'string' && /^(?:\*|sts:(?:\*|assume(?:role)?\*|assumerole))$/i.test(action),
    );
  const service = (Principal as { readonly Service?: unknown } | null | undefined)?.Service;
  return (
    assumes && (NotPrincipal !== undefined || Principal === '*' || listOf(service).includes(TASKS_SERVICE))
  );
}

function isStatement(value: unknown): value is Statement {
  return typeof value === 'object' && value !== null;
}

/** Policies write a list of one as the one. */
function listOf(value: unknown): unknown[] {
  return value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
}
