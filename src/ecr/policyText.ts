import { parseTree, type ParseError } from 'jsonc-parser';
import { UserError } from '../base/errors';
import { isObject } from '../base/isObject';
import { positionOf, syntaxInWords } from '../taskdef/document/syntaxError';

/** A policy as JSON: what it means is for its kind to say. */
export type PolicyDocument = Readonly<Record<string, unknown>>;

/**
 * Reads the text of a policy as strictly as ECR does: no comments, no comma behind the last member.
 *
 * @param fileName what the error calls it
 * @throws UserError('invalidInput') with line and column when it is not a JSON object
 */
export function readPolicy(text: string, fileName: string): PolicyDocument {
  const content = text.replace(/^\uFEFF/, '');
  const errors: ParseError[] = [];
  const root = parseTree(content, errors, { disallowComments: true, allowTrailingComma: false });
  const [first] = errors;
  if (first) {
    throw new UserError(
      'invalidInput',
      `The policy is not JSON (${syntaxInWords(first)}): ${fileName}:${positionOf(content, first.offset)}`,
    );
  }
  const value: unknown = root && JSON.parse(content);
  if (!isObject(value)) {
    throw new UserError('invalidInput', `A policy is a JSON object: ${fileName}:1:1`);
  }
  return value;
}

/** The policy for people to read: as it is where it has lines of its own, else with members on lines of their own. */
export function formatPolicy(text: string): string {
  if (text.trim().includes('\n')) {
    return text;
  }
  try {
    return `${JSON.stringify(JSON.parse(text), undefined, 2)}\n`;
  } catch {
    return text;
  }
}

/** True when two policies say the same, in whatever order of members. */
export function samePolicy(left: unknown, right: unknown): boolean {
  return canonical(left) === canonical(right);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) =>
    isObject(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}
