import { stripVTControlCharacters } from 'node:util';

/** Cuts output that arrives in pieces into lines, without control sequences and empty lines. */
export class OutputLines {
  private rest = '';

  /** @returns the lines that this piece has completed */
  add(text: string): string[] {
    // A carriage return redraws a line: what it ends is a line of its own to us.
    const pieces = (this.rest + text).split(/\r\n|\n|\r/);
    this.rest = pieces.pop() ?? '';
    return pieces.flatMap(clean);
  }

  /** @returns what was left without an end of line */
  end(): string[] {
    const last = clean(this.rest);
    this.rest = '';
    return last;
  }
}

function clean(line: string): string[] {
  const text = stripVTControlCharacters(line).trimEnd();
  return text === '' ? [] : [text];
}
