import assert from 'node:assert/strict';
import { applyEdits } from '../../../src/taskdef/document/textSpan';
import { readContainerImage, useImage } from '../../../src/taskdef/useImage';

const TEXT = `{
\t// Filled in by the pipeline.
\t"family": "web",
\t"containerDefinitions": [
\t\t{ "name": "log", "image": "log:1" },
\t\t{
\t\t\t"name": "web", "image": <IMAGE>, // ours
\t\t\t"command": []
\t\t}
\t],
}
`;

const used = (text: string, container: string): string | undefined => {
  const edits = useImage(text, container, 'registry/web:v1');
  return edits && applyEdits(text, edits);
};

describe('Writing an image into a definition', () => {
  it('changes the image of that container, and nothing else', () => {
    assert.equal(used(TEXT, 'log'), TEXT.replace('"log:1"', '"registry/web:v1"'));
    assert.equal(used(TEXT, 'web'), TEXT.replace('<IMAGE>', '"registry/web:v1"'));
  });

  it('adds the member where there is none', () => {
    assert.equal(
      used('{"containerDefinitions": [{"name": "web"}]}', 'web'),
      '{"containerDefinitions": [{"name": "web", "image": "registry/web:v1"}]}',
    );
  });

  it('works in a wrapper and in a bare list', () => {
    const list = '[{"name": "web", "image": "a:1"}]';
    assert.equal(used(list, 'web'), list.replace('a:1', 'registry/web:v1'));
    const wrapper = `{"taskDefinition": {"containerDefinitions": ${list}}}`;
    assert.equal(used(wrapper, 'web'), wrapper.replace('a:1', 'registry/web:v1'));
  });

  it('changes nothing where there is no such container', () => {
    assert.equal(used(TEXT, 'other'), undefined);
    assert.equal(used('{', 'web'), undefined);
    assert.equal(readContainerImage(TEXT, 'other'), undefined);
  });

  it('reads the image that is there, and the platform that the task runs on', () => {
    const platformOf = (runtimePlatform: object | undefined): string | undefined =>
      readContainerImage(
        JSON.stringify({ runtimePlatform, containerDefinitions: [{ name: 'web', image: 'a:1' }] }),
        'web',
      )?.platform;
    assert.equal(readContainerImage(TEXT, 'log')?.image, 'log:1');
    assert.equal(platformOf(undefined), undefined);
    assert.equal(platformOf({ cpuArchitecture: 'ARM64' }), 'linux/arm64');
    assert.equal(platformOf({ cpuArchitecture: 'X86_64', operatingSystemFamily: 'LINUX' }), 'linux/amd64');
    assert.equal(platformOf({ cpuArchitecture: '${ARCH}' }), undefined);
    assert.equal(
      platformOf({ cpuArchitecture: 'X86_64', operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' }),
      undefined,
    );
  });
});
