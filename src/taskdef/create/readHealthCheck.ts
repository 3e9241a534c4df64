import type { Healthcheck } from 'dockerfile-ast';
import { HEALTH_LIMITS } from '../rules/healthRules';
import { expand, type Variables } from './dockerfileStages';

/** A container's `healthCheck`, times in seconds. */
export interface HealthCheck {
  readonly command: readonly string[];
  readonly interval: number;
  readonly timeout: number;
  readonly retries: number;
  readonly startPeriod?: number;
}

/** What a HEALTHCHECK does where it says nothing else: https://docs.docker.com/reference/dockerfile/#healthcheck */
const DEFAULTS = { interval: 30, timeout: 30, retries: 3 };

/**
 * The health check of a HEALTHCHECK instruction, which ECS does not look at in an image; `undefined` of NONE.
 * What ECS allows less of is brought to its limit, and noted.
 */
export function readHealthCheck(
  instruction: Healthcheck,
  variables: Variables,
  notes: string[],
): HealthCheck | undefined {
  // The flags are no part of it.
  const written = (instruction.getArgumentsContent() ?? '').trim();
  const [, kind, rest = ''] = /^(\S+)\s*([^]*)$/.exec(written) ?? [];
  if (kind?.toUpperCase() !== 'CMD' || rest === '') {
    return undefined;
  }
  // Lines that are continued bring the indentation of the next with them.
  const onOneLine = !instruction.getRawArgumentsContent()?.includes('\n');
  const given = new Map(
    instruction.getFlags().map((flag) => [flag.getName(), expand(flag.getValue() ?? '', variables)]),
  );
  const limited = (name: keyof typeof HEALTH_LIMITS, value: number): number => {
    const { least, most } = HEALTH_LIMITS[name];
    const limit = Math.min(Math.max(value, least), most);
    if (limit !== value) {
      notes.push(`HEALTHCHECK ${name} ${value}: ECS takes ${least} to ${most}, so it is ${limit}.`);
    }
    return limit;
  };
  const startPeriod = secondsOf(given.get('start-period'));
  return {
    command: commandOf(onOneLine ? rest : rest.replace(/\s{2,}/g, ' ')),
    interval: limited('interval', secondsOf(given.get('interval')) || DEFAULTS.interval),
    timeout: limited('timeout', secondsOf(given.get('timeout')) || DEFAULTS.timeout),
    retries: limited('retries', Number(given.get('retries')) || DEFAULTS.retries),
    ...(startPeriod > 0 ? { startPeriod: limited('startPeriod', startPeriod) } : {}),
  };
}

/** A list is a program and its arguments; anything else a line for the shell, which replaces variables itself. */
function commandOf(text: string): string[] {
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list) && list.length > 0 && list.every((item) => typeof item === 'string')) {
      return ['CMD', ...list];
    }
  } catch {
    // No JSON, then a line for the shell: as Docker takes it.
  }
  return ['CMD-SHELL', text];
}

const UNITS: Readonly<Record<string, number>> = {
  h: 3600,
  m: 60,
  s: 1,
  ms: 1e-3,
  us: 1e-6,
  µs: 1e-6,
  ns: 1e-9,
};

/** Seconds of "1m30s", as Go writes durations; rounded up, so that "500ms" is not never. 0 of anything else. */
function secondsOf(duration: string | undefined): number {
  const parts = [...(duration ?? '').matchAll(/(\d+(?:\.\d*)?|\.\d+)(ms|us|µs|ns|h|m|s)/g)];
  const whole = parts.map(([part]) => part).join('') === duration;
  const seconds = parts.reduce((sum, [, amount, unit = '']) => sum + Number(amount) * (UNITS[unit] ?? 0), 0);
  return whole ? Math.ceil(Number(seconds.toFixed(6))) : 0;
}
