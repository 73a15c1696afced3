import { buildMongoQueryMatcher, createMongoAbility, subject } from '@casl/ability';
import { expect, test } from '@jest/globals';
import { $and, $nor, $not, $or, and, nor, not, or } from '@ucast/mongo2js';
import fc from 'fast-check';
import { type Attributes, type Binding, predicateOf } from '../../src/policy/condition-matching.js';
import { mongoQueryOf } from '../../src/policy/condition-parsing.js';
import type { Conditions } from '../../src/policy/conditions.js';
import {
  arbitraryAttributes,
  arbitraryBinding,
  arbitraryConditions,
  placeholder,
} from '../support/arbitrary-conditions.js';
import { seeded } from '../support/seeded.js';

const now = '2024-05-06T07:08:09.123Z';
const binding: Binding = {
  user: { id: 'u1', email: 'ann@example.com', roles: ['editor', 'author'] },
  now: new Date(now),
};
const matches = (conditions: Conditions, attributes: Attributes) =>
  predicateOf(conditions).matches(attributes, binding);
const fromJson = (text: string) => JSON.parse(text) as Attributes;

type Row = [condition: unknown, matching: unknown[], others: unknown[]];
/** Cases for the attribute `a`; undefined means that it is missing. */
test.each<Row>([
  ['x', ['x', ['x'], ['y', 'x']], ['y', 'X', '', null, undefined, 1, true, [], {}, ['xx']]],
  [1, [1, [2, 1]], ['1', true, 0, null, undefined, [], {}]],
  [true, [true, [true]], ['true', 1, false, null, undefined]],
  [null, [null, undefined, [null], [1, null]], ['', 0, false, [], {}, ['x']]],
  [{ $eq: 0 }, [0, -0], [null, undefined, false, '', '0']],
  [{ $ne: 'x' }, ['y', null, undefined, 1, [], ['y'], {}], ['x', ['x', 'y']]],
  [{ $ne: null }, ['', 0, false, [], {}], [null, undefined, [null]]],
  [{ $in: ['x', 1, null] }, ['x', 1, null, undefined, ['y', 1]], ['1', 'y', [], {}]],
  [{ $nin: ['x', 1, null] }, ['1', 'y', [], {}], ['x', 1, null, undefined, ['y', 1]]],
  [{ $gt: 5 }, [6, 5.1, [1, 9]], [5, 4, '6', '9', null, undefined, true, [], {}, ['9']]],
  [{ $gte: 5 }, [5, 6], [4, '5', null, undefined, false]],
  [{ $lt: 5 }, [4, -1, 0], [5, 6, '4', '', null, undefined, false, [], {}]],
  [{ $lte: 5 }, [5, 4], [6, '5', '', null, undefined, false]],
  [{ $gt: 'b' }, ['c', 'ba', '\u{1f600}'], ['b', 'a', 'B', '', 9, null, undefined, true]],
  [{ $lt: 'b' }, ['a', 'B', ''], ['b', 'c', 1, null, undefined, false]],
  [{ $gt: '\uff5e' }, ['\u{1f600}', '\uff5f'], ['\uff5e', '\ud7ff', 'z']],
  [{ $lt: '\u{1f600}' }, ['\uff5e', 'z', ''], ['\u{1f600}', '\u{1f601}', '\u{1f600}a']],
  [{ $gte: '2024-01-01T00:00:00.000Z' }, ['2024-01-01T00:00:00.000Z', now], ['2023-12-31T23:59:59.999Z']],
  [{ $exists: true }, [null, 0, '', [], {}], [undefined]],
  [{ $exists: false }, [undefined], [null, 0, '', [], {}]],
  [{ $gt: 1, $lt: 3 }, [2], [1, 3, null, undefined]],
  [{ $not: { $gt: 5 } }, [5, '6', null, undefined, {}], [6]],
  [{ $not: { $gt: 1, $lt: 3 } }, [1, 3, null, undefined], [2]],
  [{ $not: { $not: { $gt: 5 } } }, [6], [5, null, undefined]],
  [placeholder('user.id'), ['u1', ['u1']], ['u2', placeholder('user.id'), null, undefined]],
  [{ $ne: placeholder('user.email') }, ['bob@example.com', null, undefined], ['ann@example.com']],
  [{ $in: placeholder('user.roles') }, ['editor', 'author', ['x', 'author']], ['admin', [], null, undefined]],
  [{ $nin: placeholder('user.roles') }, ['admin', [], null, undefined], ['editor']],
  [{ $in: ['x', placeholder('user.id'), placeholder('now')] }, ['x', 'u1', now], ['y', null]],
  [{ $lte: placeholder('now') }, [now, '2024-05-06T07:08:09.122Z'], ['2024-05-06T07:08:09.124Z', null, 5]],
  [{ $not: { $gt: placeholder('now') } }, [now, null, undefined], ['2024-05-06T07:08:09.124Z']],
])('a: %j', (condition, matching, others) => {
  const attributesOf = (value: unknown) => (value === undefined ? {} : { a: value });
  for (const value of matching)
    expect({ value, match: matches({ a: condition }, attributesOf(value)) }).toEqual({ value, match: true });
  for (const value of others)
    expect({ value, match: matches({ a: condition }, attributesOf(value)) }).toEqual({ value, match: false });
});

