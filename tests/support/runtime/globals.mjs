// Provides `@jest/globals` for the test file that is being loaded.
export const { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } =
  globalThis[Symbol.for('gatehouse.jest')];
