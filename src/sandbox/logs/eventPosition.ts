import type { EventKey } from './eventFile';
import { invalidToken } from './refusals';

/** Where an event stands among those of a region: time, then stream, then order of arrival. */
export interface EventPosition extends EventKey {
  /** Number of the stream. */
  readonly stream: number;
}

export type Direction = 'forward' | 'backward';

export interface EventToken extends EventPosition {
  readonly direction: Direction;
}

const TIMESTAMP_DIGITS = 14;
const NUMBER_DIGITS = 21;

/** 56 digits, as the service's event ids have: unique and the same each time the event is returned. */
export function formatEventId(position: EventPosition): string {
  return (
    String(position.timestamp).padStart(TIMESTAMP_DIGITS, '0') +
    String(position.stream).padStart(NUMBER_DIGITS, '0') +
    String(position.sequence).padStart(NUMBER_DIGITS, '0')
  );
}

/** "f/" or "b/" and a position, the form in which GetLogEvents gives its tokens. */
export function formatToken(direction: Direction, position: EventPosition): string {
  return `${direction === 'forward' ? 'f' : 'b'}/${formatEventId(position)}`;
}

/** @throws ServiceError InvalidParameterException */
export function parseToken(token: string): EventToken {
  const match = /^([fb])\/(\d{14})(\d{21})(\d{21})$/.exec(token);
  if (match === null) {
    throw invalidToken();
  }
  const [timestamp = 0, stream = 0, sequence = 0] = match.slice(2).map(Number);
  return { direction: match[1] === 'f' ? 'forward' : 'backward', timestamp, stream, sequence };
}