test.each<[Conditions, Attributes, boolean]>([
  [{ 'a.b': 1 }, { a: { b: 1 } }, true],
  [{ 'a.b': 1 }, { 'a.b': 1 }, false],
  [{ 'a.b': 1 }, { a: 1 }, false],
  [{ 'a.b': null }, { a: {} }, true],
  [{ 'a.b': null }, {}, true],
  [{ 'a.b': null }, { a: null }, true],
  [{ 'a.b': null }, { a: 1 }, true],
  [{ 'a.b': null }, { a: [] }, false],
  [{ 'a.b': null }, { a: [1, null] }, false],
  [{ 'a.b': null }, { a: [[{}]] }, false],
  [{ 'a.b': null }, { a: [{ b: 1 }, {}] }, true],
  [{ 'a.b': null }, { a: { b: [1, null] } }, true],
  [{ 'a.b': null }, { a: { b: [] } }, false],
  [{ 'a.b.c': null }, {}, true],
  [{ 'a.b.c': null }, { a: [{}] }, true],
  [{ 'a.b.c': null }, { a: [{ b: { c: 1 } }, { b: 5 }] }, true],
  [{ 'a.b.c': null }, { a: [{ b: { c: 1 } }, { b: [5] }, 5] }, false],
  [{ 'a.b.c': null }, { a: [{ b: [{ c: 1 }, {}] }] }, true],
  [{ 'a.b': { $ne: null } }, {}, false],
  [{ 'a.b': { $ne: null } }, { a: [1] }, true],
  [{ 'a.b': { $in: [null, 1] } }, {}, true],
  [{ 'a.b': { $in: [null, 1] } }, { a: 'x' }, true],
  [{ 'a.b': { $in: [null, 1] } }, { a: { b: 2 } }, false],
  [{ 'a.b': { $nin: [null, 1] } }, {}, false],
  [{ 'a.b': { $nin: [1] } }, {}, true],
  [{ 'a.b': { $not: { $ne: null } } }, {}, true],
  [{ 'a.b': { $exists: false } }, { a: [{ b: 1 }, {}] }, false],
  [{ 'a.b': { $exists: false } }, { a: [] }, true],
  [{ 'a.b': { $exists: false } }, { a: [1] }, true],
  [{ 'a.b': { $lt: 1 } }, {}, false],
  [{ 'a.0': null }, { a: [] }, false],
  [{ 'a.2': null }, { a: ['x', 'y'] }, false],
  [{ 'a.0': null }, {}, true],
  [{ 'a.0': 5 }, { a: [{ 0: 5 }] }, true],
  [{ 'a.0': 1 }, { a: [[1]] }, false],
  [{ 'a.0.b': 1 }, { a: [{ b: 1 }] }, true],
  [{ 'a.1.b': 4 }, { a: [5, [{ b: 4 }]] }, true],
  [{ 'a.00': 'x' }, { a: ['x'] }, false],
  [{ 'a.b': { $exists: false } }, {}, true],
  [{ 'a.b': { $exists: true } }, { a: { b: null } }, true],
  [{ 'a.b': 1 }, { a: [{ b: 0 }, { b: 1 }] }, true],
  [{ 'a.b': { $gt: 1 } }, { a: [null, 'x', { b: 0 }, { b: 2 }] }, true],
  [{ 'a.b': { $exists: true } }, { a: [null, 1, { c: 1 }] }, false],
  [{ 'a.1': 'y' }, { a: ['x', 'y'] }, true],
  [{ 'a.2': { $exists: true } }, { a: ['x', 'y'] }, false],
  [{ 'a.length': 2 }, { a: ['x', 'y'] }, false],
  [{ 'a.length': { $exists: true } }, { a: 'xy' }, false],
  [{ 'a.0': { $exists: true } }, { a: 'xy' }, false],
  [{ 'a.length': { $exists: true } }, { a: ['xy'] }, false],
  [{ 'a.b.c.d.e': 1 }, { a: { b: { c: { d: { e: 1 } } } } }, true],
  [{ 'a.b.c.d.e': { $lt: 1 } }, { a: { b: null } }, false],
  [{ a: 1 }, fromJson('{"__proto__": {"a": 1}}'), false],
  [{ a: 1 }, Object.create({ a: 1 }), false],
  [{ a: { $exists: true } }, Object.create({ a: 1 }), false],
  [{ 'a.name': 'Object' }, { a: Object }, false],
  [{ valueOf0: null }, {}, true],
  [{ $and: [{ a: 1 }, { b: 2 }] }, { a: 1, b: 2 }, true],
  [{ $and: [{ a: 1 }, { b: 2 }] }, { a: 1, b: 3 }, false],
  [{ $or: [{ a: 1 }, { b: 2 }] }, { a: 0, b: 2 }, true],
  [{ $or: [{ a: 1 }, { b: 2 }] }, { a: 0, b: 0 }, false],
  [{ $or: [{ a: 1 }], b: 2 }, { a: 1, b: 3 }, false],
  [{ $not: { a: 1, b: 2 } }, { a: 1, b: 3 }, true],
  [{ $not: { a: 1, b: 2 } }, { a: 1, b: 2 }, false],
  [{ $not: { $not: { a: 1 } } }, { a: 1 }, true],
  [{ $not: { $or: [{ a: 1 }, { b: placeholder('user.id') }] } }, { a: 2, b: 'u1' }, false],
  [{}, {}, true],
])('%j on %j: %s', (conditions, attributes, match) => {
  expect(matches(conditions, attributes)).toBe(match);
});

