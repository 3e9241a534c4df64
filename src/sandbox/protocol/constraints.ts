import { ServiceError } from './serviceError';

/** Checks of single values against what an API's model declares, each refused in the words of AWS. */
export interface Constraints {
  length(member: string, value: string, least: number, most: number): void;
  range(member: string, value: number, least: number, most: number): void;
  /** @param pattern matches the whole value */
  pattern(member: string, value: string, pattern: RegExp): void;
  oneOf(member: string, value: string, allowed: readonly string[]): void;
}

/**
 * What AWS says of a value that breaks a rule which the API's model declares.
 * @param constraint what the value must do: "have length greater than or equal to 1"
 */
export function constraintMessage(member: string, value: unknown, constraint: string): string {
  return (
    `1 validation error detected: Value '${String(value).slice(0, 512)}' at '${member}' ` +
    `failed to satisfy constraint: Member must ${constraint}`
  );
}

/**
 * @param code what the service calls such a refusal: "ValidationException"
 */
export function createConstraints(code: string): Constraints {
  const refuse = (member: string, value: unknown, constraint: string): never => {
    throw new ServiceError(code, constraintMessage(member, value, constraint));
  };
  return {
    length: (member, value, least, most) => {
      if (value.length < least) {
        refuse(member, value, `have length greater than or equal to ${least}`);
      }
      if (value.length > most) {
        refuse(member, value, `have length less than or equal to ${most}`);
      }
    },
    range: (member, value, least, most) => {
      if (!(value >= least)) {
        refuse(member, value, `have value greater than or equal to ${least}`);
      }
      if (!(value <= most)) {
        refuse(member, value, `have value less than or equal to ${most}`);
      }
    },
    pattern: (member, value, pattern) => {
      if (!pattern.test(value)) {
        refuse(member, value, `satisfy regular expression pattern: ${pattern.source}`);
      }
    },
    oneOf: (member, value, allowed) => {
      if (!allowed.includes(value)) {
        refuse(member, value, `satisfy enum value set: [${allowed.join(', ')}]`);
      }
    },
  };
}
