import {
  connect,
  createServer as createTcpServer,
  type AddressInfo,
  type Server,
  type Socket,
} from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

/** A certificate for "proxied.test" and 127.0.0.1 that no authority has signed: only who is given it trusts it. */
export const TEST_CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBuzCCAWKgAwIBAgIUC/h/Dq7HbtwmUAXPK1cadNgyFIswCgYIKoZIzj0EAwIw
IzEhMB8GA1UEAwwYVGVzdCBhdXRob3JpdHkgb2Ygbm8gdXNlMCAXDTI2MTEyMTEy
NDIzN1oYDzIxMjYxMDI4MTI0MjM3WjAjMSEwHwYDVQQDDBhUZXN0IGF1dGhvcml0
eSBvZiBubyB1c2UwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASrERp3VlSNymsH
WVWZi4yI0yh31WXj4gdsvBizgOZvfjdlqgknf2378kBQbnZp7Jc1q15RTGHYfMyJ
blvDvUCbo3IwcDAdBgNVHQ4EFgQUQPfvOnl8CraOWl8a2RrBCPT4H3cwHwYDVR0j
BBgwFoAUQPfvOnl8CraOWl8a2RrBCPT4H3cwDwYDVR0TAQH/BAUwAwEB/zAdBgNV
HREEFjAUggxwcm94aWVkLnRlc3SHBH8AAAEwCgYIKoZIzj0EAwIDRwAwRAIgdKmD
9AZf4qS7SFDmp9wqzd1Z3nh0M/FlOm+DDGOzkvkCIDy7ayqWIfuPVJcJkTWun4ZD
l1iubljKdx4ETw6sMWHq
-----END CERTIFICATE-----
`;

/** Its key, which guards nothing. */
const TEST_KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgGyzz4+/k4Q7Ok+v0
fU/D96GEPc/DZxeOXIEnQQVTA86hRANCAASrERp3VlSNymsHWVWZi4yI0yh31WXj
4gdsvBizgOZvfjdlqgknf2378kBQbnZp7Jc1q15RTGHYfMyJblvDvUCb
-----END PRIVATE KEY-----
`;

/** A server of the current test on a loopback port. */
export interface LoopbackServer {
  readonly port: number;
  close(): void;
}

/** Takes TLS connections and passes on what they carry to a plain port of this machine. */
export function startTlsFront(targetPort: number): Promise<LoopbackServer> {
  return listen(
    createTlsServer({ key: TEST_KEY, cert: TEST_CERTIFICATE }, (socket) =>
      join(socket, connect(targetPort, '127.0.0.1')),
    ),
  );
}

/** A proxy that knows CONNECT, and leads wherever it is to connect to one port of this machine. */
export async function startConnectProxy(
  targetPort: number,
): Promise<LoopbackServer & { readonly asked: readonly string[] }> {
  const asked: string[] = [];
  const server = await listen(
    createTcpServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.once('data', (head) => {
        asked.push(head.toString('latin1').split(' HTTP/')[0] ?? '');
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        join(socket, connect(targetPort, '127.0.0.1'));
      });
    }),
  );
  return { ...server, asked };
}

function join(one: Socket, other: Socket): void {
  one.pipe(other).pipe(one);
  one.on('error', () => other.destroy());
  other.on('error', () => one.destroy());
}

async function listen(server: Server): Promise<LoopbackServer> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
      sockets.forEach((socket) => socket.destroy());
    },
  };
}
