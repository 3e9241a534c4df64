'use strict';

/*
 * What the extension host loads as the test suite: activates both extensions in the order that BENCH_ORDER gives,
 * and writes to BENCH_RESULT how long each took, and which modules were loaded when it was active.
 */
const { writeFileSync } = require('node:fs');
const { performance } = require('node:perf_hooks');
const vscode = require('vscode');

async function activate(id) {
  const extension = vscode.extensions.getExtension(id);
  if (extension === undefined || Object.hasOwn(require.cache, require.resolve(extension.extensionPath))) {
    throw new Error(`${id} ${extension ? 'is loaded already' : 'is not installed'}`);
  }
  const began = performance.now();
  await extension.activate();
  const milliseconds = performance.now() - began;
  return { milliseconds, files: Object.keys(require.cache) };
}

exports.run = async () => {
  const result = {};
  for (const id of process.env.BENCH_ORDER.split(',')) {
    result[id] = await activate(id);
  }
  writeFileSync(process.env.BENCH_RESULT, JSON.stringify(result));
};
