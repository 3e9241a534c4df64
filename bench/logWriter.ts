import { CloudWatchLogsClient, PutLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';

/*
 * The process that writes what is followed:
 *   tsx logWriter.ts ENDPOINT REGION GROUP STREAM COUNT BATCH PAUSE
 * Each line is its number and the moment at which it is written, in epoch milliseconds, filled up to the length
 * of a usual log line; PAUSE milliseconds are between two batches.
 */
const LINE_LENGTH = 80;

async function main([
  endpoint,
  region,
  group,
  stream,
  count,
  batch,
  pause,
]: readonly string[]): Promise<void> {
  const client = new CloudWatchLogsClient({
    endpoint,
    region,
    credentials: { accessKeyId: 'AKIAEXAMPLEEXAMPLE', secretAccessKey: 'example' },
  });
  const began = performance.now();
  for (let number = 0, sent = 0; number < Number(count); sent++) {
    const due = began + sent * Number(pause);
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    const size = Math.min(Number(batch), Number(count) - number);
    const now = Date.now();
    const logEvents = Array.from({ length: size }, () => ({
      timestamp: now,
      message: `line ${number++} ${now} `.padEnd(LINE_LENGTH, '.'),
    }));
    await client.send(new PutLogEventsCommand({ logGroupName: group, logStreamName: stream, logEvents }));
  }
  client.destroy();
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
