import { printParseErrorCode, type ParseError } from 'jsonc-parser';

/** What is wrong with a JSON text: "InvalidSymbol" as "invalid symbol". */
export function syntaxInWords({ error }: ParseError): string {
  return printParseErrorCode(error)
    .replace(/(?!^)[A-Z]/g, (letter) => ` ${letter}`)
    .toLowerCase();
}

/** Where an offset is, as editors count: "line:column", both from 1. */
export function positionOf(text: string, offset: number): string {
  const before = text.slice(0, offset).split(/\r\n|\r|\n/);
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}
