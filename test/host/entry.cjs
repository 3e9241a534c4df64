'use strict';

/*
 * What the extension host loads as the test suite: a host without a build step for tests, so it is taught to
 * read TypeScript first.
 */
require('tsx/cjs');
// Stacks then name the lines of the TypeScript.
process.setSourceMapsEnabled(true);

module.exports = require('./run.ts');
