/**
 * What the awslogs driver understands by each directive of `awslogs-datetime-format`.
 * https://docs.docker.com/engine/logging/drivers/awslogs/#awslogs-datetime-format
 */
const DIRECTIVES: Readonly<Record<string, string>> = {
  a: '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)',
  A: '(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)',
  w: '[0-6]',
  d: '(?:0[1-9]|[12][0-9]|3[01])',
  b: '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)',
  B: '(?:January|February|March|April|May|June|July|August|September|October|November|December)',
  m: '(?:0[1-9]|1[0-2])',
  Y: '\\d{4}',
  y: '\\d{2}',
  H: '(?:[01][0-9]|2[0-3])',
  I: '(?:0[1-9]|1[0-2])',
  p: '[AP]M',
  M: '[0-5][0-9]',
  S: '[0-5][0-9]',
  L: '\\.\\d{3}',
  f: '\\d{6}',
  z: '[+-]\\d{4}',
  Z: '[A-Z]{1,4}T',
  j: '(?:0[0-9][1-9]|[12][0-9]{2}|3[0-5][0-9]|36[0-6])',
  '%': '%',
};

/**
 * The pattern of a line that starts a new event, from the options of the awslogs driver.
 * @returns `undefined` when each line is an event
 * @throws SyntaxError when the pattern is not a regular expression
 */
export function parseMultilinePattern(options: Readonly<Record<string, string>>): RegExp | undefined {
  const format = options['awslogs-datetime-format'];
  const pattern = options['awslogs-multiline-pattern'];
  if (format !== undefined) {
    return new RegExp(
      format
        .split(/(%.)/)
        .map((part) =>
          /^%.$/.test(part) ? (DIRECTIVES[part.charAt(1)] ?? escapePattern(part)) : escapePattern(part),
        )
        .join(''),
    );
  }
  return pattern === undefined ? undefined : new RegExp(pattern);
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
