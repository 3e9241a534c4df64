import { delay } from '../../base/delay';
import { isCancellation } from '../../base/errors';
import type { Fault, FaultSet } from '../faults';
import type { ApiAnswer, ApiCall, ApiProtocol, ApiRequest } from './apiRequest';
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
  let call: ApiCall | undefined;
  try {
    call = protocol.read(request);
    const fault = options.faults.take(call.operation);
    const wait = options.latency + (fault?.delayMs ?? 0);
    if (wait > 0) {
      await delay(wait, request.signal);
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
    return { kind: 'answer', answer: writeError(error, protocol, call, options) };
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
  protocol: ApiProtocol,
  call: ApiCall | undefined,
  options: ApiOptions,
): ApiAnswer {
  if (error instanceof ServiceError) {
    return protocol.writeError(error.code, error.message, error.members, error.status);
  }
  options.reportFailure(call?.operation ?? 'reading a request', error);
  const { code, message, members, status } = (call?.errors ?? protocol.errors).internal();
  return protocol.writeError(code, message, members, status);
}
