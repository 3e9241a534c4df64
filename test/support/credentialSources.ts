import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as one of the services behind the server saw it. */
export interface SeenCall {
  /** The operation's name, or method and path where there is none. */
  readonly operation: string;
  /** The access key that it was signed with, if it was. */
  readonly key: string;
  readonly parameters: URLSearchParams;
}

/**
 * Every place over HTTP that credentials come from, in one server: STS, the access portal of IAM Identity Center,
 * container and instance metadata. Anything else is answered as an empty listing. Each source has a key of its own.
 */
export class CredentialSources {
  readonly calls: SeenCall[] = [];
  /** The one code that roles accept which want one. */
  mfaCode = '123456';
  /** How long the sessions of roles last, in milliseconds. */
  sessionMilliseconds = 3_600_000;
  /** What is said to who is refused. */
  refusal = 'No.';
  private server: Server | undefined;

  async open(): Promise<string> {
    this.server = createServer((request, response) => void this.answer(request, response));
    await new Promise<void>((resolve) => this.server?.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server?.close();
    this.server?.closeAllConnections();
  }

  /** "key operation" of all calls, in their order. */
  seen(): string[] {
    return this.calls.map(({ key, operation }) => [key, operation].filter(Boolean).join(' '));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) {
      body += String(chunk);
    }
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const form = new URLSearchParams(body);
    const target =
      String(request.headers['x-amz-target'] ?? '')
        .split('.')
        .at(-1) ?? '';
    const operation = form.get('Action') ?? (target || `${request.method ?? ''} ${pathname}`);
    const [, key = ''] = /Credential=([^/]+)\//.exec(request.headers.authorization ?? '') ?? [];
    this.calls.push({ operation, key, parameters: form.has('Action') ? form : searchParams });
    const expiration = new Date(Date.now() + this.sessionMilliseconds);
    const json = (value: unknown): void => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    };
    const refuse = (code: string): void => {
      response
        .writeHead(403, { 'content-type': 'text/xml' })
        .end(
          `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${this.refusal}</Message></Error></ErrorResponse>`,
        );
    };
    switch (operation) {
      case 'AssumeRole':
        return form.has('SerialNumber') && form.get('TokenCode') !== this.mfaCode
          ? refuse('AccessDenied')
          : writeRole(response, operation, form, expiration);
      case 'AssumeRoleWithWebIdentity':
        return form.get('WebIdentityToken') === 'token-of-the-file'
          ? writeRole(response, operation, form, expiration)
          : refuse('InvalidIdentityToken');
      case 'GetCallerIdentity':
        return writeIdentity(response, key);
      case 'GET /federation/credentials':
        return request.headers['x-amz-sso_bearer_token'] === 'token-of-the-cache'
          ? json({ roleCredentials: { ...secrets('AKIASSO'), expiration: expiration.getTime() } })
          : void response
              .writeHead(401, {
                'content-type': 'application/json',
                'x-amzn-errortype': 'UnauthorizedException',
              })
              .end('{"message":"Session token not found or invalid"}');
      case 'GET /container':
        return request.headers.authorization === 'token-of-the-container'
          ? json(metadata('AKIACONTAINER', expiration))
          : void response.writeHead(401).end();
      case 'PUT /latest/api/token':
        return void response.end('token-of-the-instance');
      case 'GET /latest/meta-data/iam/security-credentials/':
        return void response.end('role-of-the-instance');
      case 'GET /latest/meta-data/iam/security-credentials/role-of-the-instance':
        return json({ Code: 'Success', ...metadata('AKIAINSTANCE', expiration) });
      default:
        return json({ repositories: [], clusterArns: [], clusters: [] });
    }
  }
}

function secrets(accessKeyId: string): object {
  return { accessKeyId, secretAccessKey: 'example', sessionToken: 'example' };
}

function metadata(AccessKeyId: string, expiration: Date): object {
  return { AccessKeyId, SecretAccessKey: 'example', Token: 'example', Expiration: expiration.toISOString() };
}

/** The key of an assumed role says which role it is. */
function writeRole(response: ServerResponse, action: string, form: URLSearchParams, expiration: Date): void {
  const role = form.get('RoleArn')?.split('/').at(-1) ?? '';
  response.writeHead(200, { 'content-type': 'text/xml' });
  response.end(
    `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result><Credentials>` +
      `<AccessKeyId>ASIA${role.toUpperCase()}</AccessKeyId><SecretAccessKey>example</SecretAccessKey>` +
      `<SessionToken>example</SessionToken><Expiration>${expiration.toISOString()}</Expiration></Credentials>` +
      `<AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/${role}/x</Arn><AssumedRoleId>x</AssumedRoleId>` +
      `</AssumedRoleUser></${action}Result></${action}Response>`,
  );
}

/** Each key is a user of that name. */
function writeIdentity(response: ServerResponse, key: string): void {
  response.writeHead(200, { 'content-type': 'text/xml' });
  response.end(
    '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
      `<Arn>arn:aws:iam::123456789012:user/${key}</Arn><UserId>${key}</UserId><Account>123456789012</Account>` +
      '</GetCallerIdentityResult></GetCallerIdentityResponse>',
  );
}
