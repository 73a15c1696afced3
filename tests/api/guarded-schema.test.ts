import { afterEach, expect, test } from '@jest/globals';
import { extendSchema, parse } from 'graphql';
import { guardedSchema } from '../../src/api/guarded-schema.js';
import { guards, permissions } from '../../src/api/permissions.js';
import type { RateLimits } from '../../src/api/rate-limits.js';
import { buildPlainSchema } from '../../src/api/schema.js';
import { anyone } from '../../src/graphql/rules.js';

/** Rate limits are not used while a schema is built. */
const limits = {} as RateLimits;
const build = (schema = buildPlainSchema()) => guardedSchema(schema, limits);

type Table = Record<string, Record<string, unknown>>;
const undo: (() => void)[] = [];
afterEach(() => {
  for (const restore of undo.splice(0)) restore();
});

function change(table: Table, type: string, field: string, value: unknown): void {
  const rows = table[type] ?? {};
  const before = { ...rows };
  undo.push(() => {
    delete rows[field];
    Object.assign(rows, before);
  });
  if (value === undefined) delete rows[field];
  else rows[field] = value;
}

test('the table as it stands fits the schema', () => {
  expect(() => build()).not.toThrow();
});

test.each([
  ['Query', 'users'],
  ['Mutation', 'login'],
  ['Subscription', 'securityEvents'],
])('a service whose %s.%s has lost its line does not start', (type, field) => {
  change(permissions, type, field, undefined);
  expect(() => build()).toThrow(`${type}.${field}`);
});

test.each(['Query', 'Mutation', 'Subscription'])(
  'a line of %s for a field that does not exist stops the start',
  (type) => {
    change(permissions, type, 'nonsense', [anyone]);
    expect(() => build()).toThrow(`${type}.nonsense`);
  },
);

test.each(['Query', 'Mutation', 'Subscription'])('a new field of %s without a line stops the start', (type) => {
  const schema = extendSchema(buildPlainSchema(), parse(`extend type ${type} { added: String }`));
  expect(() => build(schema)).toThrow(`${type}.added`);
});

test('a guard for a field or a type that does not exist stops the start', () => {
  change(guards, 'User', 'nonsense', anyone);
  expect(() => build()).toThrow('User.nonsense');
  undo.pop()?.();
  Object.assign(guards, { Nonsense: { id: anyone } });
  undo.push(() => delete (guards as Table)['Nonsense']);
  expect(() => build()).toThrow('Nonsense.id');
});
