import { invalidParameter } from './refusals';

type Test = (event: unknown) => boolean;

/**
 * Compiles a pattern such as `{ ($.level = "error" || $.status >= 500) && $.user.name IS NULL }`: properties,
 * list elements, `*` in texts, `=`, `!=` and order, IS NULL/TRUE/FALSE, NOT EXISTS, `&&`, `||`, parentheses.
 * A message that is not JSON matches none.
 * @throws ServiceError InvalidParameterException
 */
export function compileJsonPattern(pattern: string): (message: string) => boolean {
  const test = new JsonPatternParser(pattern).parse();
  return (message) => {
    // Cheaper than a parse that fails, and most lines of most logs are not JSON.
    if (!/^\s*[{[]/.test(message)) {
      return false;
    }
    try {
      return test(JSON.parse(message));
    } catch {
      return false;
    }
  };
}

const TOKEN =
  /\s*(?:(?<selector>\$(?:\.[\w-]+|\[\d+\]|\['[^']*'\]|\["[^"]*"\])*)|"(?<text>(?:[^"\\]|\\.)*)"|(?<symbol>&&|\|\||!=|>=|<=|[=<>(){}])|(?<word>[^\s"&|=<>!(){}]+))/y;

type TokenKind = 'selector' | 'text' | 'symbol' | 'word' | 'end';

interface Token {
  readonly kind: TokenKind;
  readonly value: string;
}

/** Recursive descent; `&&` binds more closely than `||`. */
class JsonPatternParser {
  private readonly tokens: Token[] = [];
  private next = 0;

  constructor(private readonly pattern: string) {
    TOKEN.lastIndex = 0;
    let position = 0;
    while (position < pattern.trimEnd().length) {
      TOKEN.lastIndex = position;
      const groups = TOKEN.exec(pattern)?.groups;
      const [kind, value] = Object.entries(groups ?? {}).find(([, found]) => found !== undefined) ?? [];
      if (kind === undefined || value === undefined) {
        throw this.invalid();
      }
      this.tokens.push({ kind: kind as TokenKind, value });
      position = TOKEN.lastIndex;
    }
  }

  parse(): Test {
    this.expect('{');
    const test = this.parseAlternatives();
    this.expect('}');
    if (this.take().kind !== 'end') {
      throw this.invalid();
    }
    return test;
  }

  private parseAlternatives(): Test {
    const tests = [this.parseConjunction()];
    while (this.accept('||')) {
      tests.push(this.parseConjunction());
    }
    return (event) => tests.some((test) => test(event));
  }

  private parseConjunction(): Test {
    const tests = [this.parseCondition()];
    while (this.accept('&&')) {
      tests.push(this.parseCondition());
    }
    return (event) => tests.every((test) => test(event));
  }

  private parseCondition(): Test {
    if (this.accept('(')) {
      const test = this.parseAlternatives();
      this.expect(')');
      return test;
    }
    const selector = this.take();
    if (selector.kind !== 'selector') {
      throw this.invalid();
    }
    const path = parsePath(selector.value);
    const test = this.parseComparison();
    return (event) => test(select(event, path));
  }

  private parseComparison(): Test {
    const operator = this.take();
    const operand = this.take();
    if (operator.kind === 'word' && operand.kind === 'word') {
      return this.wordTest(`${operator.value} ${operand.value}`);
    }
    if (operator.kind !== 'symbol' || (operand.kind !== 'text' && operand.kind !== 'word')) {
      throw this.invalid();
    }
    if (operand.kind === 'word' && operand.value.startsWith('%')) {
      throw invalidParameter(
        'Invalid filter pattern: the sandbox does not serve regular expressions in JSON patterns',
      );
    }
    const number = Number(operand.value);
    switch (operator.value) {
      case '=':
        return equals(operand);
      case '!=':
        return (value) => value !== undefined && !equals(operand)(value);
      case '>':
        return this.order(number, (value) => value > number);
      case '>=':
        return this.order(number, (value) => value >= number);
      case '<':
        return this.order(number, (value) => value < number);
      case '<=':
        return this.order(number, (value) => value <= number);
      default:
        throw this.invalid();
    }
  }

  private wordTest(words: string): Test {
    switch (words.toUpperCase()) {
      case 'IS NULL':
        return (value) => value === null;
      case 'IS TRUE':
        return (value) => value === true;
      case 'IS FALSE':
        return (value) => value === false;
      case 'NOT EXISTS':
        return (value) => value === undefined;
      default:
        throw this.invalid();
    }
  }

  private order(number: number, test: (value: number) => boolean): Test {
    if (Number.isNaN(number)) {
      throw this.invalid();
    }
    return (value) => typeof value === 'number' && test(value);
  }

  private take(): Token {
    return this.tokens[this.next++] ?? { kind: 'end', value: '' };
  }

  private accept(symbol: string): boolean {
    const token = this.tokens[this.next];
    const found = token?.kind === 'symbol' && token.value === symbol;
    this.next += Number(found);
    return found;
  }

  private expect(symbol: string): void {
    if (!this.accept(symbol)) {
      throw this.invalid();
    }
  }

  private invalid(): Error {
    return invalidParameter(`Invalid filter pattern: ${this.pattern}`);
  }
}

/** A word that is a number equals numbers; any other operand equals texts, in which `*` stands for anything. */
function equals({ kind, value }: Token): Test {
  const number = kind === 'word' ? Number(value) : NaN;
  if (!Number.isNaN(number)) {
    return (found) => found === number;
  }
  const parts = value.split('*').map((part) => part.replace(/\\(.)/g, '$1'));
  return (found) =>
    typeof found === 'string' && (parts.length > 1 ? matchesWildcard(found, parts) : found === parts[0]);
}

function matchesWildcard(text: string, parts: readonly string[]): boolean {
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  if (!text.startsWith(first)) {
    return false;
  }
  let position = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, position);
    if (found === -1) {
      return false;
    }
    position = found + part.length;
  }
  return text.length - last.length >= position && text.endsWith(last);
}

function parsePath(selector: string): string[] {
  return [...selector.matchAll(/\.([\w-]+)|\[(\d+)\]|\['([^']*)'\]|\["([^"]*)"\]/g)].map(
    ([, name, index, single, double]) => name ?? index ?? single ?? double ?? '',
  );
}

function select(event: unknown, path: readonly string[]): unknown {
  let value = event;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) {
      return undefined;
    }
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}
