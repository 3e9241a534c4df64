import { compileJsonPattern } from './jsonFilterPattern';
import { invalidParameter } from './refusals';

const MAX_PATTERN_LENGTH = 1024;

/**
 * Compiles a filter pattern to a test of messages: terms, "quoted phrases", `?optional` and `-excluded`
 * terms, a `%regular expression%`, and JSON patterns in braces. Patterns of space-delimited columns in
 * brackets are refused: the sandbox does not know them.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 * @throws ServiceError InvalidParameterException
 */
export function compileFilterPattern(pattern: string): (message: string) => boolean {
  const text = pattern.trim();
  if (text.length > MAX_PATTERN_LENGTH) {
    throw invalidParameter(`The filter pattern is longer than ${MAX_PATTERN_LENGTH} characters.`);
  }
  if (text.startsWith('{')) {
    return compileJsonPattern(text);
  }
  if (text.startsWith('[')) {
    throw invalidParameter('Invalid filter pattern: the sandbox does not serve space-delimited patterns');
  }
  if (text.startsWith('%')) {
    return compileRegularExpression(text);
  }
  return compileTerms(text);
}

function compileTerms(text: string): (message: string) => boolean {
  const terms = splitTerms(text);
  const plain = terms.filter(({ mark }) => mark === '');
  const excluded = terms.filter(({ mark }) => mark === '-');
  // Optional terms have no effect beside others, says the syntax's page.
  const optional = plain.length + excluded.length === 0 ? terms : [];
  return (message) =>
    plain.every(({ term }) => message.includes(term)) &&
    !excluded.some(({ term }) => message.includes(term)) &&
    (optional.length === 0 || optional.some(({ term }) => message.includes(term)));
}

interface Term {
  readonly mark: '' | '?' | '-';
  readonly term: string;
}

function splitTerms(text: string): Term[] {
  const terms: Term[] = [];
  const scanner = /\s*(?<mark>[?-]?)(?:"(?<phrase>(?:[^"\\]|\\.)*)"|(?<word>[^\s"]+))/gy;
  let end = 0;
  for (const { groups = {}, 0: whole } of text.matchAll(scanner)) {
    const term = groups['phrase']?.replace(/\\(.)/g, '$1') ?? groups['word'] ?? '';
    terms.push({ mark: groups['mark'] as Term['mark'], term });
    end += whole.length;
  }
  if (end < text.length) {
    throw invalidParameter(`Invalid filter pattern: ${text}`);
  }
  return terms;
}

/** The service's regular expressions have no groups, and so none of JavaScript's slowest cases. */
const ALLOWED_EXPRESSION = /^(?:[A-Za-z0-9:_#=@/;,\-^$?[\]{}|*+.\s]|\\[\x20-\x7e])+$/;

/** @param text with a percent sign at both ends */
function compileRegularExpression(text: string): (message: string) => boolean {
  const source = /^%(.+)%$/s.exec(text)?.[1] ?? '';
  if (!ALLOWED_EXPRESSION.test(source)) {
    throw invalidParameter(`Invalid filter pattern: ${text}`);
  }
  try {
    const expression = new RegExp(source);
    return (message) => expression.test(message);
  } catch {
    throw invalidParameter(`Invalid filter pattern: ${text}`);
  }
}
