import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf } from '../../../../src/sandbox/registry/digest';
import { UploadStore } from '../../../../src/sandbox/registry/uploadStore';
import { openMemoryStore, type Store } from '../../../../src/sandbox/state/store';

async function* chunks(...texts: (string | Error)[]): AsyncGenerator<Buffer> {
  for (const text of texts) {
    await Promise.resolve();
    if (text instanceof Error) {
      throw text;
    }
    yield Buffer.from(text);
  }
}

describe('UploadStore', () => {
  let dataDir: string;
  let store: Store;
  let uploads: UploadStore;

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'uploads-'));
    store = openMemoryStore();
    uploads = new UploadStore(store, dataDir);
  });
  afterEach(() => rmSync(dataDir, { recursive: true }));

  it('keeps what came before an interruption, and goes on from there in another process', async () => {
    const upload = await uploads.begin('region', 'app');
    await assert.rejects(uploads.append(upload, chunks('one ', 'two ', new Error('broken off'), 'three')), {
      message: 'broken off',
    });
    const later = new UploadStore(store, dataDir);
    const found = later.find('region', 'app', upload.id);
    assert.ok(found);
    assert.equal(later.size(found), 8);
    assert.deepEqual(await later.append(found, chunks('three'), { at: 8, length: 5 }), {
      kind: 'appended',
      size: 13,
    });
    let content = '';
    const digest = digestOf(Buffer.from('one two three'));
    assert.equal(
      await later.complete(found, digest, (file) => (content = readFileSync(file, 'utf8'))),
      'completed',
    );
    assert.equal(content, 'one two three');
    assert.equal(later.find('region', 'app', upload.id), undefined);
  });

  it('takes nothing of a chunk that does not follow or is not as long as announced', async () => {
    const upload = await uploads.begin('region', 'app');
    await uploads.append(upload, chunks('start'));
    assert.deepEqual(await uploads.append(upload, chunks('x'), { at: 3 }), { kind: 'outOfOrder', size: 5 });
    for (const text of ['four', 'sixsix']) {
      assert.deepEqual(await uploads.append(upload, chunks(text), { at: 5, length: 5 }), {
        kind: 'wrongLength',
        size: 5,
      });
    }
    assert.equal(uploads.size(upload), 5);
  });

  it('lets writers take turns', async () => {
    const upload = await uploads.begin('region', 'app');
    await Promise.all([
      uploads.append(upload, chunks('a', 'a', 'a')),
      uploads.append(upload, chunks('b', 'b')),
      uploads.append(upload, chunks('c')),
    ]);
    const digest = digestOf(Buffer.from('aaabbc'));
    assert.equal(await uploads.complete(upload, digest, () => undefined), 'completed');
    assert.deepEqual(await uploads.append(upload, chunks('late')), { kind: 'ended' });
    assert.deepEqual(readdirSync(join(dataDir, 'uploads')), []);
  });

  it('stays as it is when the digest is another', async () => {
    const upload = await uploads.begin('region', 'app');
    await uploads.append(upload, chunks('content'));
    const other = digestOf(Buffer.from('other'));
    assert.equal(await uploads.complete(upload, other, () => assert.fail()), 'otherDigest');
    assert.equal(uploads.size(upload), 7);
  });

  it('is seen from its own repository and region only', async () => {
    const { id } = await uploads.begin('region', 'app');
    assert.equal(uploads.find('region', 'app/nested', id), undefined);
    assert.equal(uploads.find('other', 'app', id), undefined);
  });

  it('sweeps abandoned uploads and stray files', async () => {
    const upload = await uploads.begin('region', 'app');
    writeFileSync(join(dataDir, 'uploads', 'stray'), 'x');
    uploads.sweep();
    assert.deepEqual(readdirSync(join(dataDir, 'uploads')), [upload.id]);
    uploads.sweep(Date.now() + 25 * 3600 * 1000);
    assert.deepEqual(readdirSync(join(dataDir, 'uploads')), []);
    assert.equal(uploads.find('region', 'app', upload.id), undefined);
  });
});
