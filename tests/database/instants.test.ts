import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Harness } from '../support/harness.js';

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start();
});
afterAll(() => harness.close());

const instants = ['-000043-03-15T00:00:00.000Z', '1969-12-31T23:59:59.999Z', '1970-01-01T00:00:00.000Z']
  .concat(['2024-02-29T12:34:56.789Z', '9999-12-31T23:59:59.999Z', '+010000-01-01T00:00:00.000Z'])
  .map((text) => new Date(text));

test.each(instants)('%p is the same instant in the database', async (instant) => {
  const { sql } = harness.app.services.database;
  const row = await sql.row<{ at: Date; text: string }>(
    'select $1::timestamptz as at, extract(epoch from $1::timestamptz)::text as text',
    [instant],
  );
  expect([row?.at, Number(row?.text)]).toEqual([instant, instant.getTime() / 1000]);
});
