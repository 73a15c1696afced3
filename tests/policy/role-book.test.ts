import { expect, test } from '@jest/globals';
import { bookOf, covers, reaches } from '../../src/policy/role-book.js';
import { rightsOf, roleOf } from '../support/rights-of.js';

const book = bookOf([roleOf('b', 9, 'post:update'), roleOf('a', 5, 'post:read')]);

test('a set of roles has their permissions, names and highest level, in whatever order it is asked for', () => {
  const rules = book.rulesOf(['a', 'b', 'a']);
  expect([rules.level, rules.names, rules.permissions.length]).toEqual([9, ['role b', 'role a'], 2]);
  expect(book.rulesOf(['b', 'a'])).toBe(rules);
  expect(book.rulesOfList('a,b')).toBe(rules);
  expect(book.rulesOf(['a'])).not.toBe(rules);
});

test('unknown roles and none give nothing', () => {
  for (const ids of [[], ['unknown']]) {
    const rules = book.rulesOf(ids);
    expect([rules.level, rules.names, rules.permissions, rules.extentOf('read', 'post')]).toEqual([-1, [], [], 'none']);
  }
  expect(book.rulesOf(['unknown', 'a']).names).toEqual(['role a']);
  expect([book.role('a')?.name, book.role('unknown')]).toEqual(['role a', undefined]);
});

test.each([
  ['post', 'read', true],
  ['post', '*', true],
  ['*', 'read', true],
  ['*', '*', true],
  ['post', 'update', false],
  ['comment', 'read', false],
  ['comment', '*', false],
  ['*', 'update', false],
])('%s:%s reaches post:read: %s', (resource, action, expected) => {
  expect(reaches({ resource, action }, 'read', 'post')).toBe(expected);
  expect(covers([{ resource, action, conditions: null }], { resource: 'post', action: 'read', conditions: null })).toBe(
    expected,
  );
});

test('conditions are covered by none and by the same', () => {
  const terms = { resource: 'post', action: 'read', conditions: { a: { $in: [1, 2] } } };
  expect(covers([{ ...terms, conditions: null }], terms)).toBe(true);
  expect(covers([{ ...terms, conditions: { a: { $in: [1, 2] } } }], terms)).toBe(true);
  expect(covers([{ ...terms, conditions: { a: { $in: [2, 1] } } }], terms)).toBe(false);
  expect(covers([], terms)).toBe(false);
});

test('conditions that the database has and that are invalid never match; other permissions go on', () => {
  const rights = rightsOf([roleOf('r', 1, ['post:read', { a: { $nonsense: 1 } } as never], 'post:update')]);
  expect([rights.may('post:read', { a: 1 }), rights.may('post:read', {}), rights.may('post:update')]).toEqual([
    false,
    false,
    true,
  ]);
  expect(rights.extentOf('post:read')).toBe('some');
});
