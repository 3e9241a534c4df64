/**
 * The most bytes of an event that the awslogs driver sends: the service counts 26 more for each event. Longer
 * lines become several events.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
 */
export const MAX_EVENT_BYTES = 262_144 - 26;

/** No character has more bytes in UTF-8 than this for each of its UTF-16 units. */
const BYTES_PER_UNIT = 3;

/** Cuts a stream of text into lines. What has no end yet is kept; what is too long for an event is cut. */
export class LineBuffer {
  private rest = '';

  /** @returns the lines that are complete now, without their line feeds; empty ones are left out */
  push(text: string): string[] {
    const lines = text.split('\n');
    lines[0] = this.rest + (lines[0] ?? '');
    this.rest = lines.pop() ?? '';
    const complete = lines.filter((line) => line !== '').flatMap(splitEvent);
    if (this.rest.length * BYTES_PER_UNIT > MAX_EVENT_BYTES) {
      const pieces = splitEvent(this.rest);
      this.rest = pieces.pop() ?? '';
      complete.push(...pieces);
    }
    return complete;
  }

  /** @returns what came after the last line feed */
  end(): string[] {
    const rest = this.rest;
    this.rest = '';
    return rest === '' ? [] : splitEvent(rest);
  }
}

/** Cuts a text into pieces that an event can hold, never inside of a character. */
export function splitEvent(text: string): string[] {
  if (text.length * BYTES_PER_UNIT <= MAX_EVENT_BYTES) {
    return [text];
  }
  const bytes = Buffer.from(text, 'utf8');
  const pieces: string[] = [];
  for (let from = 0; from < bytes.length;) {
    let to = Math.min(from + MAX_EVENT_BYTES, bytes.length);
    // The bytes after the first one of a character are 10xxxxxx.
    while (to < bytes.length && ((bytes[to] ?? 0) & 0b1100_0000) === 0b1000_0000) {
      to -= 1;
    }
    pieces.push(bytes.toString('utf8', from, to));
    from = to;
  }
  return pieces;
}
