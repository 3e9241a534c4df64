'use strict';

/*
 * What the extension host loads as the test suite: activates both extensions and writes to BENCH_RESULT how long
 * each took, and which files the real one had loaded when it was active. BENCH_ORDER says which goes first.
 */
const { writeFileSync } = require('node:fs');
const { performance } = require('node:perf_hooks');
const vscode = require('vscode');

async function activate(id) {
  const extension = vscode.extensions.getExtension(id);
  if (extension === undefined || extension.isActive) {
    throw new Error(`${id} ${extension ? 'is active already' : 'is not installed'}`);
  }
  const before = new Set(Object.keys(require.cache));
  const began = performance.now();
  await extension.activate();
  const milliseconds = performance.now() - began;
  return { milliseconds, files: Object.keys(require.cache).filter((file) => !before.has(file)) };
}

exports.run = async () => {
  const result = {};
  for (const id of process.env.BENCH_ORDER.split(',')) {
    result[id] = await activate(id);
  }
  writeFileSync(process.env.BENCH_RESULT, JSON.stringify(result));
};
