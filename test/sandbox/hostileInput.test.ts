import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { SERVICE_SHAPES, type ServiceShapes, type TypeRef } from '../../src/sandbox/protocol/shapes';
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

describe('input that means harm or nothing', () => {
  const sandbox = useSandbox();
  const RUNS = 25;

  const send = async (prefix: string, operation: string, input: unknown): Promise<Response> => {
    const { signingName = '' } = SERVICE_SHAPES[prefix] ?? {};
    return fetch(sandbox.endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `${prefix}.${operation}`,
        authorization:
          `AWS4-HMAC-SHA256 Credential=AKIAEXAMPLEEXAMPLE/20300101/eu-central-1/${signingName}/aws4_request, ` +
          'SignedHeaders=host, Signature=0',
      },
      body: JSON.stringify(input),
    });
  };

  for (const [prefix, shapes] of Object.entries(SERVICE_SHAPES)) {
    for (const [operation, structure] of Object.entries(shapes.operations)) {
      it(`is answered, or refused, by ${shapes.signingName}:${operation}`, async function () {
        this.timeout(60_000);
        const first = await send(prefix, operation, {});
        if (first.status === 501) {
          return;
        }
        await fc.assert(
          fc.asyncProperty(inputOf(shapes, { structure }), async (input) => {
            const response = await send(prefix, operation, input);
            const text = await response.text();
            assert.ok(response.status < 500, `${response.status}: ${text}`);
            JSON.parse(text);
          }),
          { numRuns: RUNS, endOnFailure: true },
        );
      });
    }
  }
});
