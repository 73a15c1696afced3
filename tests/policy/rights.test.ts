import { describe, expect, test } from '@jest/globals';
import { may, mayOwn, might } from '../../src/policy/policy.js';
import type { Rights } from '../../src/policy/rights.js';
import { placeholder } from '../support/arbitrary-conditions.js';
import { forever, rightsOf, roleOf } from '../support/rights-of.js';

const own = { authorId: placeholder('user.id') };
const callerOf = (rights: Rights) => ({ userId: 'me', sessionId: 's', apiToken: null, rights });

describe('a permission', () => {
  const rights = rightsOf([roleOf('a', 1, 'post:read', ['post:update', own]), roleOf('b', 2, 'comment:*')]);

  test.each([
    ['post:read', {}, true],
    ['post:update', { authorId: 'me' }, true],
    ['post:update', { authorId: 'you' }, false],
    ['post:update', undefined, false],
    ['post:delete', { authorId: 'me' }, false],
    ['comment:delete', {}, true],
    ['user:read', {}, false],
  ] as const)('%s for %j: %s', (permission, attributes, expected) => {
    expect(rights.may(permission, attributes)).toBe(expected);
    expect(may(callerOf(rights), permission, attributes)).toBe(expected);
  });

  test('reaches all, some or none', () => {
    expect((['post:read', 'post:update', 'post:delete'] as const).map((one) => rights.extentOf(one))).toEqual([
      'all',
      'some',
      'none',
    ]);
    expect((['post:update', 'post:delete'] as const).map((one) => might(callerOf(rights), one))).toEqual([true, false]);
    expect(might(null, 'post:read')).toBe(false);
    expect(may(null, 'post:read')).toBe(false);
  });

  test('with and without conditions reaches all', () => {
    expect(rightsOf([roleOf('a', 1, ['post:read', own], 'post:read')]).extentOf('post:read')).toBe('all');
  });

  test('for everything, with conditions, is decided at once for a resource without attributes', () => {
    const when = (id: string) => rightsOf([roleOf('a', 1, ['*:*', { id: { $exists: id === 'yes' } }])]);
    expect(when('no').extentOf('security-event:read')).toBe('all');
    expect(when('yes').extentOf('security-event:read')).toBe('none');
    expect(when('yes').extentOf('post:read')).toBe('some');
    expect(when('yes').extentOf('invoice:read' as never)).toBe('some');
  });

  test('names what applies, whether or not its conditions match', () => {
    expect(rights.matching('post:update').map(({ name }) => name)).toEqual(['post:update']);
    expect(rights.matching('comment:read').map(({ name }) => name)).toEqual(['comment:*']);
    expect(rights.matching('user:read')).toEqual([]);
  });

  test('for oneself asks with the own id', () => {
    const mine = [roleOf('u', 0, ['profile:read', { userId: placeholder('user.id') }])];
    expect(mayOwn(callerOf(rightsOf(mine)), 'profile:read')).toBe(true);
    expect(mayOwn(callerOf(rightsOf(mine, { userId: 'you' })), 'profile:read')).toBe(false);
    expect(mayOwn(null, 'profile:read')).toBe(false);
  });
});

describe('an administrator', () => {
  const rights = rightsOf([], { isAdmin: true });

  test('may everything, on level 100', () => {
    expect([rights.may('user:delete'), rights.allows('*', '*'), rights.extentOf('post:read')]).toEqual([
      true,
      true,
      'all',
    ]);
    expect([rights.covers({ resource: '*', action: '*', conditions: null }), rights.reaches('x:y')]).toEqual([
      true,
      true,
    ]);
    expect(rights.level).toBe(100);
    expect(rights.permissions).toEqual([]);
  });

  test('may nothing when deactivated', () => {
    const former = rightsOf([roleOf('a', 1, 'post:read')], { isAdmin: true, isActive: false });
    expect([former.may('post:read'), former.extentOf('post:read'), former.permissions]).toEqual([false, 'none', []]);
    expect(former.covers({ resource: 'post', action: 'read', conditions: null })).toBe(false);
  });
});

