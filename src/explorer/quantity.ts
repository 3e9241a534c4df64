const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** One for each unit, made once: making one takes longer than describing the rest of a row. */
const SIZES = UNITS.map(
  (unit, power) =>
    new Intl.NumberFormat('en', {
      style: 'unit',
      unit,
      unitDisplay: power === 0 ? 'long' : 'short',
      maximumFractionDigits: 2,
    }),
);

/** A size as the ECR console shows it: in powers of 1,000, to two places. */
export function formatSize(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), UNITS.length - 1);
  return SIZES[power]?.format(bytes / 1000 ** power) ?? '';
}

/** Seconds of each unit, and how many seconds it is used for. */
const AGES = [
  ['minute', 60, 3600],
  ['hour', 3600, 86_400],
  ['day', 86_400, 30 * 86_400],
  ['month', 30 * 86_400, 365 * 86_400],
  ['year', 365 * 86_400, Infinity],
] as const;

const AGE_STYLES = {
  long: new Intl.RelativeTimeFormat('en'),
  narrow: new Intl.RelativeTimeFormat('en', { style: 'narrow' }),
} as const;

/**
 * How long ago something was, in its largest unit; "just now" below a minute, and for a clock that is behind.
 * @param style "narrow" for "5m ago", where there is little room
 */
export function formatAge(then: Date, now: Date, style: keyof typeof AGE_STYLES = 'long'): string {
  const seconds = (now.getTime() - then.getTime()) / 1000;
  if (seconds < 60) {
    return 'just now';
  }
  const [unit, length] = AGES.find(([, , below]) => seconds < below) ?? AGES[4];
  return AGE_STYLES[style].format(-Math.floor(seconds / length), unit);
}
