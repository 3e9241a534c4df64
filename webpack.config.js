'use strict';

const { existsSync } = require('node:fs');
const path = require('node:path');
const { EsbuildPlugin } = require('esbuild-loader');

// VS Code 1.101, the oldest that the extension supports, runs extensions on Node 22; the sandbox and its
// tests also run on the Node 20 of a developer.
const TARGET = 'es2022';

/** What the two programs share. The mode comes from `--mode`. */
function program(name, entry) {
  return (_env, { mode }) => ({
    name,
    mode,
    target: 'node20',
    entry: { [name]: entry },
    output: {
      path: path.join(__dirname, 'dist'),
      filename: '[name].js',
      chunkFilename: `${name}.[id].js`,
      clean: { keep: (file) => !file.startsWith(`${name}.`) },
      library: { type: 'commonjs2' },
      devtoolModuleFilenameTemplate: '../[resource-path]',
    },
    resolve: {
      extensions: ['.ts', '.js'],
      // The SDK's packages are CommonJS first and give bundlers their ES modules by `module`: only these
      // can be shaken.
      mainFields: ['module', 'main'],
      conditionNames: ['node', 'import', 'module', 'default'],
    },
    module: {
      rules: [{ test: /\.ts$/, loader: 'esbuild-loader', options: { target: TARGET, loader: 'ts' } }],
    },
    optimization: {
      chunkIds: 'deterministic',
      minimizer: [new EsbuildPlugin({ target: TARGET, format: undefined, keepNames: true })],
    },
    devtool: mode === 'production' ? 'source-map' : 'cheap-module-source-map',
    performance: { hints: false },
    stats: 'errors-warnings',
    infrastructureLogging: { level: 'error' },
    // Only the extension gets an external `vscode`: anywhere else the import breaks the build.
    externals: name === 'extension' ? { vscode: 'commonjs vscode' } : {},
  });
}

module.exports = [
  program('extension', './src/extension.ts'),
  program('sandbox', './src/sandbox/main.ts'),
].filter((_configuration, index) => index === 0 || existsSync(path.join(__dirname, 'src/sandbox/main.ts')));
