import { gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { bundleClient } from '../support/client-bundle.js';

/** In bytes, gzipped. */
const most = 12 * 1024;

test('the client is small, and loads graphql-ws and CASL only when they are needed', async () => {
  const files = await bundleClient();
  const code = files.get('/gatehouse.js') ?? '';
  const size = gzipSync(code).length;
  process.stdout.write(`The client takes ${size} bytes, gzipped\n`);
  expect(size).toBeLessThanOrEqual(most);
  expect(code).not.toMatch(/connection_init|graphql-transport-ws/);
  expect(code).toContain('import(');
}, 60_000);
