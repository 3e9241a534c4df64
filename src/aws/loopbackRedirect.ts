import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UserError } from '../base/errors';

/** What the AWS CLI registers too; the port is left open, as RFC 8252 has it in section 7.3. */
export const REDIRECT_PATH = '/oauth/callback';

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
 */
export async function listenForRedirect(state: string, signal?: AbortSignal): Promise<LoopbackRedirect> {
  let onCode: (code: string) => void = () => undefined;
  let onError: (error: Error) => void = () => undefined;
  const code = new Promise<string>((resolve, reject) => {
    onCode = resolve;
    onError = reject;
  });
  code.catch(() => undefined);
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (request.method !== 'GET' || pathname !== REDIRECT_PATH || searchParams.get('state') !== state) {
      return answer(response, 404, 'There is nothing here.');
    }
    const given = searchParams.get('code');
    if (given) {
      onCode(given);
      return answer(response, 200, 'You are signed in. You can close this window and go back to VS Code.');
    }
    onError(
      new UserError(
        'signInRefused',
        `The sign-in was not completed in the browser: ${(searchParams.get('error') ?? 'no code').slice(0, 100)}`,
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
    redirectUri: `http://127.0.0.1:${(server.address() as AddressInfo).port}${REDIRECT_PATH}`,
    code,
    close: () => {
      signal?.removeEventListener('abort', onAbort);
      server.close();
    },
  };
}

/** Nothing of what was asked for is in the answer. */
function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
  response.end(`${text}\n`);
}
