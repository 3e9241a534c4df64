/*
 * Makes a fresh clone ready, and costs almost nothing when it is. Plain Node without packages: it is what
 * installs them. `node prepare.mjs STEP...` with the steps below, in the order in which they are given.
 */

import path from 'node:path';
import { installBrowser } from './installBrowser.mjs';
import { installHost } from './installHost.mjs';
import { installPackages } from './installPackages.mjs';
import { prepareSamples } from './prepareSamples.mjs';
import { build, generate } from './build.mjs';

const root = path.join(import.meta.dirname, '..', '..');
const report = (/** @type {string} */ line) => console.log(`> ${line}`);

/** @type {Record<string, () => Promise<unknown>>} */
const steps = {
  packages: () => installPackages(root, report),
  generate: () => generate(root, report),
  build: () => build(root, report, 'production'),
  watch: () => build(root, report, 'watch'),
  samples: () => prepareSamples(root, report),
  host: () => installHost(root, report),
  browser: () => installBrowser(root, report),
};

try {
  for (const name of process.argv.slice(2)) {
    const step = steps[name];
    if (!step) {
      throw new Error(`no step ${name}: there are ${Object.keys(steps).join(', ')}`);
    }
    await step();
  }
} catch (error) {
  console.error(`Preparing failed: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