describe('the scopes of a token', () => {
  test.each([
    [['post:read'], true, false],
    [['post:*'], true, true],
    [['post:update'], false, true],
    [['user:*'], false, false],
    [[], false, false],
  ])('%j: read %s, update %s', (scopes, reads, updates) => {
    for (const isAdmin of [true, false]) {
      const rights = rightsOf([roleOf('a', 1, 'post:*')], { scopes, isAdmin });
      expect([rights.may('post:read'), rights.may('post:update')]).toEqual([reads, updates]);
      expect([rights.extentOf('post:read'), rights.extentOf('post:update')]).toEqual(
        [reads, updates].map((is) => (is ? 'all' : 'none')),
      );
      expect(rights.covers({ resource: 'post', action: 'read', conditions: null })).toBe(reads);
      expect([rights.isInScope('read', 'post'), rights.isInScope('update', 'post')]).toEqual([reads, updates]);
    }
  });

  test('may be asked for by whoever holds a permission that reaches them', () => {
    const rights = rightsOf([roleOf('a', 1, 'comment:read', ['post:read', own])]);
    expect(['post:read', 'post:*', 'post:update'].map((scope) => rights.reaches(scope))).toEqual([true, false, false]);
  });
});

describe('handing out', () => {
  const rights = rightsOf([roleOf('a', 1, 'post:read', ['post:update', own])]);

  test.each([
    ['post', 'read', null, true],
    ['post', 'read', own, true],
    ['post', 'update', own, true],
    ['post', 'update', null, false],
    ['post', 'update', { authorId: 'me' }, false],
    ['post', '*', null, false],
    ['comment', 'read', null, false],
  ])('%s:%s with %j is covered: %s', (resource, action, conditions, expected) => {
    expect(rights.covers({ resource, action, conditions })).toBe(expected);
  });
});

describe('grants that begin and end', () => {
  const roles = [roleOf('a', 5, 'post:read'), roleOf('b', 9, 'post:update')];
  const time = { at: 0 };
  const clock = { now: () => new Date(time.at) };
  const held = [
    { roleId: 'a', from: 100, until: 200 },
    { roleId: 'b', from: 150, until: 300.5 },
    { roleId: 'gone', ...forever },
  ];
  const fresh = () => rightsOf(roles, { clock, held });
  const rights = fresh();

  test.each([
    [99, -1, []],
    [100, 5, ['role a']],
    [149, 5, ['role a']],
    [150, 9, ['role a', 'role b']],
    [199, 9, ['role a', 'role b']],
    // A clock that is set back.
    [120, 5, ['role a']],
    [200, 9, ['role b']],
    [301, -1, []],
  ])('at %i the level is %i and the roles are %j', (at, level, names) => {
    time.at = at;
    expect(rights.level).toBe(level);
    expect(rights.binding.user.roles).toEqual(names);
    expect(rights.permissions).toHaveLength(names.length);
    expect(rights.binding.now).toEqual(new Date(at));
  });

  test.each([
    [100, 149],
    [150, 150],
    [150, 199],
    [400, 900],
  ])('from %i to %i nothing is worked out anew', (from, to) => {
    const mine = fresh();
    time.at = from;
    const { binding } = mine;
    time.at = to;
    expect(mine.binding).toBe(binding);
  });

  test('the last end of a role counts', () => {
    expect([rights.heldUntil('a'), rights.heldUntil('gone'), rights.heldUntil('unknown')]).toEqual([
      200,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
    ]);
  });

  test('rights at each end to come are those after it', () => {
    time.at = 150;
    expect(rights.atEndsBefore(1000).map((then) => then.level)).toEqual([9, -1]);
    expect(rights.atEndsBefore(301).map((then) => then.level)).toEqual([9]);
    expect(rights.atEndsBefore(200)).toEqual([]);
    time.at = 200;
    expect(rights.atEndsBefore(1000)).toHaveLength(1);
    const token = rightsOf(roles, { clock, scopes: ['post:read'], held: [{ roleId: 'a', from: 0, until: 400 }] });
    expect(token.atEndsBefore(500).map(({ scopes }) => scopes)).toEqual([['post:read']]);
  });

  test('a clock without change to come is not read', () => {
    let read = 0;
    const counted = rightsOf(roles, { clock: { now: () => new Date(read++) } });
    for (let n = 0; n < 3; n += 1) expect(counted.may('post:read')).toBe(true);
    expect(read).toBe(1);
  });
});
