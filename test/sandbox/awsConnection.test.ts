import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AwsContext } from '../../src/aws/context';
import { collect } from '../../src/aws/page';
import { createSession, type AwsSession } from '../../src/aws/session';
import type { ErrorReason } from '../../src/base/errors';
import { awsVariables } from '../support/awsVariables';
import { useSandbox } from '../support/sandboxClients';

const REGION = 'eu-central-1';

/** Answers every call as a service does, and remembers who signed it for which region. */
class RecordingService {
  readonly calls: { readonly key: string; readonly region: string; readonly operation: string }[] = [];
  /** Access keys that the service says have expired. */
  readonly expired = new Set<string>();
  readonly unknown = new Set<string>();
  private server: Server | undefined;

  async open(): Promise<string> {
    this.server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        const [, key = '', region = ''] =
          /Credential=([^/]+)\/\d+\/([^/]+)\//.exec(request.headers.authorization ?? '') ?? [];
        const target = request.headers['x-amz-target'];
        const operation = new URLSearchParams(body).get('Action') ?? String(target).split('.').at(-1) ?? '';
        this.calls.push({ key, region, operation });
        if (operation === 'AssumeRole') {
          response.setHeader('content-type', 'text/xml');
          response.end(ASSUMED);
          return;
        }
        const refusal = this.expired.has(key)
          ? 'ExpiredTokenException'
          : this.unknown.has(key)
            ? 'UnrecognizedClientException'
            : undefined;
        response.writeHead(refusal ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' });
        response.end(JSON.stringify(refusal ? { __type: refusal, message: 'No.' } : { repositories: [] }));
      });
    });
    await new Promise<void>((resolve) => this.server?.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server?.close();
    this.server?.closeAllConnections();
  }
}

