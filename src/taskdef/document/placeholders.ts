/**
 * What pipelines replace before they register: `<X>`, `${X}`, `$X`, `{{X}}`, `%X%`, `__X__`, `YOUR_X`, `REPLACE…`,
 * `ACCOUNT_ID`, `CHANGEME`. A pattern's source, because the JSON schema takes it as text.
 */
export const PLACEHOLDER = String.raw`<[^<>]+>|\$\{[^}]+\}|\$[A-Za-z_]\w*|\{\{[^}]+\}\}|%[A-Za-z_]\w*%|__\w+__|YOUR[_-]|REPLACE|ACCOUNT_ID|CHANGE_?ME`;

// Also the "xxxx" with which people blacken account numbers. Cheap enough to run on every string of a document.
const IN_TEXT = new RegExp(`${PLACEHOLDER}|[xX]{4,}`);

/** Outside quotes, where a placeholder stands for a number or a whole list; limited so that no scan is quadratic. */
const UNQUOTED =
  /(?:<[^<>"\r\n]{1,200}>|\$\{[^}"\r\n]{0,200}\}|\$[A-Za-z_]\w*|\{\{[^{}"\r\n]{1,200}\}\}|%[A-Za-z_]\w*%|__\w+__|YOUR[_-][\w-]*|REPLACE\w*|ACCOUNT_ID|CHANGE_?ME)[\w.-]*/y;

/** What no text with a placeholder outside quotes is without. */
const TRACE = /[<$%]|\{\{|__|YOUR|REPLACE|ACCOUNT_ID|CHANGE/;

/** Strings and comments, which are passed over. An unterminated string ends with its line. */
const OPAQUE = /"(?:[^"\\\r\n]|\\.)*(?:"|$|(?=[\r\n]))|\/\/[^\r\n]*|\/\*[^]*?(?:\*\/|$)/y;

/** Words and numbers, so that no placeholder is found in the middle of one. */
const WORD = /[a-z0-9.+-][\w.+-]*/y;

/** True when a pipeline will replace something in this string: its final value cannot be judged. */
export function holdsPlaceholder(text: string): boolean {
  return IN_TEXT.test(text);
}

export interface FilledText {
  /** As long as the original, with a JSON string in the place of each unquoted placeholder. */
  readonly text: string;
  /** Offsets at which a placeholder was replaced. */
  readonly fillers: ReadonlySet<number>;
}

/** Makes a template readable as JSON without moving any offset: `{"cpu": <CPU>}` is read as `{"cpu": "___"}`. */
export function fillPlaceholders(text: string): FilledText {
  const fillers = new Set<number>();
  if (!TRACE.test(text)) {
    return { text, fillers };
  }
  const parts: string[] = [];
  let copied = 0;
  for (let at = 0; at < text.length;) {
    const end = matchEnd(OPAQUE, text, at) ?? matchEnd(WORD, text, at);
    if (end !== undefined) {
      at = end;
      continue;
    }
    const filled = matchEnd(UNQUOTED, text, at);
    if (filled === undefined || filled - at < 2) {
      at += 1;
      continue;
    }
    fillers.add(at);
    parts.push(text.slice(copied, at), `"${'_'.repeat(filled - at - 2)}"`);
    at = copied = filled;
  }
  return fillers.size === 0 ? { text, fillers } : { text: parts.join('') + text.slice(copied), fillers };
}

function matchEnd(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  const length = pattern.exec(text)?.[0].length ?? 0;
  return length > 0 ? at + length : undefined;
}
