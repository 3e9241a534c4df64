/** Units of one vCPU in task and container definitions. */
const CPU_UNITS = 1024;

/**
 * A task-level `cpu` in units: digits, or a number of vCPUs as `.5 vCPU`, in any case.
 * `undefined` when the text is neither.
 */
export function parseTaskCpu(text: string): number | undefined {
  return parseSize(text, /^\s*(\d+|\d*\.\d+)\s*vcpus?\s*$/i, CPU_UNITS);
}

/** A task-level `memory` in MiB: digits, or a number of gigabytes as `0.5 GB`, in any case. */
export function parseTaskMemory(text: string): number | undefined {
  return parseSize(text, /^\s*(\d+|\d*\.\d+)\s*gb\s*$/i, 1024);
}

function parseSize(text: string, withUnit: RegExp, unit: number): number | undefined {
  const scaled = withUnit.exec(text)?.[1];
  const value = scaled !== undefined ? Number(scaled) * unit : /^\s*\d+\s*$/.test(text) ? Number(text) : NaN;
  return Number.isInteger(value) && value > 0 ? value : undefined;
}

/**
 * Whether Fargate has tasks of this size, in units and MiB.
 * Source: Amazon ECS developer guide, "Task CPU and memory" under "Fargate task definition differences".
 */
export function isFargateSize(cpu: number, memory: number): boolean {
  const gigabytes = memory / 1024;
  const within = (low: number, high: number, step: number): boolean =>
    gigabytes >= low && gigabytes <= high && gigabytes % step === 0;
  switch (cpu) {
    case 256:
      return [0.5, 1, 2].includes(gigabytes);
    case 512:
      return within(1, 4, 1);
    case 1024:
      return within(2, 8, 1);
    case 2048:
      return within(4, 16, 1);
    case 4096:
      return within(8, 30, 1);
    case 8192:
      return within(16, 60, 4);
    case 16384:
      return within(32, 120, 8);
    case 32768:
      return [60, 120, 244].includes(gigabytes);
    default:
      return false;
  }
}
