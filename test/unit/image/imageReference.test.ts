import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { formatImageReference, isImageTag, parseImageReference } from '../../../src/image/imageReference';
import { isEcrRepositoryName } from '../../../src/image/repositoryName';

const DIGEST = `sha256:${'0'.repeat(64)}`;

describe('an image reference', () => {
  it('is taken apart into registry, repository, tag and digest', () => {
    const references: [string, ReturnType<typeof parseImageReference>][] = [
      ['nginx', { repository: 'nginx' }],
      ['library/nginx:1.27', { repository: 'library/nginx', tag: '1.27' }],
      ['localhost/web', { registry: 'localhost', repository: 'web' }],
      ['127.0.0.1:5000/team/web:v1', { registry: '127.0.0.1:5000', repository: 'team/web', tag: 'v1' }],
      [`a.example/web:v1@${DIGEST}`, { registry: 'a.example', repository: 'web', tag: 'v1', digest: DIGEST }],
      [`[::1]:5000/web@${DIGEST}`, { registry: '[::1]:5000', repository: 'web', digest: DIGEST }],
      ['a__b/c--d.e', { repository: 'a__b/c--d.e' }],
    ];
    for (const [text, reference] of references) {
      assert.deepEqual(parseImageReference(text), reference, text);
      assert.equal(formatImageReference(reference ?? { repository: '' }), text);
    }
  });

  it('is refused where an engine would refuse it', () => {
    for (const text of [
      '',
      '-web',
      'Web',
      'web:',
      'web:-x',
      'web:a b',
      'a//b',
      'web@sha256:12',
      'host.example/',
      '--flag.example/web',
      'web@a@b',
      'a.example:x/web',
      'web;id',
      'web:$(id)',
      `web:${'a'.repeat(129)}`,
    ]) {
      assert.equal(parseImageReference(text), undefined, text);
    }
  });

  it('that is accepted never begins with a dash or holds white space', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'aZ0-_./:@ $"\'\n') }), (text) => {
        if (parseImageReference(text)) {
          assert.match(text, /^[^-\s][^\s$"']*$/);
        }
      }),
    );
  });
});

describe('a tag', () => {
  it('has up to 128 letters, digits, underscores, dots and dashes', () => {
    for (const tag of ['latest', '_x', '1.2.3-rc.1', 'A', 'a'.repeat(128)]) {
      assert.equal(isImageTag(tag), true, tag);
    }
    for (const tag of ['', '.x', '-x', 'a/b', 'a:b', 'ü', 'a\n', 'a'.repeat(129)]) {
      assert.equal(isImageTag(tag), false, tag);
    }
  });
});

describe('a repository of ECR', () => {
  it('has a name of 2 to 256 characters by ECR’s pattern', () => {
    for (const name of ['ab', 'team/web', 'a-b_c.d/e', 'a'.repeat(256)]) {
      assert.equal(isEcrRepositoryName(name), true, name);
    }
    for (const name of ['a', 'Web', '/web', 'web/', 'a..b', 'a__b', '-a', 'a b', 'a'.repeat(257)]) {
      assert.equal(isEcrRepositoryName(name), false, name);
    }
  });
});