test('one predicate serves callers at the same time, and never tells one the other', () => {
  const predicate = predicateOf({ authorId: placeholder('user.id'), until: { $gt: placeholder('now') } });
  const tree = JSON.stringify(predicate.ast);
  const attributes = { authorId: 'u2', until: now };
  const other = { user: { id: 'u2', email: 'x@example.com', roles: [] }, now: new Date(new Date(now).getTime() - 1) };
  expect(predicate.matches(attributes, binding)).toBe(false);
  expect(predicate.matches(attributes, other)).toBe(true);
  expect(predicate.matches(attributes, { ...other, now: new Date(now) })).toBe(false);
  expect(predicate.matches(attributes, binding)).toBe(false);
  expect(JSON.stringify(predicate.ast)).toBe(tree);
});

/** Without these operators CASL reads `$and` and `$or` as attribute names. */
const conditionsMatcher = buildMongoQueryMatcher({ $and, $or, $nor, $not }, { and, or, nor, not });

/** CASL compares values of different types, and missing ones, with JavaScript's `<`; this service does not. */
test('CASL gives the same answers where types match and nothing is filled in', async () => {
  const conditions = arbitraryConditions.filter(
    (candidate) => !JSON.stringify(candidate).includes(placeholder('').slice(0, 2)),
  );
  const property = fc.property(conditions, arbitraryAttributes, arbitraryBinding, (candidate, attributes, bound) => {
    fc.pre(comparesLikeWithLike(candidate, attributes));
    const ability = createMongoAbility([{ action: 'read', subject: 'Post', conditions: mongoQueryOf(candidate) }], {
      conditionsMatcher,
    });
    const ours = predicateOf(candidate).matches(attributes, bound);
    expect(ability.can('read', subject('Post', { ...attributes }))).toBe(ours);
  });
  await seeded(property, 500);
});

const inOrder = { authorId: 'string', category: 'string', published: 'boolean', score: 'number', createdAt: 'string' };

/** Whether each attribute is present with its type, and order comparisons have operands of the same type. */
function comparesLikeWithLike(conditions: unknown, attributes: Attributes): boolean {
  if (Array.isArray(conditions)) return conditions.every((member) => comparesLikeWithLike(member, attributes));
  return Object.entries(conditions as Conditions).every(([key, value]) => {
    if (key.startsWith('$')) return comparesLikeWithLike(value, attributes);
    const type = inOrder[key as keyof typeof inOrder];
    return (
      type !== undefined && typeof attributes[key] === type && orders(value).every((operand) => typeof operand === type)
    );
  });
}

/** Operands of order comparisons; undefined for a text that JavaScript does not order by code point. */
function orders(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, operand]) => {
    if (!/^\$[gl]t/.test(key)) return orders(operand);
    return [/[\ud800-\uffff]/.test(String(operand)) ? undefined : operand];
  });
}
