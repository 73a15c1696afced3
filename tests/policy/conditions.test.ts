import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Refusal } from '../../src/errors.js';
import { predicateOf } from '../../src/policy/condition-matching.js';
import { checkedConditions } from '../../src/policy/conditions.js';
import { arbitraryBinding, arbitraryConditions, placeholder } from '../support/arbitrary-conditions.js';
import { seeded } from '../support/seeded.js';

const [id, email, roles, now] = ['user.id', 'user.email', 'user.roles', 'now'].map(placeholder);
const binding = { user: { id: 'u', email: 'u@example.com', roles: ['r'] }, now: new Date(0) };
const json = (text: string): unknown => JSON.parse(text);
const nested = (levels: number, inner: unknown = { a: 1 }): unknown =>
  Array.from({ length: levels }).reduce((value) => ({ $and: [value] }), inner);
const clauses = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`a${i}`, i]));

const errorsOf = (input: unknown) => {
  try {
    checkedConditions(input);
  } catch (error) {
    return error instanceof Refusal ? error.errors : error;
  }
  return 'accepted';
};

test.each([[null], [undefined], [{}], [Object.create(null)]])('%j allows all', (input) => {
  expect(checkedConditions(input)).toBeNull();
});

test.each<[string, unknown]>([
  ['short forms', { a: 'x', b: 1, c: true, d: null }],
  ['placeholders', { a: id, b: { $ne: email }, c: { $lt: now }, d: { $in: roles }, e: { $nin: roles } }],
  ['placeholders in a list', { a: { $in: [id, email, now, 'x', null, 1, false] } }],
  ['all operators', { a: { $eq: 1, $ne: 2, $gt: 0, $gte: 0, $lt: 9, $lte: 9, $exists: true, $in: [1], $nin: [2] } }],
  ['compounds', { $and: [{ a: 1 }], $or: [{ b: 2 }, { c: { $not: { $gt: 5 } } }], $not: { d: 4 } }],
  ['a list as long as may be', { a: { $in: Array.from({ length: 100 }, (_, i) => i) } }],
  ['as many clauses as may be', clauses(50)],
  ['five levels', nested(5)],
  ['five negations of an operator', { a: { $not: { $not: { $not: { $not: { $not: { $gt: 1 } } } } } } }],
  ['a path of five segments', { 'a.b.0.d-e._f': 1, [`${'a'.repeat(64)}`]: 1 }],
  ['an index of two digits', { 'a.10.b': 1 }],
  ['a list of as many as may be', { $and: Array.from({ length: 50 }, () => ({ a: 1 })) }],
  ['a dollar without a brace', { a: '$5', b: '{x}' }],
  ['JSON of 4,000 characters', { a: 'x'.repeat(4000 - '{"a":""}'.length) }],
])('accepted, and can be matched: %s', (_, input) => {
  const checked = checkedConditions(input);
  expect(checked).toEqual(input);
  expect(typeof predicateOf(checked ?? {}).matches({ a: 1 }, binding)).toBe('boolean');
});

