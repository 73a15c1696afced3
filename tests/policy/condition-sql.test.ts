import { beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Parameters } from '../../src/database/keyset.js';
import type { Sql } from '../../src/database/sql.js';
import { type Attributes, type Binding, predicateOf } from '../../src/policy/condition-matching.js';
import { type Columns, conditionSql } from '../../src/policy/condition-sql.js';
import type { Conditions } from '../../src/policy/conditions.js';
import {
  arbitraryBinding,
  arbitraryConditions,
  ids,
  placeholder,
  plainConditions,
  vocabulary,
} from '../support/arbitrary-conditions.js';
import { Harness } from '../support/harness.js';
import { seeded, Tally } from '../support/seeded.js';

let sql: Sql;
beforeAll(async () => {
  ({ sql } = (await Harness.start()).app.services.database);
});

const columns: Columns = {
  authorId: { sql: 'r.author_id', type: 'uuid' },
  // A collation that orders differently from JavaScript, whatever the database's default is.
  category: { sql: '(r.category collate "und-x-icu")', type: 'text' },
  published: { sql: 'r.published', type: 'boolean' },
  score: { sql: 'r.score', type: 'number' },
  createdAt: { sql: 'r.created_at', type: 'timestamptz' },
  'owner.email': { sql: '(lower(r.email))', type: 'text' },
};

interface Row {
  readonly author_id: string | null;
  readonly category: string | null;
  readonly published: boolean | null;
  readonly score: number | null;
  /** With microseconds, as PostgreSQL stores them. */
  readonly created_at: string | null;
  readonly email: string | null;
}

const attributesOf = (row: Row): Attributes => ({
  authorId: row.author_id,
  category: row.category,
  published: row.published,
  score: row.score,
  createdAt: row.created_at && `${row.created_at.slice(0, '2024-01-01T00:00:00.000'.length)}Z`,
  owner: { email: row.email },
});

const recordset = `from jsonb_to_recordset($1::jsonb) as r(n int, author_id uuid, category text, published boolean,
  score double precision, created_at timestamptz, email text)`;

/** @returns for each row the value of the expression in PostgreSQL: true, false or null */
async function answersOf(conditions: Conditions, binding: Binding, rows: readonly Row[]): Promise<(boolean | null)[]> {
  const parameters = new Parameters();
  parameters.add(JSON.stringify(rows.map((row, n) => ({ n, ...row }))));
  const expression = conditionSql(predicateOf(conditions), binding, columns, parameters);
  const found = await sql.rows<{ answer: boolean | null }>(
    `select ${expression} as answer ${recordset} order by n`,
    parameters.values,
  );
  return found.map(({ answer }) => answer);
}

const none: Row = { author_id: null, category: null, published: null, score: null, created_at: null, email: null };
const [id = '', otherId = ''] = ids;
const binding: Binding = {
  user: { id, email: 'ann@example.com', roles: ['news', 'editor'] },
  now: new Date('2024-01-01T00:00:00.001Z'),
};
const at = (created_at: string): Row => ({ ...none, created_at });

const rows: readonly Row[] = [
  none,
  { ...none, author_id: id, category: 'news', published: true, score: 1, email: 'ann@example.com' },
  { ...none, author_id: otherId, category: '', published: false, score: 0, email: 'bob@example.com' },
  ...['News', 'écho', '\u{1f600}', '\uff5e', 'z', "'; drop table users; --", '{a,"b"}', 'NULL', '\\'].map(
    (category): Row => ({ ...none, category }),
  ),
  ...[-1.5, 0.1, 2 ** 53, 1e300, 5e-324].map((score): Row => ({ ...none, score })),
  ...['000000', '000999', '001000', '001001', '002000'].map((fraction) => at(`2024-01-01T00:00:00.${fraction}Z`)),
  ...['1969-12-31T23:59:59.999999Z', '0001-01-01T00:00:00.000000Z', '9999-12-31T23:59:59.999999Z'].map(at),
];

const isos = ['2024-01-01T00:00:00.001Z', '9999-12-31T23:59:59.999Z', '0001-01-01T00:00:00.000Z'];
const notIsos = [
  '2024-01-01',
  '2024-01-01T00:00:00Z',
  '2024-13-01T00:00:00.001Z',
  '0000-01-01T00:00:00.000Z',
  'x',
  '',
  '+010000-01-01T00:00:00.000Z',
  '2024-02-30T00:00:00.000Z',
  'infinity',
  'now',
];
const values: readonly unknown[] = [
  ...isos,
  ...notIsos,
  id,
  id.toUpperCase(),
  `{${id}}`,
  id.replaceAll('-', ''),
  otherId.slice(0, 8),
  'news',
  '\u{1f600}',
  '\uff5e',
  'NULL',
  '\\',
  "'; drop table users; --",
  '{a,"b"}',
  0,
  -0,
  1,
  0.1,
  2 ** 53,
  1e300,
  5e-324,
  1.7e308,
  true,
  false,
  null,
  placeholder('user.id'),
  placeholder('user.email'),
  placeholder('now'),
];
const paths = [
  ...Object.keys(columns),
  'missing',
  'owner',
  'owner.name',
  'owner.email.x',
  'category.length',
  'category.0',
];

