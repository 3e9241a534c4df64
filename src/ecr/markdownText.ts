/** Characters that are not shown, or that turn the direction of what follows. */
const INVISIBLE = /[\p{Cc}\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/gu;

/** Nothing, to a reader; the end of a run of text, to what makes links of addresses within it. */
const BREAK = '<!-- -->';

/**
 * A text of others within Markdown: shown as it is, on one line, none of it markup, HTML or a link. VS Code's preview
 * renders HTML, and makes links of whatever looks like an address, also where it is escaped.
 */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(INVISIBLE, '')
    .trim()
    .replace(/[!-/:-@[-`{-~]/g, '\\$&')
    .replace(/\\\/\\\//g, `\\/${BREAK}\\/`)
    .replace(/\\@/g, `${BREAK}\\@`)
    .replace(/\b(mailto)\\:/gi, `$1${BREAK}\\:`);
}

/**
 * An address that may be linked to: https, without a user name, which could pass for the host.
 * @returns the address as a browser reads it, `undefined` for all others
 */
export function httpsUrl(text: string | undefined): string | undefined {
  if (text === undefined || !URL.canParse(text)) {
    return undefined;
  }
  const url = new URL(text);
  return url.protocol === 'https:' && url.username === '' && url.password === '' ? url.href : undefined;
}

/** A link; its text alone where the address is none that may be linked to. */
export function markdownLink(text: string, url: string | undefined): string {
  const address = httpsUrl(url)?.replace(
    /[\\()<>|]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  const label = escapeMarkdown(text);
  return address === undefined ? label : `[${label}](<${address}>)`;
}

/** @param rows cells that are Markdown already */
export function markdownTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(headings), line(headings.map(() => '---')), ...rows.map(line)];
}