test.each<[string, unknown]>([
  ['a string', 'a'],
  ['a list', [{ a: 1 }]],
  ['a date', new Date(0)],
  ['a map', new Map([['a', 1]])],
  ['a string that is JSON', '{"a":1}'],
  ['a later segment that begins with a sign', { 'a.!b': 1 }],
  ['a later segment that ends with a sign', { 'a.b!': 1 }],
  ['a later segment of digits and letters', { 'a.1b': 1 }],
  ['an unknown operator', { a: { $regex: 'x' } }],
  ['$where', { $where: '1' }],
  ['$nor', { $nor: [{ a: 1 }] }],
  ['$expr', { $expr: {} }],
  ['an operator for attributes around them', { $gt: 5 }],
  ['a compound for an attribute', { a: { $or: [{ $gt: 1 }] } }],
  ['an inherited name as operator', { a: json('{"constructor": 1}') }],
  ['a nested object', { a: { b: 1 } }],
  ['a list as value', { a: ['x'] }],
  ['an empty operator object', { a: {} }],
  ['an empty negation', { a: { $not: {} } }],
  ['a negated value', { a: { $not: 5 } }],
  ['operators among plain keys', { a: { $gt: 1, b: 2 } }],
  ['empty $and', { $and: [] }],
  ['$or of an object', { $or: { a: 1 } }],
  ['$or of values', { $or: [1] }],
  ['$or of lists', { $or: [[{ a: 1 }]] }],
  ['$or with an empty object', { $or: [{ a: 1 }, {}] }],
  ['$or with a hole', { $or: new Array(2) }],
  ['$not of a list', { $not: [{ a: 1 }] }],
  ['$not of nothing', { $not: {} }],
  ['$eq of an object', { a: { $eq: { b: 1 } } }],
  ['$eq of a list', { a: { $eq: [1] } }],
  ['$ne of undefined', { a: { $ne: undefined } }],
  ['undefined', { a: undefined }],
  ['a bigint', { a: 1n }],
  ['a function', { a: () => true }],
  ['$in of a value', { a: { $in: 'x' } }],
  ['$in of nothing', { a: { $in: [] } }],
  ['$in of 101', { a: { $in: Array.from({ length: 101 }, (_, i) => i) } }],
  ['$in with a hole', { a: { $in: new Array(3) } }],
  ['$in of lists', { a: { $in: [[1]] } }],
  ['$in of a placeholder for one value', { a: { $in: id } }],
  ['$gt of null', { a: { $gt: null } }],
  ['$gt of true', { a: { $gt: true } }],
  ['$gt of a list', { a: { $lte: [1] } }],
  ['$gt of the roles', { a: { $gt: roles } }],
  ['$exists of 1', { a: { $exists: 1 } }],
  ['NaN', { a: Number.NaN }],
  ['infinity', { a: { $lt: Number.POSITIVE_INFINITY } }],
  ['roles as a value', { a: roles }],
  ['roles under $eq', { a: { $eq: roles } }],
  ['roles in a list', { a: { $in: [roles] } }],
  ['a part placeholder', { a: `x ${id}` }],
  ['a part placeholder in a list', { a: { $in: ['x', `${id} `] } }],
  ['an unknown placeholder', { a: placeholder('user.password') }],
  ['the beginning of a placeholder', { a: placeholder('').slice(0, 2) }],
  ['NUL', { a: 'a\0b' }],
  ['half a surrogate pair', { a: { $in: ['\ud800'] } }],
  ['__proto__', json('{"__proto__": 1}')],
  ['__proto__ within a path', { 'a.__proto__.b': 1 }],
  ['__proto__ as an operator', json('{"a": {"__proto__": {"$gt": 1}}}')],
  ['__proto__ among operators', json('{"a": {"$gt": 1, "__proto__": 1}}')],
  ['constructor', { 'constructor.name': 'Object' }],
  ['prototype', { 'a.prototype': 1 }],
  ['what every object inherits', { toString: 1 }],
  ["the parser's own word", { __itself__: 1 }],
  ['an empty path', { '': 1 }],
  ['an empty segment', { 'a..b': 1 }],
  ['a dot at the end', { 'a.': 1 }],
  ['a number first', { '0.a': 1 }],
  ['a space', { 'a b': 1 }],
  ['a quote', { "a'": 1 }],
  ['a line end', { 'a\n': 1 }],
  ['another script', { ä: 1 }],
  ['six segments', { 'a.b.c.d.e.f': 1 }],
  ['a segment of 65', { ['a'.repeat(65)]: 1 }],
  ['six levels', nested(6)],
  ['six levels of all kinds', { $not: { $or: [{ $and: [{ a: { $not: { $not: { $not: { $gt: 1 } } } } }] }] } }],
  ['51 clauses', clauses(51)],
  ['51 clauses in two parts', { $and: [clauses(30), { b: { $gt: 1 } }, clauses(20)] }],
  ['JSON of 4,001 characters', { a: 'x'.repeat(4001 - '{"a":""}'.length) }],
  ['JSON of many long strings', { a: { $in: Array.from({ length: 100 }, () => 'x'.repeat(50)) } }],
])('refused: %s', (_, input) => {
  const errors = errorsOf(input);
  expect(errors).toMatchObject([{ code: 'INVALID_INPUT', field: ['input', 'conditions'] }]);
});

