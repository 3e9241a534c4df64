import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from '../../../src/base/findProgram';
import { run } from '../../../src/base/process';
import { isImageTag } from '../../../src/image/imageReference';
import { suggestTags, tagOfBranch } from '../../../src/image/tagSuggestions';

describe('the tags to offer', () => {
  let folder: string;

  before(async function () {
    if ((await findProgram('git')) === undefined) {
      this.skip();
    }
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "tags it's "));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const git = async (...args: string[]): Promise<string> => {
    const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.invalid'];
    const result = await run({ file: 'git', args: [...identity, ...args], cwd: folder });
    assert.equal(result.exitCode, 0, result.stderr);
    return result.stdout.trim();
  };
  const commit = async (): Promise<string> => {
    await git('init', '-b', 'feature/Add"x"');
    await writeFile(join(folder, 'file'), 'one');
    await git('add', '.');
    await git('commit', '-m', 'first');
    return git('rev-parse', '--short', 'HEAD');
  };

  it('are the commit, the branch and latest', async () => {
    const hash = await commit();
    assert.deepEqual(await suggestTags(folder), [
      { tag: hash, source: 'commit' },
      { tag: 'feature-Add-x-', source: 'branch' },
      { tag: 'latest', source: 'latest' },
    ]);
  });

  it('say when tracked files have changed', async () => {
    const hash = await commit();
    await writeFile(join(folder, 'untracked'), '');
    assert.equal((await suggestTags(folder))[0]?.tag, hash);
    await writeFile(join(folder, 'file'), 'another');
    assert.equal((await suggestTags(folder))[0]?.tag, `${hash}-dirty`);
  });

  it('leave out the branch when none is checked out', async () => {
    await commit();
    await git('checkout', '--detach');
    assert.deepEqual(
      (await suggestTags(folder)).map(({ source }) => source),
      ['commit', 'latest'],
    );
  });

  it('leave out the commit before the first', async () => {
    await git('init', '-b', 'main');
    assert.deepEqual(
      (await suggestTags(folder)).map(({ tag }) => tag),
      ['main', 'latest'],
    );
  });

  it('are only latest outside of a repository, and without git', async () => {
    assert.deepEqual(await suggestTags(folder), [{ tag: 'latest', source: 'latest' }]);
    assert.deepEqual(await suggestTags(join(folder, 'missing')), [{ tag: 'latest', source: 'latest' }]);
    const path = process.env['PATH'];
    process.env['PATH'] = folder;
    try {
      assert.deepEqual(await suggestTags(folder), [{ tag: 'latest', source: 'latest' }]);
    } finally {
      process.env['PATH'] = path;
    }
  });

  it('do not run the program that a repository names as its file system monitor', async () => {
    await commit();
    const trap = join(folder, 'trap');
    await writeFile(trap, '#!/bin/sh\ntouch "$(dirname "$0")/sprung"\n');
    await chmod(trap, 0o755);
    // Git would run it by a shell, so that its path must need no quoting.
    await git('config', 'core.fsmonitor', './trap');
    await suggestTags(folder);
    assert.equal(existsSync(join(folder, 'sprung')), false);
  });
});

describe('a branch’s name', () => {
  it('becomes a tag', () => {
    for (const [branch, tag] of [
      ['main', 'main'],
      ['feature/x', 'feature-x'],
      ['-.odd', 'odd'],
      ['ümlaut', 'mlaut'],
      ['a'.repeat(200), 'a'.repeat(128)],
    ] as const) {
      assert.equal(tagOfBranch(branch), tag);
      assert.ok(isImageTag(tag));
    }
  });
});
