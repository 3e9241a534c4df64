import { throwIfCancelled } from '../base/errors';
import { findProgram } from '../base/findProgram';
import { run } from '../base/process';

/** A tag worth offering for an image that is built from a folder. */
export interface TagSuggestion {
  readonly tag: string;
  readonly source: 'commit' | 'branch' | 'latest';
}

/** Git in a folder on a slow network disk must not hold up a prompt. */
const GIT_MILLISECONDS = 5_000;

/**
 * The tags to offer for an image built from `folder`: the commit's short hash (with `-dirty` when tracked files
 * have changed), the branch, and `latest`. Without git, or outside of a repository, only `latest`.
 */
export async function suggestTags(folder: string, signal?: AbortSignal): Promise<TagSuggestion[]> {
  const [hash, status] = await Promise.all([
    git(folder, ['rev-parse', '--short', 'HEAD'], signal),
    git(
      folder,
      ['status', '--porcelain=v2', '--branch', '--untracked-files=no', '--ignore-submodules=dirty'],
      signal,
    ),
  ]);
  throwIfCancelled(signal);
  const lines = status?.split('\n') ?? [];
  const dirty = lines.some((line) => /^[12u] /.test(line));
  const branch = lines
    .map((line) => /^# branch\.head (.+)$/.exec(line)?.[1])
    .find((name) => name !== undefined);
  const suggestions: TagSuggestion[] = [
    ...(hash ? [{ tag: `${hash}${dirty ? '-dirty' : ''}`, source: 'commit' as const }] : []),
    ...(branch && branch !== '(detached)' ? [{ tag: tagOfBranch(branch), source: 'branch' as const }] : []),
    { tag: 'latest', source: 'latest' },
  ];
  return suggestions.filter(
    ({ tag }, index) => tag !== '' && suggestions.findIndex((each) => each.tag === tag) === index,
  );
}

/** A branch's name as a tag: what a tag may not hold becomes a dash. */
export function tagOfBranch(branch: string): string {
  return branch
    .replace(/[^\w.-]+/g, '-')
    .replace(/^[.-]+/, '')
    .slice(0, 128);
}

/** @returns what git prints, or `undefined` where there is no git, no repository, or no answer in time */
async function git(
  folder: string,
  args: readonly string[],
  signal?: AbortSignal,
): Promise<string | undefined> {
  const file = await findProgram('git');
  if (file === undefined) {
    return undefined;
  }
  const limit = AbortSignal.timeout(GIT_MILLISECONDS);
  try {
    const result = await run(
      {
        file,
        // A repository's own configuration may name a program as its file system monitor: never run it.
        args: ['--no-optional-locks', '-c', 'core.fsmonitor=false', ...args],
        cwd: folder,
        env: { GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' },
      },
      { signal: signal ? AbortSignal.any([signal, limit]) : limit },
    );
    return result.exitCode === 0 ? result.stdout.trim() : undefined;
  } catch {
    return undefined;
  }
}
