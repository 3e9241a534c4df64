import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { throwIfCancelled, UserError } from '../base/errors';

/** What the AWS CLI registers too; the port is left open, as RFC 8252 has it in section 7.3. */
export const REDIRECT_PATH = '/oauth/callback';

const HERE = 'http://127.0.0.1';

/** A page on this machine that a browser is sent to at the end of a sign-in. */
export interface LoopbackRedirect {
  readonly redirectUri: string;
  /** Settles with the code that the browser brought. @throws UserError('signInRefused' | 'cancelled') */
  readonly code: Promise<string>;
  close(): void;
}

/**
 * Waits on 127.0.0.1 for a browser that brings a code together with the state that it was sent away with. Whoever
 * comes without that state is turned away and changes nothing.
 * @throws UserError('cancelled')
 */
export async function listenForRedirect(state: string, signal?: AbortSignal): Promise<LoopbackRedirect> {
  throwIfCancelled(signal);
  let onCode: (code: string) => void = () => undefined;
  let onError: (error: Error) => void = () => undefined;
  const code = new Promise<string>((resolve, reject) => {
    onCode = resolve;
    onError = reject;
  });
  code.catch(() => undefined);
  const server = createServer((request, response) => {
    const asked = readCallback(request, state);
    if (!asked) {
      return answer(response, 404, 'There is nothing here.');
    }
    const given = asked.get('code');
    if (given) {
      onCode(given);
      return answer(response, 200, 'You are signed in. You can close this window and go back to VS Code.');
    }
    onError(
      new UserError(
        'signInRefused',
        `The sign-in was not completed in the browser: ${(asked.get('error') ?? 'no code').slice(0, 100)}`,
        { action: 'signIn' },
      ),
    );
    answer(response, 400, 'The sign-in was not completed. You can close this window and go back to VS Code.');
  });
  const onAbort = (): void => onError(new UserError('cancelled', 'Cancelled.'));
  signal?.addEventListener('abort', onAbort, { once: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    redirectUri: `${HERE}:${(server.address() as AddressInfo).port}${REDIRECT_PATH}`,
    code,
    close: () => {
      signal?.removeEventListener('abort', onAbort);
      server.close();
    },
  };
}

/** What the browser brings; `undefined` of whoever else comes, whose address need not even be one. */
function readCallback({ method, url = '' }: IncomingMessage, state: string): URLSearchParams | undefined {
  if (method !== 'GET' || !URL.canParse(url, HERE)) {
    return undefined;
  }
  const { pathname, searchParams } = new URL(url, HERE);
  return pathname === REDIRECT_PATH && searchParams.get('state') === state ? searchParams : undefined;
}

/** Nothing of what was asked for is in the answer. */
function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
  response.end(`${text}\n`);
}
