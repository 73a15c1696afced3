import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { serverOf } from './support/postgres.js';

/** In milliseconds; many times the duration on an idle machine. */
const patience = 240_000;
/** Two test files that start the service. */
const files = ['tests/api/guarded-fields.test.ts', 'tests/api/rate-limits-parallel.test.ts'];

test(
  'in one process a file does not get in the way of the next, and Jest ends',
  async () => {
    const args = ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--maxWorkers=1', ...files];
    const env = { ...process.env, TEST_DATABASE_URL: serverOf().adminUrl, FORCE_COLOR: '0' };
    const { stderr } = await promisify(execFile)(process.execPath, args, { env, timeout: patience });
    expect(stderr).toMatch(/^Test Suites: 2 passed, 2 total$/m);
    expect(stderr).not.toContain('did not exit');
  },
  patience,
);
