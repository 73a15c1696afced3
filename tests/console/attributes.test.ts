import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Json } from '../../web/console/attributes/json.js';
import { knownIn } from '../../web/console/attributes/known.js';
import {
  asText,
  attributesOf,
  faultOf,
  kindOf,
  newRow,
  numberIn,
  ofKind,
  rowsOf,
  typed,
} from '../../web/console/attributes/rows.js';
import { placeholders } from '../../web/console/roles/placeholders.js';
import { type Change, shareOf, spanOf } from '../../web/console/why/moments.js';
import { instantOf, localOf } from '../../web/texts/zoned-time.js';
import { seeded } from '../support/seeded.js';

const value = fc.oneof(
  fc.jsonValue(),
  fc.array(
    fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constantFrom('null', '1', 'true', 'a, b', '"', ' x ', '')),
  ),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
) as fc.Arbitrary<Json>;
const asJson = (json: unknown) => JSON.parse(JSON.stringify(json)) as Json;
const named = fc.dictionary(
  fc.string({ minLength: 1 }).filter((name) => name !== '__proto__'),
  value.map(asJson),
);

test('a form says what the JSON says', () =>
  seeded(
    fc.asyncProperty(named, async (attributes) => {
      expect(attributesOf(rowsOf(attributes as Record<string, Json>))).toEqual(attributes);
      expect(JSON.parse(asText(attributes) || '{}')).toEqual(attributes);
    }),
  ));

test('what a row shows is its value', () =>
  seeded(
    fc.asyncProperty(named, async (attributes) => {
      for (const row of rowsOf(attributes as Record<string, Json>))
        expect(typed(row, row.text).value).toEqual(row.value);
    }),
  ));

test.each([
  ['news', 'text'],
  ['2026-11-28T03:00:00Z', 'instant'],
  ['2026-11-28', 'text'],
  [1.5, 'number'],
  [false, 'truth'],
  [null, 'nothing'],
  [['a', 1], 'list'],
  [[['a']], 'json'],
  [{ id: 1 }, 'json'],
])('%j is %s', (json, kind) => {
  expect(kindOf(json as Json)).toBe(kind);
});

test('numbers are those that JSON can say', () => {
  expect(['1', ' -2.5 ', '1e3', '', ' ', 'x', '1e999', 'Infinity', 'NaN'].map(numberIn)).toEqual([
    1,
    -2.5,
    1000,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test('rows that are not in order say why, and an empty one is left out', () => {
  const rows = [
    typed(newRow('a'), 'x'),
    typed(newRow('a'), 'y'),
    typed(newRow(''), 'z'),
    newRow('n', 'number'),
    newRow(),
  ];
  expect(rows.map((row) => faultOf(row, rows))).toEqual([undefined, 'twice', 'unnamed', 'value', undefined]);
  expect(attributesOf(rows)).toBeUndefined();
  expect(attributesOf([rows[0] as never, rows[4] as never])).toEqual({ a: 'x' });
});

test('another kind keeps what fits it', () => {
  const row = typed(newRow('n'), '12');
  expect(ofKind(row, 'number').value).toBe(12);
  expect(ofKind(row, 'list').value).toEqual([12]);
  expect(ofKind(row, 'truth').value).toBe(true);
  expect(ofKind(row, 'nothing').value).toBe(null);
  expect(ofKind(typed(newRow('n'), 'x'), 'number').value).toBeUndefined();
});

test('conditions tell the attributes and the values that they name', () => {
  const conditions = [
    { $or: [{ category: 'news' }, { category: { $in: ['sports', 'news'] } }], $not: { level: { $gt: 3 } } },
    {
      authorId: placeholders.ofUser,
      'author.name': 'x',
      publishedAt: { $exists: true },
      at: { $lt: placeholders.ofNow },
    },
    null,
  ];
  expect(knownIn(conditions, ['title', 'level'], 'me')).toEqual([
    { name: 'category', values: ['news', 'sports'] },
    { name: 'level', values: [3] },
    { name: 'authorId', values: ['me'] },
    { name: 'author', values: [] },
    { name: 'publishedAt', values: [] },
    { name: 'at', values: [] },
    { name: 'title', values: [] },
  ]);
  expect(knownIn([{ authorId: placeholders.ofUser }])).toEqual([{ name: 'authorId', values: [] }]);
});

test('what clocks show leads back to the instant, but for the hour that comes twice', () => {
  for (const [at, local] of [
    ['2026-07-01T10:00:00.000Z', '2026-07-01T12:00:00'],
    ['2026-10-25T02:30:00.000Z', '2026-10-25T03:30:00'],
    ['2026-03-29T01:00:00.000Z', '2026-03-29T03:00:00'],
  ] as const) {
    expect(localOf(at, 'Europe/Berlin')).toBe(local);
    expect(instantOf(local, 'Europe/Berlin').toISOString()).toBe(at);
  }
  expect(localOf('nothing', 'Europe/Berlin')).toBe('');
});

test('the line of time reaches to the newest change, and holds every instant', () => {
  const now = Date.parse('2026-11-28T03:00:00Z');
  const change = (at: string) => ({ at }) as Change;
  const span = spanOf([change('2026-11-28T03:05:00Z'), change('2026-01-01T00:00:00Z')], '2026-02-01T00:00:00Z', now);
  expect(span.from).toBe(Date.parse('2026-01-01T00:00:00Z'));
  expect(span.to).toBeGreaterThan(Date.parse('2026-11-28T03:05:00Z'));
  expect([shareOf(0, span), shareOf(span.from, span), shareOf(span.to, span), shareOf(span.to + 1, span)]).toEqual([
    0, 0, 1, 1,
  ]);
});
