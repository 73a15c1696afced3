import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { GraphQLDateTime } from 'graphql-scalars';
import { parseInstant } from '../../src/database/sql-values.js';
import { formatInstants, isoOf } from '../../src/graphql/date-time.js';
import { seeded } from '../support/seeded.js';

const last = Date.parse('9999-12-31T23:59:59.999Z');
const plain = fc.integer({ min: 0, max: last }).map((time) => new Date(time));

test('instants are written as toISOString writes them', async () => {
  await seeded(
    fc.property(plain, (instant) => {
      expect(isoOf(instant)).toBe(instant.toISOString());
    }),
    1000,
  );
});

test('the scalar answers the text of any instant, and refuses what is none', () => {
  formatInstants();
  // A second schema in the same process.
  formatInstants();
  for (const time of [0, last, -1, last + 1, Date.parse('0050-01-01T00:00:00Z'), -62_198_755_200_000]) {
    const instant = new Date(time);
    expect(JSON.parse(JSON.stringify(GraphQLDateTime.serialize(instant)))).toBe(instant.toISOString());
  }
  for (const wrong of [new Date(Number.NaN), 'yesterday', true, {}])
    expect(() => GraphQLDateTime.serialize(wrong)).toThrow();
});

/** As PostgreSQL writes timestamptz in UTC: without a fraction, or with one to six digits that do not end with 0. */
const written = (instant: Date, micros: string) =>
  `${instant.toISOString().slice(0, 19).replace('T', ' ')}${micros === '' ? '' : `.${micros}`}+00`;
const fraction = fc.integer({ min: 0, max: 999_999 }).map((n) => String(n).padStart(6, '0').replace(/0+$/, ''));

test('instants of the database are read to the millisecond', async () => {
  const instants = fc.integer({ min: Date.parse('0001-01-01T00:00:00Z'), max: last }).map((time) => new Date(time));
  await seeded(
    fc.property(instants, fraction, (instant, micros) => {
      const milliseconds = Number(micros.padEnd(6, '0').slice(0, 3));
      expect(parseInstant(written(instant, micros))).toEqual(
        new Date(Math.floor(instant.getTime() / 1000) * 1000 + milliseconds),
      );
    }),
    1000,
  );
});

test.each([
  ['infinity', Number.POSITIVE_INFINITY],
  ['-infinity', Number.NEGATIVE_INFINITY],
  ['0044-03-15 00:00:00+00 BC', new Date('-000043-03-15T00:00:00.000Z')],
  ['10000-01-01 00:00:00+00', new Date('+010000-01-01T00:00:00.000Z')],
  ['2024-02-29 12:34:56.789+05:30', new Date('2024-02-29T07:04:56.789Z')],
])('%s is read by the driver', (text, value) => {
  expect(parseInstant(text)).toEqual(value);
});
