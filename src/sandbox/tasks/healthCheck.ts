import { delay } from '../../base/delay';
import { isCancellation } from '../../base/errors';
import type { HealthCheck } from './containerDefinition';

/** Seconds, and tries; the defaults of the ECS API (`HealthCheck`). */
const DEFAULTS = { interval: 30, timeout: 5, retries: 3, startPeriod: 0 };

/**
 * The program that a health check runs inside of the container.
 * @returns `undefined` for a check that is switched off
 */
export function healthProgram(check: HealthCheck): readonly string[] | undefined {
  const [kind, ...rest] = check.command;
  switch (kind) {
    case undefined:
    case 'NONE':
      return undefined;
    case 'CMD':
      return rest;
    case 'CMD-SHELL':
      return ['/bin/sh', '-c', ...rest];
    default:
      return check.command;
  }
}

/**
 * Checks a container's health until the signal is aborted, by the rules of `docker run --health-…`, on which
 * ECS builds: the first check comes after one interval; failures during the start period do not count; so many
 * failures in a row as there are retries make the container unhealthy, one success makes it healthy. It is
 * not left to the engine, because podman's checks need systemd, which containers and WSL often lack.
 * @param probe runs the program with a time limit in milliseconds; false when it fails or takes too long
 */
export async function watchHealth(
  check: HealthCheck,
  probe: (timeout: number) => Promise<boolean>,
  onStatus: (status: 'HEALTHY' | 'UNHEALTHY') => void,
  signal: AbortSignal,
): Promise<void> {
  const interval = (check.interval ?? DEFAULTS.interval) * 1000;
  const timeout = (check.timeout ?? DEFAULTS.timeout) * 1000;
  const retries = check.retries ?? DEFAULTS.retries;
  const startPeriodEnd = Date.now() + (check.startPeriod ?? DEFAULTS.startPeriod) * 1000;
  let failures = 0;
  let wasHealthy = false;
  try {
    for (;;) {
      await delay(interval, signal);
      const starting = !wasHealthy && Date.now() < startPeriodEnd;
      const passed = await probe(timeout);
      if (signal.aborted) {
        return;
      }
      if (passed) {
        failures = 0;
        wasHealthy = true;
        onStatus('HEALTHY');
      } else if (!starting) {
        failures += 1;
        if (failures >= retries) {
          onStatus('UNHEALTHY');
        }
      }
    }
  } catch (error) {
    if (!isCancellation(error)) {
      throw error;
    }
  }
}