test.each(paths)('every operator with every kind of value on %s answers as in JavaScript', async (path) => {
  const operators = ['$eq', '$ne', '$gt', '$gte', '$lt', '$lte', '$in', '$nin'];
  const operandsFor = (operator: string): readonly unknown[] => {
    if (operator.includes('in')) return [...values.map((value) => [value]), values, placeholder('user.roles')];
    return /^\$[gl]t/.test(operator) ? values.filter((value) => !/boolean|object/.test(typeof value)) : values;
  };
  const comparisons = operators.flatMap((operator) =>
    operandsFor(operator).map((operand) => ({ [operator]: operand })),
  );
  for (const comparison of [...comparisons, { $exists: true }, { $exists: false }]) {
    const conditions = { [path]: comparison };
    const expected = rows.map((row) => predicateOf(conditions).matches(attributesOf(row), binding));
    expect({ comparison, answers: await answersOf(conditions, binding, rows) }).toEqual({
      comparison,
      answers: expected,
    });
  }
});

test('a caller without roles is in no list of them', async () => {
  const nobody = { ...binding, user: { ...binding.user, roles: [] } };
  const row = { ...none, category: 'news' };
  expect(await answersOf({ category: { $in: placeholder('user.roles') } }, nobody, [row, none])).toEqual([
    false,
    false,
  ]);
  expect(await answersOf({ category: { $nin: placeholder('user.roles') } }, nobody, [row, none])).toEqual([true, true]);
  expect(await answersOf({}, nobody, [row, none])).toEqual([true, true]);
});

const oneOf = <T>(choices: readonly T[]) => fc.option(fc.constantFrom(...choices), { freq: 5 });
const arbitraryRow: fc.Arbitrary<Row> = fc.record({
  author_id: oneOf(ids),
  category: oneOf(vocabulary.category),
  published: oneOf(vocabulary.published),
  score: oneOf(vocabulary.score),
  created_at: oneOf(
    vocabulary.createdAt.flatMap((iso) => ['000', '999'].map((micros) => iso.replace('Z', `${micros}Z`))),
  ),
  email: oneOf(vocabulary['owner.email']),
});

test('the rows found are those whose attributes match', async () => {
  const found = new Tally<'all' | 'some' | 'none'>();
  const someRows = fc.array(arbitraryRow, { minLength: 8, maxLength: 12 });
  const property = fc.asyncProperty(
    fc.oneof(arbitraryConditions, plainConditions),
    arbitraryBinding,
    someRows,
    async (conditions, bound, made) => {
      const predicate = predicateOf(conditions);
      const expected = made.map((row) => predicate.matches(attributesOf(row), bound));
      expect(await answersOf(conditions, bound, made)).toEqual(expected);
      found.count(expected.every(Boolean) ? 'all' : expected.some(Boolean) ? 'some' : 'none');
    },
  );
  await seeded(property, 500);
  found.expectShares({ all: 0.03, some: 0.15, none: 0.03 });
});

test('no value is in the text, and lists of any length share one', () => {
  const textOf = (conditions: Conditions) => conditionSql(predicateOf(conditions), binding, columns, new Parameters());
  const text = textOf({ category: { $in: ["x'; --", 'y'] }, score: 77, 'owner.email': placeholder('user.email') });
  expect(text).not.toMatch(/x'|77|ann@/);
  expect(text).toBe(textOf({ category: { $in: ['a', 'b', 'c'] }, score: 1, 'owner.email': 'x' }));
});

test.each<[string, Conditions]>([
  ['one', { authorId: placeholder('user.id') }],
  ['several', { authorId: { $in: [id, otherId] } }],
])('an index on a uuid serves %s', async (_, conditions) => {
  await sql.rows('create table if not exists indexed (author_id uuid primary key)');
  const parameters = new Parameters();
  const byId: Columns = { authorId: { sql: 'author_id', type: 'uuid' } };
  const expression = conditionSql(predicateOf(conditions), binding, byId, parameters);
  const plan = await sql.rows<Record<string, string>>(
    `explain select from indexed where ${expression}`,
    parameters.values,
  );
  expect(JSON.stringify(plan)).toContain('Index Cond: (author_id = ');
});
