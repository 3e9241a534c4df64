import { parseArgs } from 'node:util';
import path from 'node:path';
import { findTests } from '../support/findTests';
import { runMocha } from '../support/runMocha';

/*
 * Runs one suite in a process of its own:
 *   tsx test/workbench/runSuite.ts unit|sandbox|ui [--grep PATTERN] [--result FILE]
 */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { grep: { type: 'string' }, result: { type: 'string' } },
  });
  const [suite = 'unit'] = positionals;
  const { failures } = await runMocha({
    files: findTests(path.join(__dirname, '..', suite)),
    timeout: suite === 'ui' ? 120_000 : 20_000,
    grep: values.grep,
    resultFile: values.result,
  });
  // What a test left open must not keep the run from ending; that it failed is already noted.
  process.exit(failures.length > 0 ? 1 : 0);
}

void main();
