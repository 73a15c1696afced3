// What `@jest/globals` stands for in the test file that is loading.
export const { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } =
  globalThis[Symbol.for('gatehouse.jest')];
