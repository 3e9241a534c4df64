import path from 'node:path';
import { resourceName } from '../src/aws/arn';
import { start } from '../src/base/process';
import { followLogs } from '../src/logs/followLogs';
import { LineFormatter } from '../src/logs/lineFormatter';
import { type Figure, inMilliseconds, median, quantile } from './figure';
import { type SandboxSession, withDataDir, withSandbox } from './withSandbox';

const GROUP = '/ecs/bench';
const REGION = 'eu-central-1';
const CONTAINER = 'web';

interface Writing {
  readonly count: number;
  readonly batch: number;
  /** Milliseconds from one batch to the next. */
  readonly pause: number;
}

/** As fast as it goes: a batch is near the most that one PutLogEvents takes, 1 MiB. */
const TORRENT: Writing = { count: 1_000_000, batch: 9500, pause: 0 };
const STEADY: Writing = { count: 3000, batch: 10, pause: 100 };

/** How long a line may yet come again after all have come. */
const LONGER_MS = 5000;
/** What has not come when nothing came for this long is lost. */
const QUIET_MS = 60_000;

interface Followed {
  /** From the first line to the last, both as they were given. */
  readonly milliseconds: number;
  readonly lost: number;
  readonly duplicated: number;
  /** From written to given, for each line. */
  readonly delays: readonly number[];
  /** Of this process, in bytes. */
  readonly memory: { readonly before: number; readonly peak: number; readonly heapPeak: number };
}

/** The extension's follow of a task, over HTTP, while another process writes. */
export function measureLogs(say: (text: string) => void): Promise<Figure[]> {
  return withDataDir((dataDir) =>
    withSandbox({ dataDir }, async (session) => {
      await session.ecs.createCluster({ clusterName: 'main' });
      say(`following ${TORRENT.count} lines, written as fast as they are taken`);
      const torrent = await followWriting(session, TORRENT);
      say(`following ${STEADY.count} lines, ${(STEADY.batch * 1000) / STEADY.pause} a second`);
      const steady = await followWriting(session, STEADY);
      const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MB`;
      const { before, peak, heapPeak } = torrent.memory;
      return [
        {
          name: `Log lines a second, over ${TORRENT.count.toLocaleString('en')}`,
          seen: Math.round((TORRENT.count / torrent.milliseconds) * 1000).toLocaleString('en'),
        },
        {
          name: 'Of these lost and given twice',
          seen: `${torrent.lost} and ${torrent.duplicated}`,
          goal: '0 and 0',
        },
        {
          name: 'Memory of the following process meanwhile',
          seen: `at most ${megabytes(peak)} (${megabytes(before)} before), of it ${megabytes(heapPeak)} heap`,
        },
        {
          name: `From written to shown, ${(STEADY.batch * 1000) / STEADY.pause} lines a second`,
          seen:
            `${inMilliseconds(median(steady.delays))} median, ` +
            `${inMilliseconds(quantile(steady.delays, 0.95))} at 95 %, looking once a second`,
        },
      ];
    }),
  );
}

async function followWriting(session: SandboxSession, writing: Writing): Promise<Followed> {
  const task = await runTask(session);
  const stream = `ecs/${CONTAINER}/${task}`;
  const before = process.memoryUsage().rss;
  let peak = before;
  let heapPeak = 0;
  const watch = setInterval(() => {
    const { rss, heapUsed } = process.memoryUsage();
    peak = Math.max(peak, rss);
    heapPeak = Math.max(heapPeak, heapUsed);
  }, 50);
  const writer = startWriter(session.context.endpoint, stream, writing);
  const stop = new AbortController();
  const writerFailed = writer.ended.then(({ exitCode, stderr }) => {
    if (exitCode !== 0) {
      stop.abort();
      throw new Error(`The writer failed: ${stderr}`);
    }
  });
  writerFailed.catch(() => undefined);
  try {
    const read = await readAll(session, task, writing.count, stop);
    await writerFailed;
    return { ...read, memory: { before, peak, heapPeak } };
  } finally {
    clearInterval(watch);
    writer.kill();
    await session.ecs.stopTask('main', task, 'measured');
  }
}

/** Follows until every line has come, and a while longer, in which one might come again. */
async function readAll(
  session: SandboxSession,
  task: string,
  count: number,
  stop: AbortController,
): Promise<Omit<Followed, 'memory'>> {
  const seen = new Uint8Array(count);
  let distinct = 0;
  const delays: number[] = [];
  const formatter = new LineFormatter();
  let duplicated = 0;
  let first: number | undefined;
  let last = 0;
  const quiet = setTimeout(() => stop.abort(), QUIET_MS);
  for await (const event of followLogs(session, { cluster: 'main', task }, {}, stop.signal)) {
    if (event.kind !== 'lines') {
      continue;
    }
    quiet.refresh();
    // What an output channel is given.
    formatter.format(event.lines);
    for (const { message } of event.lines) {
      const [, number, written] = /^line (\d+) (\d+)/.exec(message) ?? [];
      // A simulated task says a line of its own.
      if (number !== undefined) {
        if (seen[Number(number)] === 0) {
          seen[Number(number)] = 1;
          distinct++;
        } else {
          duplicated++;
        }
        delays.push(Date.now() - Number(written));
      }
    }
    if (delays.length > 0) {
      first ??= performance.now();
      last = performance.now();
    }
    if (distinct === count) {
      setTimeout(() => stop.abort(), LONGER_MS);
    }
  }
  clearTimeout(quiet);
  return { milliseconds: last - (first ?? last), lost: count - distinct, duplicated, delays };
}

async function runTask({ ecs }: SandboxSession): Promise<string> {
  await ecs.registerTaskDefinition({
    family: 'bench',
    containerDefinitions: [
      {
        name: CONTAINER,
        image: 'public.example/web:1',
        memory: 64,
        logConfiguration: {
          logDriver: 'awslogs',
          options: {
            'awslogs-group': GROUP,
            'awslogs-region': REGION,
            'awslogs-stream-prefix': 'ecs',
            'awslogs-create-group': 'true',
          },
        },
      },
    ],
  });
  const { items } = await ecs.runTask({ cluster: 'main', taskDefinition: 'bench' });
  const arn = items[0]?.taskArn ?? '';
  return resourceName(arn);
}

function startWriter(endpoint: string, stream: string, { count, batch, pause }: Writing) {
  const script = path.join(__dirname, 'logWriter.ts');
  const args = ['--require', 'tsx/cjs', script, endpoint, REGION, GROUP, stream, count, batch, pause].map(
    String,
  );
  return start({ file: process.execPath, args });
}
