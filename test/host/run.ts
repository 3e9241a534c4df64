import { findTests } from '../support/findTests';
import { runMocha } from '../support/runMocha';

/**
 * Runs the host suite inside the extension host. How, is said by the environment: `TEST_RESULT` is the file
 * for the result, `TEST_GREP` a pattern of titles, `TEST_MARK` what tells a line of the report from the other
 * lines that a window logs.
 * @throws when a test failed, which VS Code reports as the run's exit code
 */
export async function run(): Promise<void> {
  const { failures } = await runMocha({
    files: findTests(__dirname),
    timeout: 60_000,
    grep: process.env['TEST_GREP'],
    resultFile: process.env['TEST_RESULT'],
    print: (line) => console.log(`${process.env['TEST_MARK'] ?? ''}${line}`),
  });
  if (failures.length > 0) {
    throw new Error(`${failures.length} tests failed`);
  }
}
