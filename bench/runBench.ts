import { availableParallelism, cpus, loadavg, totalmem, type as systemName } from 'node:os';
import { messageOf } from '../src/base/errors';
import { endOnSignals } from '../test/workbench/endOnSignals';
import { measureActivation } from './activation';
import { measureExplorer } from './explorer';
import { type Figure, formatFigures, type Measurement } from './figure';
import { measureLogs } from './logs';
import { measurePush } from './push';
import { measureTaskDefinition } from './taskdef';

/*
 * `npm run bench [-- NAME...]`: prints the figures that the README quotes. What is compared is measured side by
 * side in one run. Nothing fails for being slow.
 */
const MEASUREMENTS: Readonly<Record<string, Measurement>> = {
  activation: measureActivation,
  push: measurePush,
  explorer: measureExplorer,
  logs: measureLogs,
  taskdef: measureTaskDefinition,
};

async function main(names: readonly string[]): Promise<void> {
  const unknown = names.filter((name) => !Object.hasOwn(MEASUREMENTS, name));
  if (unknown.length > 0) {
    throw new Error(`There is no ${unknown.join(', ')}: there are ${Object.keys(MEASUREMENTS).join(', ')}`);
  }
  const figures: Figure[] = [];
  for (const [name, measure] of Object.entries(MEASUREMENTS)) {
    if (names.length > 0 && !names.includes(name)) {
      continue;
    }
    const say = (text: string): void => console.log(`${name}: ${text}`);
    try {
      figures.push(...(await measure(say)));
    } catch (error) {
      process.exitCode = 1;
      say(`not measured. ${messageOf(error)}`);
    }
  }
  console.log(`\n${describeMachine()}\n\n${formatFigures(figures)}`);
}

function describeMachine(): string {
  const memory = (totalmem() / 2 ** 30).toFixed(0);
  const [load = 0] = loadavg();
  return (
    `${availableParallelism()} cores (${cpus()[0]?.model.trim()}), ${memory} GiB, ${systemName()}, ` +
    `Node ${process.versions.node}. Load at the end: ${load.toFixed(1)}.`
  );
}

endOnSignals();
main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(messageOf(error));
  process.exitCode = 1;
});
