import { delay } from '../../base/delay';
import { isCancellation } from '../../base/errors';
import type { Fault, FaultSet } from '../faults';
import type { ApiAnswer, ApiCall, ApiProtocol, ApiRequest, ErrorWriter } from './apiRequest';
import { ServiceError } from './serviceError';

/** What becomes of a request: an answer; one that breaks off in the middle; or none, a closed connection. */
export type ApiOutcome =
  { readonly kind: 'answer' | 'brokenAnswer'; readonly answer: ApiAnswer } | { readonly kind: 'drop' };

export interface ApiOptions {
  readonly faults: FaultSet;
  /** Milliseconds that every call takes at least. */
  readonly latency: number;
  /** Takes the details of unexpected errors, which no answer ever contains. */
  readonly reportFailure: (operation: string, error: unknown) => void;
}

/**
 * Answers one request of a protocol, with the faults in force. Never throws for what a request contains or
 * a handler does.
 * @throws UserError('cancelled') when the request's signal is aborted
 */
export async function answerApiRequest(
  protocol: ApiProtocol,
  request: ApiRequest,
  options: ApiOptions,
): Promise<ApiOutcome> {
  // The work itself counts: a call to AWS that takes 50 ms does not take longer for a large table.
  const due = performance.now() + options.latency;
  const outcome = await carryOut(protocol, request, options);
  const left = due - performance.now();
  if (left > 0) {
    await delay(left, request.signal);
  }
  return outcome;
}

async function carryOut(
  protocol: ApiProtocol,
  request: ApiRequest,
  options: ApiOptions,
): Promise<ApiOutcome> {
  let call: ApiCall | undefined;
  try {
    call = protocol.read(request);
    const fault = options.faults.take(call.operation);
    if (fault !== undefined && fault.delayMs > 0) {
      await delay(fault.delayMs, request.signal);
    }
    if (fault?.kind === 'drop' && fault.when === 'before') {
      return { kind: 'drop' };
    }
    refuseByFault(fault, call);
    const answer = await call.carryOut();
    return { kind: fault?.kind === 'drop' ? 'brokenAnswer' : 'answer', answer };
  } catch (error) {
    if (isCancellation(error)) {
      throw error;
    }
    return { kind: 'answer', answer: writeError(error, call ?? protocol, call?.operation, options) };
  }
}

function refuseByFault(fault: Fault | undefined, call: ApiCall): void {
  switch (fault?.kind) {
    case undefined:
    case 'delay':
    case 'drop':
      return;
    case 'throttle':
      throw call.errors.throttled();
    case 'error':
      throw call.errors.internal();
    case 'expiredToken':
      throw call.errors.expiredToken();
    case 'accessDenied':
      throw call.errors.accessDenied(call.action);
  }
}

function writeError(
  error: unknown,
  writer: ErrorWriter,
  operation: string | undefined,
  options: ApiOptions,
): ApiAnswer {
  if (error instanceof ServiceError) {
    return writer.writeError(error.code, error.message, error.members, error.status);
  }
  options.reportFailure(operation ?? 'reading a request', error);
  const { code, message, members, status } = writer.errors.internal();
  return writer.writeError(code, message, members, status);
}
