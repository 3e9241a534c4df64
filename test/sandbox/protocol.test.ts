import assert from 'node:assert/strict';
import { request } from 'node:http';
import {
  CloudWatchLogsServiceException,
  DescribeLogGroupsCommand,
  InvalidParameterException,
  PutLogEventsCommand,
  StartQueryCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { GetCallerIdentityCommand, GetSessionTokenCommand, STSServiceException } from '@aws-sdk/client-sts';
import { useSandbox } from '../support/sandboxClients';

const AUTHORIZATION =
  'AWS4-HMAC-SHA256 Credential=AKIAEXAMPLEEXAMPLE/20300101/eu-central-1/logs/aws4_request, ' +
  'SignedHeaders=host;x-amz-date, Signature=0123456789abcdef';

interface RawAnswer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly text: string;
  readonly error: { __type?: string; message?: string };
}

describe('the wire protocols of the sandbox', () => {
  const sandbox = useSandbox();

  /** A request as no SDK would send it; a header that is `undefined` is left out. */
  const raw = (
    body: string | Buffer,
    headers: Record<string, string | undefined> = {},
    path = '/',
    method = 'POST',
  ): Promise<RawAnswer> =>
    new Promise((resolve, reject) => {
      const all = {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'Logs_20140328.DescribeLogGroups',
        authorization: AUTHORIZATION,
        ...headers,
      };
      const sent = request(
        sandbox.endpoint,
        {
          path,
          method,
          headers: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)),
        },
        (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
          response.on('end', () => {
            const json = String(response.headers['content-type']).includes('json');
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              text,
              error: json ? (JSON.parse(text) as RawAnswer['error']) : {},
            });
          });
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });

  it('gives errors with a name, a message and a request id, in body and headers', async () => {
    const { status, headers, error } = await raw('{"limit": 0}');
    assert.equal(status, 400);
    assert.equal(error.__type, 'InvalidParameterException');
    assert.match(error.message ?? '', /'limit' failed to satisfy constraint/);
    assert.equal(headers['x-amzn-errortype'], 'InvalidParameterException');
    assert.equal(headers['content-type'], 'application/x-amz-json-1.1');
    assert.match(String(headers['x-amzn-requestid']), /^[0-9a-f-]{36}$/);
  });

  it('gives the SDK instances of the exceptions that it declares', async () => {
    await assert.rejects(sandbox.logs.send(new DescribeLogGroupsCommand({ limit: 51 })), (error) => {
      assert.ok(error instanceof InvalidParameterException);
      assert.equal(error.name, 'InvalidParameterException');
      assert.equal(error.$fault, 'client');
      assert.equal(error.$metadata.httpStatusCode, 400);
      assert.ok(error.$metadata.requestId);
      return true;
    });
  });

  describe('without a proper signature', () => {
    for (const [title, authorization, code] of [
      ['none at all', undefined, 'MissingAuthenticationTokenException'],
      ['an empty one', ' ', 'MissingAuthenticationTokenException'],
      ['another scheme', 'Basic QVdTOng=', 'IncompleteSignatureException'],
      ['no credential', 'AWS4-HMAC-SHA256 SignedHeaders=host, Signature=0', 'IncompleteSignatureException'],
      ['a scope cut short', AUTHORIZATION.replace('/aws4_request', ''), 'IncompleteSignatureException'],
      [
        'a region that is none',
        AUTHORIZATION.replace('eu-central-1', 'EU Central'),
        'IncompleteSignatureException',
      ],
      ['another service in it', AUTHORIZATION.replace('/logs/', '/ecs/'), 'InvalidSignatureException'],
    ] as const) {
      it(`refuses ${title}: ${code}`, async () => {
        const { status, error } = await raw('{}', { authorization });
        assert.equal(status, 400);
        assert.equal(error.__type, code);
      });
    }
  });

  describe('for operations', () => {
    for (const target of [
      undefined,
      '',
      'Logs_20140328',
      'Logs_20140328.',
      'Logs_20140328.Nonsense',
      'Logs_20140328.constructor',
      'Nothing_1.DescribeLogGroups',
      '__proto__.DescribeLogGroups',
      'x'.repeat(5000),
    ]) {
      it(`knows no ${target?.slice(0, 40) ?? 'absent target'}`, async () => {
        const { status, error } = await raw('{}', { 'x-amz-target': target });
        assert.equal(status, 400);
        assert.equal(error.__type, 'UnknownOperationException');
      });
    }

    for (const method of ['GET', 'PUT', 'PATCH']) {
      it(`takes none by ${method}`, async () => {
        const { status, headers } = await raw(method === 'GET' ? '' : '{}', {}, '/', method);
        assert.equal(status, 404);
        assert.equal(headers['x-amzn-errortype'], 'UnknownOperationException');
      });
    }

    it('says of those that the service has and the sandbox has not that it does not serve them', async () => {
      await assert.rejects(
        sandbox.logs.send(
          new StartQueryCommand({ startTime: 0, endTime: 1, queryString: 'fields @message' }),
        ),
        (error) => {
          assert.ok(error instanceof CloudWatchLogsServiceException);
          assert.equal(error.name, 'NotImplementedException');
          assert.match(error.message, /sandbox does not serve this operation: StartQuery/);
          return true;
        },
      );
    });
  });

  describe('for bodies', () => {
    const put = (body: string): Promise<RawAnswer> =>
      raw(body, { 'x-amz-target': 'Logs_20140328.PutLogEvents' });

    for (const [title, body, message] of [
      ['text that is not JSON', '{"limit": ', /not valid JSON/],
      ['bytes that are not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), /not valid JSON/],
      ['a list', '[]', /Start of list found where not expected/],
      ['a number', '1', /Unexpected field type/],
      ['null', 'null', /Unexpected field type/],
      ['a text for a number', '{"limit": "5"}', /STRING_VALUE can not be converted to a Number/],
      ['a number for a text', '{"nextToken": 5}', /NUMBER_VALUE can not be converted to a String/],
      ['a truth value for a text', '{"nextToken": true}', /TRUE_VALUE can not be converted to a String/],
      ['a structure for a text', '{"nextToken": {}}', /Start of structure or map found where not expected/],
      ['a list for a text', '{"nextToken": []}', /Start of list found where not expected/],
      ['a text for a list', '{"logGroupIdentifiers": "a"}', /Expected list or null/],
      ['a text for a truth value', '{"includeLinkedAccounts": "yes"}', /can not be converted to a Boolean/],
      ['an endless number', '{"limit": 1e999}', /can not be converted to a Number/],
    ] as const) {
      it(`refuses ${title}`, async () => {
        const { status, error } = await raw(body);
        assert.equal(status, 400);
        assert.equal(error.__type, 'SerializationException');
        assert.match(error.message ?? '', message);
      });
    }

    it('takes an empty one as an empty structure, and a null as an absent member', async () => {
      assert.equal((await raw('')).status, 200);
      assert.equal((await raw('{"limit": null, "logGroupNamePrefix": null}')).status, 200);
    });

    it('ignores members that the operation does not have', async () => {
      assert.equal(
        (await raw('{"unheardOf": {"a": [1]}, "__proto__": {"limit": "x"}, "toString": 1}')).status,
        200,
      );
    });

    it('names every required member that is missing', async () => {
      const { error } = await put('{"logStreamName": "s", "logEvents": [{"message": "x"}, null]}');
      assert.equal(error.__type, 'InvalidParameterException');
      assert.equal(
        error.message,
        '3 validation errors detected: ' +
          "Value null at 'logGroupName' failed to satisfy constraint: Member must not be null; " +
          "Value null at 'logEvents.1.member.timestamp' failed to satisfy constraint: Member must not be null; " +
          "Value null at 'logEvents.2.member' failed to satisfy constraint: Member must not be null",
      );
    });

    it('names a required member that the SDK was not given', () =>
      assert.rejects(
        sandbox.logs.send(
          new PutLogEventsCommand({ logGroupName: undefined, logStreamName: 's', logEvents: [] }),
        ),
        (error) => error instanceof InvalidParameterException && error.message.includes("'logGroupName'"),
      ));

    it('refuses one that is larger than any request', async () => {
      const { status, error } = await raw(Buffer.alloc(33 * 1024 * 1024, ' '));
      assert.equal(status, 413);
      assert.equal(error.__type, 'RequestEntityTooLargeException');
      assert.equal((await raw('{}')).status, 200);
    });

    it('is not brought down by deep nesting', async () => {
      const { error } = await raw('{"a":'.repeat(100_000));
      assert.equal(error.__type, 'SerializationException');
      const nested = `{"logGroupIdentifiers": ${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
      assert.equal((await raw(nested)).error.__type, 'SerializationException');
    });
  });

  describe('of queries', () => {
    const STS_AUTHORIZATION = AUTHORIZATION.replace('/logs/', '/sts/');
    const query = (body: string, authorization: string | undefined = STS_AUTHORIZATION): Promise<RawAnswer> =>
      raw(body, { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8', authorization });

    it('answers in XML', async () => {
      const { status, headers, text } = await query('Action=GetCallerIdentity&Version=2011-06-15');
      assert.equal(status, 200);
      assert.equal(headers['content-type'], 'text/xml');
      assert.match(text, /<GetCallerIdentityResult>.*<Account>000000000000<\/Account>/);
    });

    for (const [title, body, code] of [
      ['an unknown action', 'Action=<script>&Version=2011-06-15', 'InvalidAction'],
      ['an unknown version', 'Action=GetCallerIdentity&Version=1', 'InvalidAction'],
      ['no form at all', '%%%', 'InvalidAction'],
    ] as const) {
      it(`refuses ${title}`, async () => {
        const { status, text } = await query(body);
        assert.equal(status, 400);
        assert.match(text, new RegExp(`<Code>${code}</Code>`));
        assert.doesNotMatch(text, /<script>/);
      });
    }

    it('refuses those without a signature or with one for another service', async () => {
      const valid = 'Action=GetCallerIdentity&Version=2011-06-15';
      assert.match((await query(valid, ' ')).text, /<Code>MissingAuthenticationToken</);
      assert.match((await query(valid, AUTHORIZATION)).text, /<Code>SignatureDoesNotMatch</);
    });

    it('gives the SDK errors that it can read', () =>
      assert.rejects(
        sandbox.sts.send(new GetSessionTokenCommand({})),
        (error) => error instanceof STSServiceException && error.name === 'NotImplementedException',
      ));
  });

  describe('of paths', () => {
    for (const path of ['//', '//attacker.example/device?user_code=x', '/%', '/?', 'http://[']) {
      it(`knows no operation at ${path}`, async () => {
        const { status, headers } = await raw('', { 'x-amz-target': undefined }, path, 'GET');
        assert.equal(status, 404);
        assert.equal(headers['x-amzn-errortype'], 'UnknownOperationException');
      });
    }
  });

  describe('towards pages in a browser', () => {
    for (const path of ['/', '/v2/', '/_sandbox/info']) {
      it(`answers no name but loopback ones at ${path}`, async () => {
        const headers = { host: 'attacker.example', 'x-sandbox-control': '1' };
        assert.equal((await raw('{}', headers, path)).status, 403);
        assert.equal((await raw('{}', { ...headers, host: '127.0.0.1.attacker.example' }, path)).status, 403);
        assert.notEqual((await raw('{}', { ...headers, host: 'localhost:1' }, path)).status, 403);
      });
    }

    it('takes control requests with the control header only, and allows no other origin to send it', async () => {
      const headers = { 'x-sandbox-control': undefined, origin: 'https://attacker.example' };
      assert.equal((await raw('', headers, '/_sandbox/reset')).status, 403);
      const preflight = await raw('', headers, '/_sandbox/reset', 'OPTIONS');
      assert.equal(preflight.status, 403);
      assert.equal(preflight.headers['access-control-allow-origin'], undefined);
      assert.equal((await raw('', { 'x-sandbox-control': '1' }, '/_sandbox/nothing')).status, 404);
    });
  });

  it('keeps on serving many callers at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 60 }, () => sandbox.sts.send(new GetCallerIdentityCommand({}))),
    );
    assert.equal(new Set(answers.map(({ $metadata }) => $metadata.requestId)).size, 60);
  });
});
