import { ServiceError } from './protocol/serviceError';

export const FAULT_KINDS = ['throttle', 'error', 'drop', 'delay', 'expiredToken', 'accessDenied'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** A disturbance that a test or a demonstration asks for. */
export interface Fault {
  /** An operation's name; `*` for every operation; `registry` for every request to the image registry. */
  readonly operation: string;
  readonly kind: FaultKind;
  /** Of a matching request being hit: 0 to 1. Default 1. */
  readonly probability: number;
  /** How many matching requests go through before the first is hit, as pages before one that fails. Default 0. */
  readonly skip: number;
  /** How many requests are hit before the fault is spent. Default: no end. */
  readonly count: number;
  /** Milliseconds before the answer, of kind `delay`; before the disturbance, of the others. Default 0. */
  readonly delayMs: number;
  /**
   * Of kind `drop`: `before` closes the connection and nothing was done; `during` carries the operation
   * out and closes in the middle of the answer. Default `before`.
   */
  readonly when: 'before' | 'during';
}

/** The faults in force. The first that matches and hits is the one that counts. */
export interface FaultSet {
  add(fault: Fault): void;
  clear(): void;
  list(): readonly Fault[];
  /** The fault that hits this request, used up by one, if there is one. */
  take(operation: string): Fault | undefined;
}

/** @param random gives numbers of [0, 1) */
export function createFaultSet(random: () => number = Math.random): FaultSet {
  let faults: Fault[] = [];
  return {
    add: (fault) => {
      faults.push(fault);
    },
    clear: () => {
      faults = [];
    },
    list: () => faults,
    take: (operation) => {
      const hit = faults.find(
        (fault) => matches(fault, operation) && fault.skip === 0 && random() < fault.probability,
      );
      faults = faults.flatMap((fault) => {
        if (fault === hit) {
          return fault.count > 1 ? [{ ...fault, count: fault.count - 1 }] : [];
        }
        return [matches(fault, operation) && fault.skip > 0 ? { ...fault, skip: fault.skip - 1 } : fault];
      });
      return hit;
    },
  };
}

function matches(fault: Fault, operation: string): boolean {
  return fault.operation === operation || (fault.operation === '*' && operation !== 'registry');
}

/**
 * Reads a fault from a control request's body.
 * @throws ServiceError ValidationException that names the member that is wrong
 */
export function parseFault(body: unknown): Fault {
  const given = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const {
    operation,
    kind,
    probability = 1,
    skip = 0,
    count = Infinity,
    delayMs = 0,
    when = 'before',
  } = given;
  if (typeof operation !== 'string' || operation === '') {
    throw invalid("operation must be an operation's name, 'registry' or '*'");
  }
  if (!FAULT_KINDS.includes(kind as FaultKind)) {
    throw invalid(`kind must be one of ${FAULT_KINDS.join(', ')}`);
  }
  if (typeof probability !== 'number' || !(probability >= 0 && probability <= 1)) {
    throw invalid('probability must be a number from 0 to 1');
  }
  if (!Number.isInteger(skip) || (skip as number) < 0) {
    throw invalid('skip must be a whole number of at least 0');
  }
  if (typeof count !== 'number' || !(count >= 1)) {
    throw invalid('count must be a number of at least 1');
  }
  if (typeof delayMs !== 'number' || !(delayMs >= 0 && delayMs <= 600_000)) {
    throw invalid('delayMs must be a number of milliseconds from 0 to 600000');
  }
  if (when !== 'before' && when !== 'during') {
    throw invalid('when must be before or during');
  }
  return { operation, kind: kind as FaultKind, probability, skip: skip as number, count, delayMs, when };
}

function invalid(message: string): ServiceError {
  return new ServiceError('ValidationException', message);
}
