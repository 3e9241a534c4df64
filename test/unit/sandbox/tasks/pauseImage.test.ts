import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { extract } from 'tar-stream';
import { buildPauseArchive, buildPauseProgram, PAUSE_IMAGE } from '../../../../src/sandbox/tasks/pauseImage';

describe('the pause image', () => {
  it('is an archive that names the image, with digests that are those of its content', async () => {
    for (const architecture of ['amd64', 'arm64']) {
      const files = await readTar(buildPauseArchive(architecture) ?? Buffer.alloc(0));
      const [manifest] = JSON.parse(files.get('manifest.json')?.toString() ?? '') as {
        Config: string;
        RepoTags: string[];
        Layers: string[];
      }[];
      assert.ok(manifest);
      assert.deepEqual(manifest.RepoTags, [PAUSE_IMAGE]);
      const config = files.get(manifest.Config) ?? Buffer.alloc(0);
      assert.equal(`${sha256(config)}.json`, manifest.Config);
      const layer = files.get(manifest.Layers[0] ?? '') ?? Buffer.alloc(0);
      const described = JSON.parse(config.toString()) as {
        architecture: string;
        rootfs: { diff_ids: string[] };
      };
      assert.equal(described.architecture, architecture);
      assert.deepEqual(described.rootfs.diff_ids, [`sha256:${sha256(layer)}`]);
      assert.deepEqual((await readTar(layer)).get('pause'), buildPauseProgram(architecture));
    }
  });

  it('is always the same', () => {
    assert.deepEqual(buildPauseArchive('amd64'), buildPauseArchive('amd64'));
  });

  it('exists for the architectures of ECS only', () => {
    assert.equal(buildPauseArchive('riscv64'), undefined);
  });
});

async function readTar(archive: Buffer): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  for await (const entry of Readable.from([archive]).pipe(extract())) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) {
      chunks.push(chunk as Buffer);
    }
    files.set(entry.header.name, Buffer.concat(chunks));
  }
  return files;
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
