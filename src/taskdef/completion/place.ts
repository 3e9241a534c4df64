import { createScanner, ScanError, SyntaxKind, type JSONPath } from 'jsonc-parser';
import type { TextSpan } from '../document/textSpan';

/** Where in a text something can be written, however far the text is from being JSON yet. */
export interface Place {
  /** `root`: nothing is there but blanks and comments. */
  readonly kind: 'root' | 'key' | 'value';
  /**
   * Names and indexes down to the place. Of a value its own name or index is the last; of a key, it ends with the
   * object that the key is for.
   */
  readonly path: JSONPath;
  /** What is replaced: a token with its quotes, or nothing. On one line. */
  readonly span: TextSpan;
  /** The span without quotes. */
  readonly content: TextSpan;
  /** What stands left of the cursor in the token, without the opening quote. */
  readonly typed: string;
  /** Where a comma is missing between this and what stands before it. */
  readonly commaBefore: number | undefined;
  /** True when something follows that only a comma can part from this. */
  readonly commaAfter: boolean;
  /** Of a key: true when its value is there already. */
  readonly hasValue: boolean;
}

interface Token extends TextSpan {
  readonly kind: SyntaxKind;
  readonly text: string;
  readonly unterminated: boolean;
}

/** An object or list that is open at some point of the text. */
interface Frame {
  readonly kind: 'object' | 'array';
  key: string;
  index: number;
  expects: 'key' | 'colon' | 'value' | 'comma';
}

/** @returns `undefined` where nothing can be completed: in a comment, behind a value, in a name that has no colon */
export function findPlace(text: string, offset: number): Place | undefined {
  const walk = new Walk();
  let under: Token | undefined;
  for (const token of tokensOf(text, 0)) {
    const end = token.offset + token.length;
    if (token.offset > offset || (token.offset === offset && !isLiteral(token))) {
      break;
    }
    if (isComment(token)) {
      if (
        token.offset < offset &&
        (offset < end || (offset === end && token.kind === SyntaxKind.LineCommentTrivia))
      ) {
        return undefined;
      }
    } else if (offset < end || (offset === end && isOpenEnded(token))) {
      under = token;
      break;
    } else {
      walk.take(token);
    }
  }
  return placeAt(text, offset, walk, under);
}

