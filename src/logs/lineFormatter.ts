import { stripVTControlCharacters } from 'node:util';
import type { LogLine } from './logTarget';

/** Enough of a task's id to tell the tasks of a service apart. */
const SHOWN_ID_LENGTH = 8;

/**
 * Writes lines for an output channel, which shows plain text: local time, the date where the day changes,
 * task and container as soon as there have been several. One object a channel.
 */
export class LineFormatter {
  private day: string | undefined;
  private readonly tasks = new Set<string>();
  private readonly containers = new Set<string>();

  /** @returns text that ends in a line feed, or '' when there are no lines */
  format(lines: readonly LogLine[]): string {
    for (const { task, container } of lines) {
      this.tasks.add(task);
      this.containers.add(container);
    }
    return lines.map((line) => this.heading(line) + this.write(line)).join('');
  }

  private heading({ timestamp }: LogLine): string {
    const day = localDay(new Date(timestamp));
    if (day === this.day) {
      return '';
    }
    this.day = day;
    return `--- ${day} ---\n`;
  }

  private write({ timestamp, task, container, message }: LogLine): string {
    const origin = [
      ...(this.tasks.size > 1 ? [task.slice(0, SHOWN_ID_LENGTH)] : []),
      ...(this.containers.size > 1 ? [container] : []),
    ];
    const prefix = [localTime(new Date(timestamp)), ...origin].join(' ');
    const indent = ' '.repeat(prefix.length);
    return `${prefix}  ${plainText(message).replaceAll('\n', `\n${indent}  `)}\n`;
  }
}

/**
 * A message without what could move a cursor, colour, hide or reorder text: terminal sequences are taken out,
 * other control characters and those that turn the writing direction become visible, every kind of line break
 * a line feed.
 */
export function plainText(message: string): string {
  return stripVTControlCharacters(message)
    .replace(/\r\n?|[\u2028\u2029\u0085]/g, '\n')
    .replace(/\n+$/, '')
    .replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, visible);
}

function visible(character: string): string {
  const code = character.charCodeAt(0);
  if (character === '\n' || character === '\t') {
    return character;
  }
  // The block "Control Pictures" has a sign for each of the first 32 characters.
  return code < 0x20 ? String.fromCharCode(0x2400 + code) : code === 0x7f ? '\u2421' : '\ufffd';
}

function localDay(date: Date): string {
  return `${date.getFullYear()}-${digits(date.getMonth() + 1, 2)}-${digits(date.getDate(), 2)}`;
}

function localTime(date: Date): string {
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => digits(part, 2));
  return `${clock.join(':')}.${digits(date.getMilliseconds(), 3)}`;
}

function digits(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
