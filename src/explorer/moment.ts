const FORMATS = {
  time: new Intl.DateTimeFormat('en', { timeStyle: 'medium', hourCycle: 'h23' }),
  day: new Intl.DateTimeFormat('en', {
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }),
  year: new Intl.DateTimeFormat('en', { dateStyle: 'medium' }),
} as const;

/** When something was, in local time and in few letters: "14:03:12" today, "Nov 20, 14:03" this year, else the day. */
export function formatMoment(then: Date, now: Date): string {
  if (then.toDateString() === now.toDateString()) {
    return FORMATS.time.format(then);
  }
  return then.getFullYear() === now.getFullYear() ? FORMATS.day.format(then) : FORMATS.year.format(then);
}
