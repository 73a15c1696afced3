import { expect, test } from '@jest/globals';
import { bookOf, covers, reaches } from '../../src/policy/role-book.js';
import { rightsOf, roleOf } from '../support/rights-of.js';

const book = bookOf([roleOf('two', 9, 'post:update'), roleOf('one', 5, 'post:read')]);

test('a set of roles has their permissions, names and highest level, in whatever order it is asked for', () => {
  const rules = book.rulesOf(['one', 'two', 'one']);
  expect([rules.level, rules.names, rules.permissions.length]).toEqual([9, ['role two', 'role one'], 2]);
  expect(book.rulesOf(['two', 'one'])).toBe(rules);
  expect(book.rulesOfList('one,two')).toBe(rules);
  expect(book.rulesOf(['one'])).not.toBe(rules);
});

test('unknown roles and none give nothing', () => {
  for (const ids of [[], ['unknown']]) {
    const rules = book.rulesOf(ids);
    expect([rules.level, rules.names, rules.permissions, rules.extentOf('read', 'post')]).toEqual([-1, [], [], 'none']);
  }
  expect(book.rulesOf(['unknown', 'one']).names).toEqual(['role one']);
  expect([book.role('one')?.name, book.role('unknown')]).toEqual(['role one', undefined]);
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
