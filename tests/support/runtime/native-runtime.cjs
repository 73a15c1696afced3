const { register } = require('node:module');
const { join, relative } = require('node:path');
const { pathToFileURL } = require('node:url');
const { default: Runtime } = require('jest-runtime');

const root = join(__dirname, '..', '..', '..');
const timeLimit = Symbol.for('TEST_TIMEOUT_SYMBOL');
let files = 0;

/**
 * Jest loads every module anew for each test file, in a context of its own: 2,800 modules and 5 s of processor time a file.
 * This one leaves loading to Node. A worker loads the service once, as it was built, and only what is below tests/ anew.
 */
module.exports = class NativeRuntime extends Runtime {
  /** The test framework itself, which keeps the tests of a file where it was loaded. */
  requireInternalModule(path) {
    delete require.cache[path];
    globalThis[Symbol.for('EVENT_HANDLERS')] = undefined;
    return require(path);
  }

  unstable_shouldLoadAsEsm() {
    return true;
  }

  async unstable_importModule(path) {
    if (files === 0) register('./hooks.mjs', pathToFileURL(__filename));
    // Jest asks for 100 frames of each error, which the service pays for wherever it makes one.
    Error.stackTraceLimit = 10;
    globalThis[Symbol.for('gatehouse.jest')] = this.requireModuleOrMock(path, '@jest/globals');
    files += 1;
    const compiled = join(root, 'dist', relative(root, path)).replace(/\.ts$/, '.js');
    await import(`${pathToFileURL(compiled)}?file=${files}`);
    // `jest.setTimeout` notes it in the context that Jest has made for the file, where nothing runs.
    globalThis[timeLimit] = this._environment.global[timeLimit];
  }
};