const ASSUMED = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
  <Credentials><AccessKeyId>AKIAASSUMED</AccessKeyId><SecretAccessKey>assumed</SecretAccessKey>
  <SessionToken>assumed</SessionToken><Expiration>2999-01-01T00:00:00Z</Expiration></Credentials>
  <AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/Deployer/x</Arn><AssumedRoleId>x</AssumedRoleId>
  </AssumedRoleUser></AssumeRoleResult></AssumeRoleResponse>`;

describe('the gateways of a profile', () => {
  const variables = awsVariables();
  const sandbox = useSandbox();
  let folder: string;
  let service: RecordingService;
  let endpoint: string;
  const sessions: AwsSession[] = [];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'aws-connection-'));
    service = new RecordingService();
    endpoint = await service.open();
    files({});
  });
  afterEach(() => {
    sessions.splice(0).forEach((session) => session.dispose());
    service.close();
    rmSync(folder, { recursive: true });
  });

  const files = ({ config = '', credentials = '', more = {} }): void => {
    writeFileSync(join(folder, 'config'), config);
    writeFileSync(join(folder, 'credentials'), credentials);
    variables.set({
      AWS_CONFIG_FILE: join(folder, 'config'),
      AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
      AWS_EC2_METADATA_DISABLED: 'true',
      ...more,
    });
  };
  const keys = (name: string, id: string): string =>
    `[${name}]\naws_access_key_id = ${id}\naws_secret_access_key = example\n`;
  const open = (profile: string | undefined, region = REGION): AwsSession => {
    const context: AwsContext = {
      label: profile ?? 'default credentials',
      source: profile === undefined ? { kind: 'default' } : { kind: 'profile', profile },
      region,
    };
    const session = createSession(context);
    sessions.push(session);
    return session;
  };
  const list = (session: AwsSession): Promise<unknown> => collect(session.ecr.repositories());
  const signers = (): string[] => service.calls.map(({ key }) => key);

  it('reach a sandbox that only the profile names', async () => {
    files({
      config: `[profile local]\nendpoint_url = ${sandbox.endpoint}\n`,
      credentials: keys('local', 'AKIALOCAL'),
    });
    const session = open('local');
    await session.ecr.createRepository({ repositoryName: 'by-profile' });
    assert.deepEqual(
      ((await list(session)) as { repositoryName: string }[]).map(({ repositoryName }) => repositoryName),
      ['by-profile'],
    );
    assert.equal((await session.identity()).accountId, '000000000000');
    assert.deepEqual(await list(open('local', 'us-east-1')), []);
  });

  it("never go to another profile's endpoint, though the environment has that profile", async () => {
    files({
      config: `[default]\nendpoint_url = ${endpoint}\n[profile work]\nregion = ${REGION}\n`,
      credentials: keys('work', 'AKIAWORK') + keys('default', 'AKIADEFAULT'),
    });
    // AWS itself is not called: the name of the host that would be is none.
    const session = open('work', 'nowhere-1');
    await assert.rejects(list(session), { reason: 'endpointUnreachable' });
    assert.deepEqual(signers(), []);
    await list(open('default'));
    assert.deepEqual(signers(), ['AKIADEFAULT']);
  }).timeout(60_000);

  it('sign with the keys of their own profile each, and for their own region', async () => {
    files({
      credentials: keys('one', 'AKIAONE') + keys('two', 'AKIATWO'),
      more: { AWS_ENDPOINT_URL: endpoint, AWS_ACCESS_KEY_ID: 'AKIAENV', AWS_SECRET_ACCESS_KEY: 'x' },
    });
    await Promise.all([list(open('one')), list(open('two', 'us-east-1')), list(open(undefined))]);
    assert.deepEqual(service.calls.map(({ key, region }) => `${key} ${region}`).sort(), [
      `AKIAENV ${REGION}`,
      `AKIAONE ${REGION}`,
      'AKIATWO us-east-1',
    ]);
  });

  it('take the default credentials from the profile of the environment', async () => {
    files({
      credentials: keys('chosen', 'AKIACHOSEN'),
      more: { AWS_ENDPOINT_URL: endpoint, AWS_PROFILE: 'chosen' },
    });
    await list(open(undefined));
    assert.deepEqual(signers(), ['AKIACHOSEN']);
  });

  it('assume a role through the endpoint that the profile has for STS', async () => {
    files({
      config:
        `[profile staging]\nrole_arn = arn:aws:iam::123456789012:role/Deployer\nsource_profile = work\n` +
        `endpoint_url = ${endpoint}\n`,
      credentials: keys('work', 'AKIAWORK'),
    });
    await list(open('staging'));
    assert.deepEqual(
      service.calls.map(({ key, operation }) => `${key} ${operation}`),
      ['AKIAWORK AssumeRole', 'AKIAASSUMED DescribeRepositories'],
    );
  });

  it('get credentials from the program that the profile names', async () => {
    const program = join(folder, 'keys.js');
    const answer = { Version: 1, AccessKeyId: 'AKIAPROCESS', SecretAccessKey: 'x' };
    writeFileSync(program, `console.log(${JSON.stringify(JSON.stringify(answer))})`);
    files({
      config: `[profile process]\ncredential_process = "${process.execPath}" "${program}"\nendpoint_url = ${endpoint}\n`,
    });
    await list(open('process'));
    assert.deepEqual(signers(), ['AKIAPROCESS']);
  });

  it('say why that program failed, without its arguments, and take no other identity in its place', async () => {
    const program = join(folder, 'keys.js');
    writeFileSync(program, `console.error('keys: the vault is locked'); process.exit(1)`);
    files({
      config: `[profile process]\ncredential_process = "${process.execPath}" "${program}" --password SESAME\nendpoint_url = ${endpoint}\n`,
      more: { AWS_WEB_IDENTITY_TOKEN_FILE: program, AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/Other' },
    });
    await assert.rejects(list(open('process')), (error: Error & { reason: ErrorReason }) => {
      assert.equal(error.reason, 'credentialsMissing');
      assert.match(error.message, /^Could not list the ECR repositories \(process · eu-central-1\)/);
      assert.match(error.message, /the vault is locked/);
      assert.doesNotMatch(`${error.message} ${String(error.cause)}`, /SESAME/);
      return true;
    });
    assert.deepEqual(signers(), []);
  });

  it('go on with the keys that the file has by now when the old ones have expired, without a restart', async () => {
    files({ credentials: keys('work', 'AKIAOLD'), more: { AWS_ENDPOINT_URL: endpoint } });
    const session = open('work');
    await list(session);
    service.expired.add('AKIAOLD');
    await assert.rejects(list(session), { reason: 'credentialsExpired', action: 'selectContext' });
    assert.deepEqual(signers(), ['AKIAOLD', 'AKIAOLD', 'AKIAOLD'], 'asked once more, and no more often');
    writeFileSync(join(folder, 'credentials'), keys('work', 'AKIANEW'));
    await Promise.all([list(session), list(session), list(session)]);
    assert.equal(signers().filter((key) => key === 'AKIANEW').length, 3);
  });

  it('read keys anew that the service did not know', async () => {
    files({ credentials: keys('work', 'AKIAWRONG'), more: { AWS_ENDPOINT_URL: endpoint } });
    service.unknown.add('AKIAWRONG');
    const session = open('work');
    await assert.rejects(list(session), { reason: 'credentialsMissing' });
    writeFileSync(join(folder, 'credentials'), keys('work', 'AKIARIGHT'));
    await list(session);
    assert.deepEqual(signers(), ['AKIAWRONG', 'AKIARIGHT']);
  });

  it('say that there are no credentials, and find them once there are', async () => {
    files({ config: '[profile work]\nregion = us-east-1\n', more: { AWS_ENDPOINT_URL: endpoint } });
    const session = open('work');
    await assert.rejects(list(session), {
      reason: 'credentialsMissing',
      message: /work · eu-central-1\): no usable credentials\. Check the profile, or sign in/,
    });
    writeFileSync(join(folder, 'credentials'), keys('work', 'AKIANEW'));
    await list(session);
  });

  it('say when nothing answers at the endpoint', async () => {
    service.close();
    files({ credentials: keys('work', 'AKIAWORK'), more: { AWS_ENDPOINT_URL: endpoint } });
    await assert.rejects(list(open('work')), { reason: 'endpointUnreachable', message: /ECONNREFUSED/ });
  }).timeout(60_000);

  describe('when the service is in trouble', () => {
    let session: AwsSession;
    beforeEach(() => {
      files({ credentials: keys('work', 'AKIAWORK'), more: { AWS_ENDPOINT_URL: sandbox.endpoint } });
      session = open('work');
    });
    afterEach(() => sandbox.control('DELETE', 'faults'));
    const fault = (members: object): Promise<unknown> => sandbox.control('POST', 'faults', members);

    for (const kind of ['throttle', 'error', 'drop', 'expiredToken'] as const) {
      it(`do their work in spite of one ${kind}`, async () => {
        await fault({ operation: 'DescribeRepositories', kind, count: 1 });
        await list(session);
      });
    }

    for (const [kind, reason, action] of [
      ['throttle', 'throttled', 'retry'],
      ['error', 'serviceUnavailable', 'retry'],
      ['drop', 'endpointUnreachable', 'retry'],
      ['expiredToken', 'credentialsExpired', 'selectContext'],
      ['accessDenied', 'accessDenied', 'openLog'],
    ] as const) {
      it(`give up on an endless ${kind} with the reason ${reason}`, async () => {
        await fault({ operation: 'DescribeRepositories', kind });
        await assert.rejects(list(session), {
          reason,
          action,
          message: /^Could not list the ECR repositories \(work · eu-central-1\): /,
        });
      }).timeout(60_000);
    }

    it('stop asking when they are cancelled, also while they wait for another try', async () => {
      await fault({ operation: 'DescribeRepositories', kind: 'throttle' });
      const stop = new AbortController();
      const listing = collect(session.ecr.repositories(stop.signal));
      setTimeout(() => stop.abort(), 100);
      await assert.rejects(listing, { reason: 'cancelled' });
    });
  });
});
