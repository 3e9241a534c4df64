import { isObject } from '../../base/isObject';
import { ServiceError } from '../protocol/serviceError';

/** A statement of a policy document, with each list as a list. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions?: readonly string[];
  readonly notActions?: readonly string[];
  readonly resources?: readonly string[];
  readonly notResources?: readonly string[];
  readonly principal?: unknown;
  readonly condition?: unknown;
}

/**
 * Reads a policy document by IAM's grammar, as far as it is read here.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 * @throws ServiceError MalformedPolicyDocument
 */
export function parsePolicy(text: string): readonly Statement[] {
  const document = parseJson(text);
  if (!isObject(document)) {
    throw malformed('Syntax errors in policy.');
  }
  const { Statement: given, Version = '2008-10-17' } = document;
  if (Version !== '2012-10-17' && Version !== '2008-10-17') {
    throw malformed('The policy must contain a valid version string');
  }
  const statements = Array.isArray(given) ? (given as unknown[]) : given === undefined ? [] : [given];
  if (statements.length === 0) {
    throw malformed('Syntax errors in policy.');
  }
  return statements.map(parseStatement);
}

/**
 * Checks a document that says who may assume a role.
 * @throws ServiceError MalformedPolicyDocument
 */
export function checkTrustPolicy(text: string): void {
  for (const statement of parsePolicy(text)) {
    if (statement.resources !== undefined || statement.notResources !== undefined) {
      throw malformed('Has prohibited field Resource');
    }
    if (statement.principal === undefined) {
      throw malformed('Missing required field Principal');
    }
    const foreign = statement.actions?.find((action) => !/^(sts:|\*$)/i.test(action));
    if (foreign !== undefined) {
      throw malformed('AssumeRole policy may only specify STS AssumeRole actions.');
    }
  }
}

/**
 * Checks a document that says what a role may do.
 * @throws ServiceError MalformedPolicyDocument
 */
export function checkPermissionsPolicy(text: string): void {
  for (const statement of parsePolicy(text)) {
    if (statement.principal !== undefined) {
      throw malformed('Policy document should not specify a principal.');
    }
    if (statement.resources === undefined && statement.notResources === undefined) {
      throw malformed('Policy statement must contain resources.');
    }
  }
}

function parseStatement(value: unknown): Statement {
  if (!isObject(value)) {
    throw malformed('Syntax errors in policy.');
  }
  const { Effect: effect, Principal, NotPrincipal, Condition: condition } = value;
  if (effect !== 'Allow' && effect !== 'Deny') {
    throw malformed(
      effect === undefined ? 'Missing required field Effect' : `Invalid effect: ${textOf(effect)}`,
    );
  }
  const statement: Statement = {
    effect,
    actions: readTexts(value['Action']),
    notActions: readTexts(value['NotAction']),
    resources: readTexts(value['Resource']),
    notResources: readTexts(value['NotResource']),
    principal: Principal ?? NotPrincipal,
    condition,
  };
  if ((statement.actions === undefined) === (statement.notActions === undefined)) {
    throw malformed('Policy statement must contain actions.');
  }
  return statement;
}

function readTexts(value: unknown): readonly string[] | undefined {
  const items = value === undefined || Array.isArray(value) ? (value as unknown[] | undefined) : [value];
  if (items !== undefined && !items.every((item) => typeof item === 'string')) {
    throw malformed('Syntax errors in policy.');
  }
  return items;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw malformed('This policy contains invalid Json');
  }
}

function textOf(value: unknown): string {
  return (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 100);
}

function malformed(message: string): ServiceError {
  return new ServiceError('MalformedPolicyDocument', message);
}
