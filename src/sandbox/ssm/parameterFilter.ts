import { createConstraints } from '../protocol/constraints';
import { ServiceError } from '../protocol/serviceError';
import type { ParameterRecord } from './parameterCatalog';

export interface ParameterFilter {
  readonly Key: string;
  readonly Option?: string;
  readonly Values?: readonly string[];
}

/** The older form: of names, values are beginnings. */
export interface LegacyFilter {
  readonly Key: string;
  readonly Values: readonly string[];
}

export type ParameterPredicate = (parameter: ParameterRecord) => boolean;

const check = createConstraints('ValidationException');

/** The older form in terms of the newer. */
export function readLegacyFilter({ Key, Values }: LegacyFilter): ParameterPredicate {
  check.oneOf('filters.1.member.key', Key, ['Name', 'Type', 'KeyId']);
  return readFilter({ Key, Option: Key === 'Name' ? 'BeginsWith' : 'Equals', Values });
}

/**
 * A filter is met by one of its values, or, of a tag without values, by the tag.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ParameterStringFilter.html
 * @throws ServiceError InvalidFilterKey, InvalidFilterOption or InvalidFilterValue
 */
export function readFilter({ Key, Option, Values = [] }: ParameterFilter): ParameterPredicate {
  const tag = /^tag:(.+)$/.exec(Key)?.[1];
  if (tag !== undefined) {
    const matches = readMatch(Key, Option ?? 'Equals', ['Equals', 'BeginsWith']);
    return ({ tags }) =>
      tags.some(
        (candidate) =>
          candidate.Key === tag &&
          (Values.length === 0 || Values.some((value) => matches(candidate.Value, value))),
      );
  }
  if (Values.length === 0) {
    throw new ServiceError('InvalidFilterValue', `The filter value is empty for filter key ${Key}.`);
  }
  if (Key === 'Path') {
    return readPathFilter(Option ?? 'OneLevel', Values);
  }
  const textOf = TEXTS[Key];
  if (textOf === undefined || !Object.hasOwn(TEXTS, Key)) {
    throw new ServiceError(
      'InvalidFilterKey',
      `The following filter key is not valid: ${Key.slice(0, 132)}. Valid filter keys include: ` +
        `[${[...Object.keys(TEXTS), 'Path', 'tag:.+'].join(', ')}].`,
    );
  }
  const options = Key === 'Name' ? ['Equals', 'BeginsWith', 'Contains'] : ['Equals', 'BeginsWith'];
  const matches = readMatch(Key, Option ?? 'Equals', options);
  return (parameter) => Values.some((value) => matches(textOf(parameter), value));
}

const TEXTS: Readonly<Record<string, (parameter: ParameterRecord) => string>> = {
  Name: ({ name }) => name,
  Type: ({ type }) => type,
  KeyId: ({ keyId = '' }) => keyId,
  Tier: ({ tier }) => tier,
  DataType: ({ dataType }) => dataType,
};

function readMatch(
  key: string,
  option: string,
  allowed: readonly string[],
): (text: string, value: string) => boolean {
  if (!allowed.includes(option)) {
    throw new ServiceError(
      'InvalidFilterOption',
      `The following filter option is not valid: ${option.slice(0, 10)}. Valid options for the filter key ${key} ` +
        `include: [${allowed.join(', ')}].`,
    );
  }
  switch (option) {
    case 'BeginsWith':
      // With or without the slash that a hierarchy begins with.
      return (text, value) => text.startsWith(value) || (key === 'Name' && text.startsWith(`/${value}`));
    case 'Contains':
      return (text, value) => text.includes(value);
    default:
      return (text, value) => text === value;
  }
}

function readPathFilter(option: string, paths: readonly string[]): ParameterPredicate {
  if (option !== 'OneLevel' && option !== 'Recursive') {
    throw new ServiceError(
      'InvalidFilterOption',
      `The following filter option is not valid: ${option.slice(0, 10)}. Valid options for the filter key Path ` +
        'include: [OneLevel, Recursive].',
    );
  }
  const invalid = paths.find((path) => !path.startsWith('/'));
  if (invalid !== undefined) {
    throw new ServiceError(
      'InvalidFilterValue',
      `The following filter value is not valid: ${invalid.slice(0, 100)}. A path begins with a slash.`,
    );
  }
  return ({ name }) =>
    paths.some((path) => {
      const folder = path.endsWith('/') ? path : `${path}/`;
      const full = name.startsWith('/') ? name : `/${name}`;
      const rest = full.startsWith(folder) ? full.slice(folder.length) : '';
      return rest !== '' && (option === 'Recursive' || !rest.includes('/'));
    });
}
