import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { clausesOf, missesOf } from '../../src/policy/condition-clauses.js';
import { type Attributes, predicateOf } from '../../src/policy/condition-matching.js';
import type { Conditions } from '../../src/policy/conditions.js';
import {
  arbitraryAttributes,
  arbitraryBinding,
  arbitraryConditions,
  placeholder,
} from '../support/arbitrary-conditions.js';
import { seeded } from '../support/seeded.js';

const binding = { user: { id: 'u1', email: 'ann@example.com', roles: ['editor'] }, now: new Date(0) };

test('every comparison is one clause, in the order they are written', () => {
  const predicate = predicateOf({
    category: 'news',
    $or: [{ $and: [{ $and: [{ published: true }] }] }, { authorId: placeholder('user.id'), score: { $gt: 1, $lt: 5 } }],
    $not: { 'owner.email': { $in: [placeholder('user.email'), 'x'] }, until: { $not: { $gt: placeholder('now') } } },
    role: { $not: { $in: placeholder('user.roles') } },
  });
  const attributes = { category: 'sport', published: true, authorId: 'u2', score: 5, owner: { email: 'x' }, until: 7 };
  const rows = clausesOf(predicate, attributes, binding).map((clause) => [
    clause.path,
    clause.attribute,
    clause.operator,
    clause.expected,
    clause.actual,
    clause.satisfied,
  ]);
  expect(rows).toEqual([
    ['category', 'category', '$eq', 'news', 'sport', false],
    ['$or.0.$and.0.$and.0.published', 'published', '$eq', true, true, true],
    ['$or.1.authorId', 'authorId', '$eq', 'u1', 'u2', false],
    ['$or.1.score', 'score', '$gt', 1, 5, true],
    ['$or.1.score', 'score', '$lt', 5, 5, false],
    ['$not.owner.email', 'owner.email', '$not $in', ['ann@example.com', 'x'], 'x', false],
    ['$not.until', 'until', '$gt', '1970-01-01T00:00:00.000Z', 7, false],
    ['role', 'role', '$not $in', ['editor'], null, true],
  ]);
  // The category, and one of the two clauses that are negated together.
  expect(missesOf(predicate, attributes, binding)).toBe(2);
});

/** Clauses are worded so that `satisfied` matches what they say, also under a negation. */
test.each<[Conditions, Attributes, actual: unknown, satisfied: boolean]>([
  [{ 'a.b': null }, {}, null, true],
  [{ 'a.b': null }, { a: 5 }, null, true],
  [{ 'a.b': null }, { a: [] }, [], false],
  [{ 'a.b': null }, { a: [1, 2] }, [], false],
  [{ 'a.b': null }, { a: [{ b: 1 }, {}] }, [1, null], true],
  [{ 'a.b': { $ne: null } }, {}, null, false],
  [{ 'a.b': { $in: [null] } }, {}, null, true],
  [{ 'a.2': null }, { a: ['x'] }, [], false],
  [{ 'a.b.c': 1 }, { a: [{ b: { c: 1 } }, { b: 2 }] }, [1, null], true],
  [{ a: 'x' }, { a: ['y', 'x'] }, ['y', 'x'], true],
])('%j on %j: actual %j, satisfied %s', (conditions, attributes, actual, satisfied) => {
  expect(clausesOf(predicateOf(conditions), attributes, binding)).toMatchObject([{ actual, satisfied }]);
});

test.each<[Conditions, Attributes, number]>([
  [{ a: 1, b: 2, c: 3 }, {}, 3],
  [{ a: 1, b: 2, c: 3 }, { b: 2 }, 2],
  [{ $or: [{ a: 1, b: 2 }, { c: 3 }] }, {}, 1],
  [
    {
      $or: [
        { a: 1, b: 2 },
        { c: 3, d: 4, e: 5 },
      ],
    },
    { c: 3 },
    2,
  ],
  [{ $not: { a: 1, b: 2 } }, { a: 1, b: 2 }, 1],
  [{ $not: { $or: [{ a: 1 }, { b: 2 }] } }, { a: 1, b: 2 }, 2],
  [{ a: { $not: { $gt: 1, $lt: 9 } } }, { a: 5 }, 1],
  [{}, {}, 0],
])('%j on %j misses by %i', (conditions, attributes, count) => {
  expect(missesOf(predicateOf(conditions), attributes, binding)).toBe(count);
});

test('nothing is missed exactly when the predicate matches', async () => {
  const property = fc.property(
    arbitraryConditions,
    arbitraryAttributes,
    arbitraryBinding,
    (conditions, attributes, bound) => {
      const predicate = predicateOf(conditions);
      expect(missesOf(predicate, attributes, bound) === 0).toBe(predicate.matches(attributes, bound));
    },
  );
  await seeded(property, 1000);
});

/** Evaluates the conditions from the answers of their leaves; negations are already part of each leaf's `satisfied`. */
function replay(conditions: unknown, negated: boolean, next: () => boolean): boolean {
  const parts = Object.entries(conditions as Conditions).map(([key, value]): boolean => {
    if (key === '$not') return replay(value, !negated, next);
    if (key === '$and' || key === '$or') {
      const members = (value as Conditions[]).map((member) => replay(member, negated, next));
      return (key === '$and') !== negated ? members.every(Boolean) : members.some(Boolean);
    }
    const isLeaf = (key.startsWith('$') && key !== '$not') || typeof value !== 'object' || value === null;
    return isLeaf ? next() : replay(value, negated, next);
  });
  return negated ? parts.some(Boolean) : parts.every(Boolean);
}

test('the clauses add up to the answer', async () => {
  const property = fc.property(
    arbitraryConditions,
    arbitraryAttributes,
    arbitraryBinding,
    (conditions, attributes, bound) => {
      const predicate = predicateOf(conditions);
      const clauses = clausesOf(predicate, attributes, bound);
      const answers = clauses.map(({ satisfied }) => satisfied);
      expect(replay(conditions, false, () => answers.shift() ?? false)).toBe(predicate.matches(attributes, bound));
      expect(answers).toEqual([]);
      for (const { path, attribute } of clauses) expect(path.endsWith(attribute)).toBe(true);
    },
  );
  await seeded(property, 1000);
});