const many = Array.from({ length: 100_000 }, (_, i) => i);
test.each<[string, () => unknown]>([
  ['100,000 levels of lists', () => json(`{"$and":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)],
  ['5,000 levels of $not', () => json(`${'{"$not":'.repeat(5000)}{"a":1}${'}'.repeat(5000)}`)],
  ['100,000 keys', () => Object.fromEntries(many.map((i) => [`a${i}`, i]))],
  ['100,000 operators', () => ({ a: Object.fromEntries(many.map((i) => [`$${i}`, i])) })],
  ['100,000 alternatives', () => ({ $or: many.map(() => ({ a: 1 })) })],
  ['100,000 values', () => ({ a: { $in: many } })],
  ['a path of 1 MB', () => ({ ['a.'.repeat(500_000)]: 1 })],
  ['a value of 1 MB', () => ({ a: 'x'.repeat(1_000_000) })],
  ['a name of 1 MB', () => ({ ['x'.repeat(1_000_000)]: 1 })],
  [
    'a circle',
    () => {
      const circle: Record<string, unknown> = {};
      circle['$not'] = circle;
      return circle;
    },
  ],
])('hostile input is refused with a short message: %s', (_, make) => {
  const errors = errorsOf(make()) as readonly { code: string; message: string }[];
  expect(errors).toMatchObject([{ code: 'INVALID_INPUT' }]);
  expect(errors[0]?.message.length).toBeLessThan(1000);
});

test('what was accepted is a copy without prototypes of others', () => {
  const input = Object.assign(Object.create(null), { a: Object.assign(Object.create(null), { $gt: 1 }) });
  const checked = checkedConditions(input);
  input.a.$gt = 5;
  expect(checked).toEqual({ a: { $gt: 1 } });
  expect(predicateOf(checked ?? {}).matches({ a: 2 }, binding)).toBe(true);
});

test('a refusal says where', () => {
  expect(JSON.stringify(errorsOf({ $or: [{ a: 1 }, { 'b.c': { $in: [1, []] } }] }))).toContain('$or.1.b.c.$in.1');
});

test('whatever is accepted never throws in matching, whatever the attributes', async () => {
  const anything = fc.dictionary(fc.constantFrom('authorId', 'category', 'owner', 'tags', 'score'), fc.jsonValue());
  const property = fc.property(arbitraryConditions, anything, arbitraryBinding, (conditions, attributes, bound) => {
    expect(checkedConditions(conditions)).toEqual(conditions);
    expect(typeof predicateOf(conditions).matches(attributes, bound)).toBe('boolean');
  });
  await seeded(property, 1000);
});

/**
 * Arbitrary values in the shape of conditions. Most are refused, and always with a refusal instead of another error.
 */
test('whatever is thrown is a refusal', async () => {
  const key = fc.constantFrom(
    '$and',
    '$or',
    '$not',
    '$eq',
    '$in',
    '$gt',
    '$exists',
    'a',
    'a.0',
    '__proto__',
    'toString',
  );
  const { input } = fc.letrec((tie) => ({
    input: fc.oneof(
      { maxDepth: 8, depthSize: 'large' },
      fc.constantFrom(null, 1, 'x', true, id, roles, now),
      fc.dictionary(key, tie('input'), { maxKeys: 3 }),
      fc.array(tie('input'), { maxLength: 3 }),
    ),
  }));
  const property = fc.property(input, fc.jsonValue(), (conditions, value) => {
    const errors = errorsOf(conditions);
    if (errors !== 'accepted') return expect(errors).toMatchObject([{ code: 'INVALID_INPUT' }]);
    const checked = checkedConditions(conditions);
    if (checked) expect(typeof predicateOf(checked).matches({ a: value }, binding)).toBe('boolean');
  });
  await seeded(property, 3000);
});
