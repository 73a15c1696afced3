export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/tests/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  // Test files run as `npm test` has just compiled them, beside the service as it is shipped.
  transform: {},
  runtime: '<rootDir>/tests/support/runtime/native-runtime.cjs',
  testSequencer: '<rootDir>/tests/support/runtime/slowest-first.cjs',
  globalSetup: '<rootDir>/tests/support/global-setup.mjs',
  globalTeardown: '<rootDir>/tests/support/global-teardown.mjs',
  maxWorkers: 2,
  // A worker keeps some MB of each file; past this it is made anew.
  workerIdleMemoryLimit: '700MB',
  testTimeout: 60_000,
};
