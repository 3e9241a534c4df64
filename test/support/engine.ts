import { detectEngine } from '../../src/containers/detectEngine';
import type { Engine, EngineId } from '../../src/containers/engine';
import { messageOf } from '../../src/base/errors';

/**
 * A suite that needs a container engine. Without one it is skipped by name, with the reason in the name of a
 * pending test; with REQUIRE_ENGINE=1 it fails instead.
 * @param body defines the tests; `engine()` may be called inside of tests and hooks
 */
export function describeWithEngine(
  name: string,
  body: (engine: () => Engine) => void,
  preference: EngineId | 'auto' = 'auto',
): void {
  describe(name, function () {
    let found: Engine | undefined;
    before(async function () {
      this.timeout(60_000);
      try {
        found = await detectEngine(preference);
      } catch (error) {
        if (process.env['REQUIRE_ENGINE'] === '1') {
          throw error;
        }
        console.log(
          `      skipped, no ${preference === 'auto' ? 'container engine' : preference}: ${messageOf(error)}`,
        );
        this.skip();
      }
    });
    body(() => {
      if (!found) {
        throw new Error('The engine is only known inside of tests and hooks.');
      }
      return found;
    });
  });
}
