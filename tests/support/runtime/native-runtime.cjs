const asyncHooks = require('node:async_hooks');
const { register } = require('node:module');
const { join, relative } = require('node:path');
const { pathToFileURL } = require('node:url');
const { setFlagsFromString } = require('node:v8');
const { default: Runtime } = require('jest-runtime');

const root = join(__dirname, '..', '..', '..');
const timeLimit = Symbol.for('TEST_TIMEOUT_SYMBOL');
let files = 0;

// Most code of a test file runs a few times only. V8 would spend a seventh of a worker's time on optimising it, so it compiles
// simply at once and optimises ten times later than by default. Later versions of Node do not know the second flag.
if (process.version.startsWith('v20.'))
  for (const flag of ['--always-sparkplug', '--interrupt-budget=700000']) setFlagsFromString(flag);

/**
 * Stands in for an AsyncLocalStorage, which slows every promise of the process once it is used. Tests and hooks of a file run
 * one after another, so the one that runs is the one that asks.
 */
class OneAtATime {
  #store;

  getStore() {
    return this.#store;
  }

  async run(store, callback) {
    const before = this.#store;
    this.#store = store;
    try {
      return await callback();
    } finally {
      this.#store = before;
    }
  }
}

/**
 * A Jest runtime that lets Node load modules. Jest itself reloads every module for each test file, in a separate
 * context: 2,800 modules and 5 seconds of CPU time per file. Here a worker loads the compiled service once, and only
 * modules below tests/ are loaded anew for each file.
 */
module.exports = class NativeRuntime extends Runtime {
  /** Reloads the test framework itself, which stores the tests of a file in the module that is loaded. */
  requireInternalModule(path) {
    delete require.cache[path];
    globalThis[Symbol.for('EVENT_HANDLERS')] = undefined;
    const original = Object.getOwnPropertyDescriptor(asyncHooks, 'AsyncLocalStorage');
    Object.defineProperty(asyncHooks, 'AsyncLocalStorage', { value: OneAtATime, configurable: true });
    try {
      return require(path);
    } finally {
      Object.defineProperty(asyncHooks, 'AsyncLocalStorage', original);
    }
  }

  unstable_shouldLoadAsEsm() {
    return true;
  }

  async unstable_importModule(path) {
    if (files === 0) {
      // Before the hook is registered: it runs in a thread of its own, which would be asked about each module of the service.
      if (process.env.GATEHOUSE_TEST_SERVER) await import(pathToFileURL(join(root, 'dist', 'src', 'app.js')));
      register('./hooks.mjs', pathToFileURL(__filename));
    }
    // Jest sets this to 100 frames, which makes every error of the service expensive.
    Error.stackTraceLimit = 10;
    globalThis[Symbol.for('gatehouse.jest')] = this.requireModuleOrMock(path, '@jest/globals');
    files += 1;
    const compiled = join(root, 'dist', relative(root, path)).replace(/\.ts$/, '.js');
    await import(`${pathToFileURL(compiled)}?file=${files}`);
    // `jest.setTimeout` stores its value in the context that Jest created for the file, in which nothing runs here.
    globalThis[timeLimit] = this._environment.global[timeLimit];
  }
};
