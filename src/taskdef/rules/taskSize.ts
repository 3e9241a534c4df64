import type { ValueView } from '../document/valueView';

export const UNITS_PER_VCPU = 1024;
const MIB_PER_GB = 1024;

/** CPU units of `"256"`, `".25 vCPU"` or 256; undefined of anything else. */
export function cpuUnitsOf(view: ValueView): number | undefined {
  return amountOf(view, cpuUnits);
}

/** MiB of `"512"`, `"0.5 GB"` or 512; undefined of anything else. */
export function memoryMibOf(view: ValueView): number | undefined {
  return amountOf(view, memoryMib);
}

/** CPU units of "256" or ".25 vCPU"; undefined of anything else. */
export function cpuUnits(text: string): number | undefined {
  return amountIn(text, /^\s*(\d+(?:\.\d+)?|\.\d+)\s*vcpu\s*$/i, UNITS_PER_VCPU);
}

/** MiB of "512" or "0.5 GB"; undefined of anything else. */
export function memoryMib(text: string): number | undefined {
  return amountIn(text, /^\s*(\d+(?:\.\d+)?|\.\d+)\s*gb\s*$/i, MIB_PER_GB);
}

function amountOf({ text, number }: ValueView, read: typeof cpuUnits): number | undefined {
  if (text === undefined) {
    return Number.isSafeInteger(number) && (number ?? -1) >= 0 ? number : undefined;
  }
  return read(text);
}

function amountIn(text: string, inUnits: RegExp, factor: number): number | undefined {
  if (/^\s*\d+\s*$/.test(text)) {
    return Number(text);
  }
  const amount = inUnits.exec(text)?.[1];
  return amount === undefined ? undefined : Math.round(Number(amount) * factor);
}

/**
 * MiB of memory that Fargate offers for so many CPU units.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
 */
export const FARGATE_SIZES: ReadonlyMap<number, readonly number[]> = new Map([
  [256, [512, 1024, 2048]],
  [512, gigabytes(1, 4, 1)],
  [1024, gigabytes(2, 8, 1)],
  [2048, gigabytes(4, 16, 1)],
  [4096, gigabytes(8, 30, 1)],
  [8192, gigabytes(16, 60, 4)],
  [16384, gigabytes(32, 120, 8)],
  [32768, [60, 120, 244].map((amount) => amount * MIB_PER_GB)],
]);

/** The CPU units that a Windows task on Fargate may have. */
export const FARGATE_WINDOWS_CPU: readonly number[] = [1024, 2048, 4096];

/** "1 GB" of 1024, "0.5 GB" of 512, "6 MiB" of what is no part of a GB. */
export function inGigabytes(mib: number): string {
  return mib % 256 === 0 ? `${mib / MIB_PER_GB} GB` : `${mib} MiB`;
}

/** "0.25 vCPU" of 256. */
export function inVcpu(units: number): string {
  return `${units / UNITS_PER_VCPU} vCPU`;
}

/** The value of a sorted list that is nearest; of two equally near the greater. */
export function nearest(wanted: number, offered: readonly number[]): number {
  return offered.reduce((best, one) => (Math.abs(one - wanted) <= Math.abs(best - wanted) ? one : best));
}

function gigabytes(from: number, to: number, step: number): number[] {
  const count = Math.floor((to - from) / step) + 1;
  return Array.from({ length: count }, (_, index) => (from + index * step) * MIB_PER_GB);
}
