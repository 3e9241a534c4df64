import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

/**
 * The sandbox as a program of its own, built from the sources as they are, for the tests of the current
 * `describe`: gives the path of its entry, to be read within hooks and tests. That it can be built without
 * the editor and without the SDK is a part of what is tested.
 */
export function useSandboxProgram(): () => string {
  let folder = '';
  before(async function () {
    this.timeout(60_000);
    folder = mkdtempSync(join(tmpdir(), 'sandbox-program-'));
    await build({
      entryPoints: [join(__dirname, '../../src/sandbox/main.ts')],
      outfile: join(folder, 'sandbox.js'),
      bundle: true,
      platform: 'node',
      target: 'node20',
      logLevel: 'silent',
      plugins: [
        {
          name: 'nothing of the editor, nothing of the SDK',
          setup: (bundle) => {
            bundle.onResolve({ filter: /^(vscode$|@aws-sdk\/|@smithy\/)/ }, ({ path, importer }) => ({
              errors: [{ text: `${importer} imports ${path}` }],
            }));
          },
        },
      ],
    });
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  return () => join(folder, 'sandbox.js');
}
