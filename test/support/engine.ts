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
        skipForWantOf(
          this,
          `${preference === 'auto' ? 'a container engine' : preference}: ${messageOf(error)}`,
        );
      }
    });
    // In a suite of its own: hooks beside the one that skips would still run.
    describe('', () => {
      body(() => {
        if (!found) {
          throw new Error('The engine is only known inside of tests and hooks.');
        }
        return found;
      });
    });
  });
}

/**
 * To be called from a hook: skips the tests of its suite, with the reason in their names; with
 * REQUIRE_ENGINE=1 it fails instead.
 * @param what is not there, as "docker-registry (Debian package docker-registry)"
 */
export function skipForWantOf(context: Mocha.Context, what: string): never {
  if (process.env['REQUIRE_ENGINE'] === '1') {
    throw new Error(`REQUIRE_ENGINE=1, but there is no ${what}`);
  }
  const [firstSentence] = what.split('. ');
  context.test?.parent?.eachTest((test) => (test.title += ` [for want of ${firstSentence}]`));
  return context.skip();
}