function placeAt(text: string, offset: number, walk: Walk, under: Token | undefined): Place | undefined {
  const span = under
    ? { offset: under.offset, length: under.unterminated ? offset - under.offset : under.length }
    : { offset, length: 0 };
  const frame = walk.frames.at(-1);
  const [next, afterNext] = following(text, span.offset + span.length);
  const before = {
    span,
    content: contentOf(span, under),
    typed: text.slice(span.offset, offset).replace(/^"/, ''),
    commaAfter: next !== undefined && !ENDS.has(next.kind),
    hasValue: next?.kind === SyntaxKind.ColonToken,
  };
  const nextIsKey = next?.kind === SyntaxKind.StringLiteral && afterNext?.kind === SyntaxKind.ColonToken;
  if (!frame) {
    const empty = walk.last === undefined && next === undefined;
    return empty ? { ...before, kind: 'root', path: [], commaBefore: undefined } : undefined;
  }
  if (frame.expects === 'colon') {
    return undefined;
  }
  const joined = frame.expects === 'comma';
  if (joined && walk.last === span.offset) {
    return undefined;
  }
  const commaBefore = joined ? walk.last : undefined;
  if (frame.kind === 'object' && frame.expects !== 'value') {
    return { ...before, kind: 'key', path: walk.path().slice(0, -1), commaBefore };
  }
  const blocked = !under && before.commaAfter && frame.kind === 'object' && !nextIsKey;
  if (blocked || before.hasValue) {
    return undefined;
  }
  const path = walk.path();
  if (joined) {
    path[path.length - 1] = frame.index + 1;
  }
  return { ...before, kind: 'value', path, commaBefore };
}

function contentOf({ offset, length }: TextSpan, token: Token | undefined): TextSpan {
  return token?.kind === SyntaxKind.StringLiteral
    ? { offset: offset + 1, length: Math.max(0, length - (token.unterminated ? 1 : 2)) }
    : { offset, length };
}

/** After these no comma is wanted. */
const ENDS: ReadonlySet<SyntaxKind> = new Set([
  SyntaxKind.CommaToken,
  SyntaxKind.ColonToken,
  SyntaxKind.CloseBraceToken,
  SyntaxKind.CloseBracketToken,
]);

/** Keeps account of what is open, token by token, and forgives what is missing. */
class Walk {
  readonly frames: Frame[] = [];
  /** Where the last token that is no comment ends. */
  last: number | undefined;
  private lastString: string | undefined;

  take(token: Token): void {
    const frame = this.frames.at(-1);
    switch (token.kind) {
      case SyntaxKind.OpenBraceToken:
        this.value();
        this.frames.push({ kind: 'object', key: '', index: 0, expects: 'key' });
        break;
      case SyntaxKind.OpenBracketToken:
        this.value();
        this.frames.push({ kind: 'array', key: '', index: 0, expects: 'value' });
        break;
      case SyntaxKind.CloseBraceToken:
      case SyntaxKind.CloseBracketToken:
        this.frames.pop();
        break;
      case SyntaxKind.CommaToken:
        if (frame) {
          frame.expects = frame.kind === 'object' ? 'key' : 'value';
          frame.index += 1;
        }
        break;
      case SyntaxKind.ColonToken:
        if (frame?.kind === 'object') {
          // A string that was taken for a value is a name after all, when a colon follows: the value is missing.
          frame.key = this.lastString ?? frame.key;
          frame.expects = 'value';
        }
        break;
      default:
        this.literal(token, frame);
    }
    this.lastString = token.kind === SyntaxKind.StringLiteral ? token.text : undefined;
    this.last = token.offset + token.length;
  }

  path(): JSONPath {
    return this.frames.map((frame) => (frame.kind === 'object' ? frame.key : frame.index));
  }

  private literal(token: Token, frame: Frame | undefined): void {
    if (frame?.kind === 'object' && frame.expects !== 'value') {
      frame.key = token.text;
      frame.expects = 'colon';
    } else {
      this.value();
    }
  }

  private value(): void {
    const frame = this.frames.at(-1);
    if (frame) {
      frame.index += frame.kind === 'array' && frame.expects === 'comma' ? 1 : 0;
      frame.expects = 'comma';
    }
  }
}

function* tokensOf(text: string, from: number): Generator<Token, void, void> {
  const scanner = createScanner(text, false);
  scanner.setPosition(from);
  for (let kind = scanner.scan(); kind !== SyntaxKind.EOF; kind = scanner.scan()) {
    const blank = kind === SyntaxKind.Trivia || kind === SyntaxKind.LineBreakTrivia;
    // A byte order mark is no token of JSON.
    const offset = scanner.getTokenOffset();
    if (blank || text[offset] === '\uFEFF') {
      continue;
    }
    const written = text.slice(offset, offset + scanner.getTokenLength());
    // The scanner takes a line break behind a backslash into the string. No string of JSON goes on in the next line.
    const line = kind === SyntaxKind.StringLiteral ? written.search(/[\r\n]/) : -1;
    if (line >= 0) {
      scanner.setPosition(offset + line);
      yield { kind, offset, length: line, text: written.slice(1, line), unterminated: true };
      continue;
    }
    yield {
      kind,
      offset,
      length: written.length,
      text: scanner.getTokenValue(),
      unterminated: scanner.getTokenError() === ScanError.UnexpectedEndOfString,
    };
  }
}

/** The two tokens from here on. */
function following(text: string, from: number): Token[] {
  const found: Token[] = [];
  for (const token of tokensOf(text, from)) {
    if (!isComment(token) && found.push(token) === 2) {
      break;
    }
  }
  return found;
}

function isComment({ kind }: Token): boolean {
  return kind === SyntaxKind.LineCommentTrivia || kind === SyntaxKind.BlockCommentTrivia;
}

function isLiteral({ kind }: Token): boolean {
  return kind === SyntaxKind.StringLiteral || isWord(kind);
}

/** Typing goes on at the end of words and numbers, and of a string without its closing quote. */
function isOpenEnded({ kind, unterminated }: Token): boolean {
  return unterminated || isWord(kind);
}

function isWord(kind: SyntaxKind): boolean {
  switch (kind) {
    case SyntaxKind.NumericLiteral:
    case SyntaxKind.TrueKeyword:
    case SyntaxKind.FalseKeyword:
    case SyntaxKind.NullKeyword:
    case SyntaxKind.Unknown:
      return true;
    default:
      return false;
  }
}
