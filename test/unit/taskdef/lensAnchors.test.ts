import assert from 'node:assert/strict';
import fc from 'fast-check';
import { findLensAnchors } from '../../../src/taskdef/lensAnchors';

const DEFINITION = `{
  "family": "web",
  "containerDefinitions": [
    { "name": "web", "image": "nginx:1" },
    { "image": "log:1", "name": "log" }
  ]
}`;

/** The texts at which the lenses stand. */
function anchored(text: string): { definition: string | undefined; images: [string, string][] } {
  const { definition, images } = findLensAnchors(text);
  const cut = (span: { offset: number; length: number }): string =>
    text.slice(span.offset, span.offset + span.length);
  return {
    definition: definition && cut(definition),
    images: images.map((image) => [image.container, cut(image)]),
  };
}

describe('Lenses', () => {
  it('stand at the family, and at the image of each container', () => {
    assert.deepEqual(anchored(DEFINITION), {
      definition: '"family": "web"',
      images: [
        ['web', '"image": "nginx:1"'],
        ['log', '"image": "log:1"'],
      ],
    });
  });

  it('stand inside a wrapper', () => {
    assert.deepEqual(anchored(`{"taskDefinition": ${DEFINITION}}`), anchored(DEFINITION));
  });

  it('stand at the definition where it has no family yet', () => {
    assert.equal(anchored('{"containerDefinitions": []}').definition, '{');
  });

  it('stand only at the images of a bare list of containers', () => {
    assert.deepEqual(anchored('[{"name": "web", "image": "nginx:1"}]'), {
      definition: undefined,
      images: [['web', '"image": "nginx:1"']],
    });
  });

  it('stay while a text is not JSON at the moment', () => {
    const typing = DEFINITION.replace('"family": "web",', '"family": "web", "cpu": ');
    assert.equal(anchored(typing).definition, '"family": "web"');
    assert.equal(anchored(typing).images.length, 2);
    assert.equal(anchored(DEFINITION.slice(0, -4)).definition, '"family": "web"');
    assert.equal(anchored(DEFINITION.replace('"web",\n', '<FAMILY>,\n')).images.length, 2);
  });

  it('do not stand at a container without a name', () => {
    assert.deepEqual(
      anchored('{"containerDefinitions": [{"image": "x"}, {"name": <N>, "image": "y"}]}').images,
      [],
    );
  });

  for (const text of [
    '',
    '{}',
    '[]',
    '"x"',
    '{"Resources": {}}',
    '{"ContainerDefinitions": []}',
    '['.repeat(50_000),
  ]) {
    it(`do not stand in ${JSON.stringify(text.slice(0, 30))}`, () => {
      assert.deepEqual(anchored(text), { definition: undefined, images: [] });
    });
  }

  it('do not fail on any text', () => {
    fc.assert(
      fc.property(fc.nat(DEFINITION.length), fc.nat(40), fc.string(), (at, length, text) => {
        const mutated = DEFINITION.slice(0, at) + text + DEFINITION.slice(at + length);
        const { definition, images } = findLensAnchors(mutated);
        for (const { offset, length: size } of [...(definition ? [definition] : []), ...images]) {
          assert.ok(offset >= 0 && size > 0 && offset + size <= mutated.length);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
