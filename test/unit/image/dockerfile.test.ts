import assert from 'node:assert/strict';
import {
  defaultBuildContext,
  findInstruction,
  isDockerfileName,
  parseInstructions,
} from '../../../src/image/dockerfile';

describe('the name of a Dockerfile', () => {
  it('is one of those that people use', () => {
    for (const name of [
      'Dockerfile',
      'dockerfile',
      'Dockerfile.dev',
      'api.Dockerfile',
      'api.dockerfile',
      'Containerfile',
      'Containerfile.prod',
      '/w/some folder/Dockerfile',
    ]) {
      assert.equal(isDockerfileName(name), true, name);
    }
    for (const name of [
      'Dockerfile.dockerignore',
      'MyDockerfile',
      'Dockerfile/readme.md',
      'docker-compose.yml',
      'Dockerfile.',
    ]) {
      assert.equal(isDockerfileName(name), false, name);
    }
  });

  it('stands in the folder that is the build context unless another is said', () => {
    assert.equal(defaultBuildContext('/w/api/Dockerfile'), '/w/api');
  });
});

describe('the instructions of a Dockerfile', () => {
  it('begin where their first line is, over comments and continuations', () => {
    const text = [
      '# syntax=docker/dockerfile:1',
      'FROM scratch   AS base',
      '',
      'ENV A=1 \\',
      '    # a comment in between',
      '',
      '    B=2',
      'RUN make',
    ].join('\n');
    assert.deepEqual(parseInstructions(text), [
      { line: 2, text: 'FROM scratch AS base' },
      { line: 4, text: 'ENV A=1 B=2' },
      { line: 8, text: 'RUN make' },
    ]);
  });

  it('include here-documents', () => {
    const text =
      'FROM x\r\nRUN <<EOF bash\r\nCOPY this is no instruction\r\nEOF\r\nCOPY <<-"A" <<B /to/\n\ta\n\tA\nb\nB\nUSER me\n';
    assert.deepEqual(
      parseInstructions(text).map(({ line }) => line),
      [1, 2, 5, 10],
    );
  });

  it('continue after the character that the escape directive names', () => {
    const text = '# escape=`\nFROM x\nRUN dir `\n  c:\\\nUSER me\n';
    assert.deepEqual(parseInstructions(text), [
      { line: 2, text: 'FROM x' },
      { line: 3, text: 'RUN dir c:\\' },
      { line: 5, text: 'USER me' },
    ]);
  });

  it('are found again by a builder’s step', () => {
    const text = 'FROM a AS one\nRUN make\nFROM one\nRUN make\nCOPY $X /x\n';
    // Two steps have the same text: the number tells them apart.
    assert.equal(findInstruction(text, { text: 'RUN  make', number: 4 })?.line, 4);
    assert.equal(findInstruction(text, { text: 'RUN make' })?.line, 2);
    // A builder that puts arguments in changes the text.
    assert.equal(findInstruction(text, { text: 'COPY value /x', number: 5 })?.line, 5);
    assert.equal(findInstruction(text, { text: 'COPY value /x' }), undefined);
  });
});
