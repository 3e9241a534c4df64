import type { IncomingMessage, ServerResponse } from 'node:http';
import { type FaultSet, parseFault } from './faults';
import { ServiceError } from './protocol/serviceError';

/** What the control endpoints set in motion. */
export interface ControlActions {
  /** What GET /_sandbox/info answers. */
  info(): object;
  /** Empties everything, and settles when the sandbox is as newly started. */
  reset(): Promise<void>;
  /** Ends the process after the answer. */
  shutdown(): void;
}

type ControlHandler = (body: unknown) => object | Promise<object>;

/**
 * The endpoints under /_sandbox/. A page in a browser cannot call them: it cannot send the header
 * `x-sandbox-control` to another origin without being asked, and the answer to the question is no.
 */
export function createControl(
  actions: ControlActions,
  faults: FaultSet,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const routes: Readonly<Record<string, ControlHandler>> = {
    'GET /_sandbox/info': () => ({ ...actions.info(), faults: faults.list() }),
    'POST /_sandbox/faults': (body) => {
      faults.add(parseFault(body));
      return {};
    },
    'DELETE /_sandbox/faults': () => {
      faults.clear();
      return {};
    },
    'POST /_sandbox/reset': async () => {
      faults.clear();
      await actions.reset();
      return {};
    },
    'POST /_sandbox/shutdown': () => {
      setImmediate(() => actions.shutdown());
      return {};
    },
  };
  return async (request, response) => {
    const route = `${request.method ?? ''} ${request.url ?? ''}`;
    if (request.headers['x-sandbox-control'] !== '1') {
      return answer(response, 403, { message: 'Control requests need the header "x-sandbox-control: 1".' });
    }
    const handler = Object.hasOwn(routes, route) ? routes[route] : undefined;
    if (handler === undefined) {
      return answer(response, 404, { message: `There is no such control request: ${route}` });
    }
    try {
      answer(response, 200, await handler(await readJson(request)));
    } catch (error) {
      if (!(error instanceof ServiceError)) {
        throw error;
      }
      answer(response, 400, { message: error.message });
    }
  };
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8') as AsyncIterable<string>) {
    text += chunk;
    if (text.length > 65_536) {
      throw new ServiceError('ValidationException', 'The request is too large.');
    }
  }
  try {
    return text === '' ? {} : (JSON.parse(text) as unknown);
  } catch {
    throw new ServiceError('ValidationException', 'The request is not valid JSON.');
  }
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
}
