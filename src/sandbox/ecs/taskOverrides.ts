import { invalidParameter } from './refusals';
import { parseTaskCpu, parseTaskMemory } from './taskSize';

/** RunTask's overrides, as far as a rule reads them. */
export interface TaskOverrides {
  readonly cpu?: string;
  readonly memory?: string;
  readonly ephemeralStorage?: { readonly sizeInGiB?: number };
  readonly containerOverrides?: readonly {
    readonly name?: string;
    readonly cpu?: number;
    readonly memory?: number;
    readonly memoryReservation?: number;
  }[];
}

/**
 * Sizes are written, and limited, as they are in a task definition.
 * Source: SDK documentation of TaskOverride and ContainerOverride.
 * @throws ServiceError InvalidParameterException
 */
export function checkTaskOverrides(overrides: TaskOverrides): void {
  const { cpu, memory, ephemeralStorage, containerOverrides = [] } = overrides;
  if (cpu !== undefined && parseTaskCpu(cpu) === undefined) {
    throw invalidParameter(`Invalid 'cpu' setting for task: ${cpu}`);
  }
  if (memory !== undefined && parseTaskMemory(memory) === undefined) {
    throw invalidParameter(`Invalid 'memory' setting for task: ${memory}`);
  }
  const disk = ephemeralStorage?.sizeInGiB;
  if (disk !== undefined && (disk < 21 || disk > 200)) {
    throw invalidParameter('EphemeralStorage size should be at least 21 and at most 200.');
  }
  for (const { name, ...sizes } of containerOverrides) {
    if ((sizes.cpu ?? 0) < 0 || (sizes.memory ?? 1) < 1 || (sizes.memoryReservation ?? 1) < 1) {
      throw invalidParameter(`Invalid cpu or memory in the override of container ${name}.`);
    }
  }
}
