import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Command, run } from '../src/base/process';
import { buildCommand, pushCommand } from '../src/containers/buildCommands';
import { detectEngine } from '../src/containers/detectEngine';
import type { Engine } from '../src/containers/engine';
import { withRegistryLogin } from '../src/containers/registryLogin';
import { pushImage } from '../src/image/pushImage';
import { type Figure, inMilliseconds, median } from './figure';
import { type SandboxSession, withDataDir, withSandbox } from './withSandbox';

const PAIRS = 9;
const LAYER_BYTES = 64 * 2 ** 20;
const REPOSITORY = 'bench/web';

/** One build and push of the folder; resolves when it is in the registry. */
type Push = (folder: string, tag: string) => Promise<void>;

interface Timing {
  readonly ours: number[];
  readonly bare: number[];
}

/** A push with everything around it, beside the same engine's bare `build` and `push`, signed in already. */
export async function measurePush(say: (text: string) => void): Promise<Figure[]> {
  const engine = await detectEngine('auto');
  return withDataDir((dataDir) =>
    withSandbox({ dataDir }, async (session) => {
      const { repositoryUri = '' } = await session.ecr.createRepository({ repositoryName: REPOSITORY });
      const authorization = await session.ecr.authorization();
      return withRegistryLogin(engine, authorization, async ({ env }) => {
        const ways = {
          ours: pushByUs(session, engine, repositoryUri),
          bare: pushBare(engine, repositoryUri, env),
        };
        say(`${PAIRS} pairs with a new layer of ${LAYER_BYTES / 2 ** 20} MB each, by ${engine.id}`);
        const fresh = await compare(engine, repositoryUri, ways, LAYER_BYTES, true);
        say(`${PAIRS} pairs with nothing changed`);
        const cached = await compare(engine, repositoryUri, ways, LAYER_BYTES, false);
        return [
          {
            name: `Push by ${engine.id}, a new layer of ${LAYER_BYTES / 2 ** 20} MB`,
            seen: describe(fresh),
            goal: "at most 1.05 times the engine's own",
          },
          { name: `Push by ${engine.id}, nothing changed`, seen: describe(cached) },
        ];
      });
    }),
  );
}

function describe({ ours, bare }: Timing): string {
  // Of each pair, so that what changes from one minute to the next is in both.
  const ratio = median(ours.map((time, pair) => time / (bare[pair] ?? NaN)));
  return (
    `${inMilliseconds(median(ours))} beside ${inMilliseconds(median(bare))}: ` +
    `${ratio.toFixed(2)} times (median of ${ours.length} pairs)`
  );
}

/** Takes turns, and who begins changes as well; a first pair is not counted. */
async function compare(
  engine: Engine,
  repositoryUri: string,
  ways: Readonly<Record<keyof Timing, Push>>,
  bytes: number,
  fresh: boolean,
): Promise<Timing> {
  const folder = await mkdtemp(path.join(tmpdir(), 'aws-containers-bench-push-'));
  const timing: Timing = { ours: [], bare: [] };
  const images = new Set<string>();
  const changeLayer = (): Promise<void> =>
    writeFile(path.join(folder, 'layer'), randomBytes(bytes), { flush: true });
  try {
    await writeFile(path.join(folder, 'Dockerfile'), 'FROM scratch\nCOPY layer /layer\nCMD ["/layer"]\n');
    await changeLayer();
    for (let pair = 0; pair <= PAIRS; pair++) {
      for (const way of pair % 2 === 0 ? (['ours', 'bare'] as const) : (['bare', 'ours'] as const)) {
        const tag = fresh ? `${way}-${pair}` : 'same';
        images.add(`${repositoryUri}:${tag}`);
        if (fresh) {
          await changeLayer();
        }
        const began = performance.now();
        await ways[way](folder, tag);
        if (pair > 0) {
          timing[way].push(performance.now() - began);
        }
      }
    }
    return timing;
  } finally {
    await run({ file: engine.file, args: ['image', 'rm', '--force', ...images] });
    await rm(folder, { recursive: true, force: true });
  }
}

function pushByUs({ ecr }: SandboxSession, engine: Engine, repositoryUri: string): Push {
  return async (folder, tag) => {
    const pushing = pushImage(
      { dockerfile: path.join(folder, 'Dockerfile'), buildContext: folder, repositoryUri, tag },
      {
        engine,
        authorization: (signal) => ecr.authorization(signal),
        findDigest: async (id, signal) => {
          const identifier = id.includes(':') ? { imageDigest: id } : { imageTag: id };
          return (await ecr.image(REPOSITORY, identifier, signal))?.imageDigest;
        },
      },
    );
    while (!(await pushing.next()).done);
  };
}

function pushBare(engine: Engine, repositoryUri: string, env: Readonly<Record<string, string>>): Push {
  return async (folder, tag) => {
    const image = `${repositoryUri}:${tag}`;
    const dockerfile = path.join(folder, 'Dockerfile');
    await runOrThrow(buildCommand(engine, { dockerfile, context: folder, image }));
    await runOrThrow({ ...pushCommand(engine, { image }), env });
  };
}

async function runOrThrow(command: Command): Promise<void> {
  const { exitCode, stderr } = await run(command);
  if (exitCode !== 0) {
    throw new Error(`${command.args.join(' ')} failed: ${stderr.trim()}`);
  }
}
