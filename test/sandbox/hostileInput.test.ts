import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import {
  type Route,
  SERVICE_SHAPES,
  type ServiceShapes,
  shapesOf,
  type TypeRef,
} from '../../src/sandbox/protocol/shapes';
import { useSandbox } from '../support/sandboxClients';

/** Inputs of the right shape and of any content: names, numbers and texts as nobody would send them. */
function inputOf(shapes: ServiceShapes, type: TypeRef, depth = 0): fc.Arbitrary<unknown> {
  switch (type) {
    case 'string':
      return fc.oneof(
        fc.constantFrom('', 'a', 'a:1', '*', '__proto__', 'constructor', 'default', '../../etc/passwd'),
        fc.constantFrom(
          'arn:aws:ecs:eu-central-1:000000000000:service/a/b',
          'arn:::::',
          `sha256:${'0'.repeat(64)}`,
        ),
        fc.constantFrom('ACTIVE', 'FARGATE', 'awsvpc', 'x'.repeat(2000)),
        fc.string(),
      );
    case 'number':
      return fc.oneof(fc.constantFrom(0, -1, 1, 0.5, 2 ** 53, -(2 ** 60), 1e300), fc.integer());
    case 'boolean':
      return fc.boolean();
    case 'timestamp':
      return fc.oneof(fc.constantFrom(0, -1, 1e300), fc.integer());
    case 'blob':
      return fc.constantFrom('', 'AAAA');
    case 'document':
      return fc.jsonValue();
  }
  if ('list' in type) {
    return fc.array(inputOf(shapes, type.list, depth + 1), { maxLength: 3 });
  }
  if ('map' in type) {
    return fc.dictionary(fc.string(), inputOf(shapes, type.map, depth + 1), { maxKeys: 3 });
  }
  const shape = shapes.structures[type.structure];
  if (shape === undefined || depth > 8) {
    return fc.constant({});
  }
  const members = Object.entries(shape.members).map(([name, member]) => [
    name,
    inputOf(shapes, member, depth + 1),
  ]);
  const required = shape.union ? [] : (shape.required ?? []);
  return fc.record(Object.fromEntries(members) as Record<string, fc.Arbitrary<unknown>>, {
    requiredKeys: [...required],
  });
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** An input as the parameters of a Query request. */
function formOf(value: unknown, path: string): [string, string][] {
  if (typeof value !== 'object' || value === null) {
    return [[path, String(value)]];
  }
  const list = Array.isArray(value);
  return Object.entries(value).flatMap(([name, member]) => {
    const part = list ? `member.${Number(name) + 1}` : name;
    return formOf(member, path === '' ? part : `${path}.${part}`);
  });
}

describe('input that means harm or nothing', () => {
  const sandbox = useSandbox();
  const RUNS = 25;

  const send = (signingName: string, operation: string, input: object): Promise<Response> => {
    const { protocol } = shapesOf(signingName);
    const authorization =
      `AWS4-HMAC-SHA256 Credential=AKIAEXAMPLEEXAMPLE/20300101/eu-central-1/${signingName}/aws4_request, ` +
      'SignedHeaders=host, Signature=0';
    switch (protocol.kind) {
      case 'json':
        return fetch(sandbox.endpoint, {
          method: 'POST',
          headers: {
            'content-type': 'application/x-amz-json-1.1',
            'x-amz-target': `${protocol.targetPrefix}.${operation}`,
            authorization,
          },
          body: JSON.stringify(input),
        });
      case 'query':
        return fetch(sandbox.endpoint, {
          method: 'POST',
          headers: { authorization },
          body: new URLSearchParams([
            ['Action', operation],
            ['Version', protocol.version],
            ...formOf(input, ''),
          ]),
        });
      case 'rest':
        return sendRest(protocol.routes[operation], input, authorization);
    }
  };

  const sendRest = (route: Route | undefined, input: object, authorization: string): Promise<Response> => {
    const { method = '', path = '', query = {} } = route ?? {};
    const members = { ...input } as Record<string, unknown>;
    const take = (member: string): unknown => {
      const { [member]: value } = members;
      delete members[member];
      return value;
    };
    // An empty segment is another path, and dots are resolved by the client.
    const segment = (value: unknown): string =>
      encodeURIComponent(textOf(value ?? '').replace(/^[.]*$|[\ud800-\udfff]/g, 'none'));
    const filled = path.replace(/\{(\w+)\}/g, (_whole, member: string) => segment(take(member)));
    const parameters = new URLSearchParams();
    for (const [member, name] of Object.entries(query)) {
      const value = take(member);
      if (value !== undefined) {
        parameters.set(name, textOf(value));
      }
    }
    return fetch(`${sandbox.endpoint}${filled}?${parameters.toString()}`, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      ...(method !== 'GET' && { body: JSON.stringify(members) }),
    });
  };

  for (const [signingName, shapes] of Object.entries(SERVICE_SHAPES)) {
    for (const [operation, structure] of Object.entries(shapes.operations)) {
      it(`is answered, or refused, by ${signingName}:${operation}`, async function () {
        this.timeout(60_000);
        const first = await send(signingName, operation, {});
        if (first.status === 501) {
          return;
        }
        await fc.assert(
          fc.asyncProperty(inputOf(shapes, { structure }) as fc.Arbitrary<object>, async (input: object) => {
            const response = await send(signingName, operation, input);
            const text = await response.text();
            assert.ok(response.status < 500, `${response.status}: ${text}`);
            if (shapes.protocol.kind !== 'query' && response.status !== 204) {
              JSON.parse(text);
            }
          }),
          { numRuns: RUNS, endOnFailure: true },
        );
      });
    }
  }
});
