import type { IncomingMessage, ServerResponse } from 'node:http';
import { serveBlob } from './blobRequests';
import { serveCatalog, serveReferrers, serveTags } from './discoveryRequests';
import { serveManifest } from './manifestRequests';
import type { RegistryContent } from './registryContent';
import { RegistryError, sendRegistryError, toRegistryError } from './registryError';
import { refuseMethod, sendEmpty, type RegistryRequest } from './registryRequest';
import { parseRoute, type RegistryRoute } from './registryRoute';
import { serveUpload, serveUploadStart } from './uploadRequests';

export type RegistryHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * The registry: the OCI distribution API, version 1.1, for everything under `/v2/`. It behaves as ECR's
 * where ECR has rules of its own: repositories are never made by a push, and the sign-in is ECR's.
 */
export function createRegistryHandler(content: RegistryContent): RegistryHandler {
  return async (request, response) => {
    response.setHeader('Docker-Distribution-API-Version', 'registry/2.0');
    try {
      await serve(content, request, response);
    } catch (error) {
      answerFailure(error, response);
    }
  };
}

async function serve(
  content: RegistryContent,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [path = '', search = ''] = splitOnce(request.url ?? '', '?');
  const query = new URLSearchParams(search);
  const route = parseRoute(path);
  const region = authorize(content, request, route, query);
  await serveRoute({ request, response, query, region, content }, route);
}

async function serveRoute(context: RegistryRequest, route: RegistryRoute): Promise<void> {
  switch (route.kind) {
    case 'ping':
      return context.request.method === 'GET' || context.request.method === 'HEAD'
        ? sendEmpty(context, 200)
        : refuseMethod(context, ['GET']);
    case 'catalog':
      return serveCatalog(context);
    case 'startUpload':
      return serveUploadStart(context, route.name);
    case 'upload':
      return serveUpload(context, route.name, route.id);
    case 'blob':
      return serveBlob(context, route.name, route.digest);
    case 'manifest':
      return serveManifest(context, route.name, route.reference);
    case 'tags':
      return serveTags(context, route.name);
    case 'referrers':
      return serveReferrers(context, route.name, route.digest);
    case 'invalidName':
      throw new RegistryError(
        'NAME_INVALID',
        `The repository name is not of the form that ECR takes: ${route.name}`,
      );
    case 'unknown':
      throw new RegistryError('UNSUPPORTED', 'There is no such address in the registry', { status: 404 });
  }
}

/**
 * Lets in who has a password of GetAuthorizationToken, or, for one blob, an address of GetDownloadUrlForLayer.
 * @returns the region that the token is for
 */
function authorize(
  content: RegistryContent,
  request: IncomingMessage,
  route: RegistryRoute,
  query: URLSearchParams,
): string {
  const challenge = {
    'WWW-Authenticate': `Basic realm="http://${content.registryHost()}/",service="ecr.amazonaws.com"`,
  };
  const link = route.kind === 'blob' ? query.get('token') : null;
  const token = link ?? readPassword(request.headers.authorization);
  if (token === undefined) {
    throw new RegistryError('UNAUTHORIZED', 'Not Authorized', { headers: challenge });
  }
  const check = content.tokens.check(token);
  switch (check.kind) {
    case 'expired':
      throw new RegistryError(
        'DENIED',
        'Your authorization token has expired. Reauthenticate and try again.',
      );
    case 'invalid':
      throw new RegistryError('UNAUTHORIZED', 'Not Authorized: the password is not one of this registry', {
        headers: challenge,
      });
    case 'valid': {
      const { blob, region } = check.grant;
      if (blob !== undefined && !(route.kind === 'blob' && blob === `${route.name}@${route.digest}`)) {
        throw new RegistryError('DENIED', 'This address is for another blob');
      }
      if (blob !== undefined && request.method !== 'GET' && request.method !== 'HEAD') {
        throw new RegistryError('DENIED', 'This address is for reading only');
      }
      return region;
    }
  }
}

/** The password of a basic sign-in as "AWS", which is the only user that ECR has. */
function readPassword(header: string | undefined): string | undefined {
  const [, credentials] = /^Basic +([A-Za-z0-9+/=_-]+)$/i.exec(header ?? '') ?? [];
  if (credentials === undefined) {
    return undefined;
  }
  const [user, password] = splitOnce(Buffer.from(credentials, 'base64').toString(), ':');
  return user === 'AWS' ? password : undefined;
}

function answerFailure(error: unknown, response: ServerResponse): void {
  const refusal = toRegistryError(error);
  if (response.headersSent || response.destroyed || response.req.socket.destroyed) {
    // The client has gone, or it has half of an answer: all that is left is to break off.
    response.destroy();
  } else if (refusal !== undefined) {
    sendRegistryError(response, refusal);
  } else {
    throw error;
  }
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)];
}
