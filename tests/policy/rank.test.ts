import { expect, test } from '@jest/globals';
import { CodedError, refuse } from '../../src/errors.js';
import { passes } from '../../src/policy/passes.js';
import {
  assertAdministers,
  assertCovered,
  assertLasts,
  assertNotOutranked,
  assertOutranks,
  assertRoleBelow,
} from '../../src/policy/rank.js';
import { rightsOf, roleOf } from '../support/rights-of.js';

const above = {
  errors: [{ code: 'ABOVE_OWN_LEVEL', message: expect.stringMatching(/^\w.*\.$/), field: ['input', 'it'] }],
};
const onLevel = (level: number) => rightsOf([roleOf('r', level)]);
const mine = onLevel(5);

test.each([
  [4, true],
  [5, false],
  [6, false],
])('beside level 5, a role of level %i may be given: %s', (level, expected) => {
  const ask = () => assertRoleBelow(mine, level, 'it');
  if (expected) expect(ask()).toBeUndefined();
  else expect(ask).toThrow(expect.objectContaining(above));
});

test.each([
  [4, true, true],
  [5, true, false],
  [6, false, false],
])('an account of level %i may be changed: %s; taken over: %s', (level, changed, takenOver) => {
  const subject = onLevel(level);
  expect(passes(() => assertNotOutranked(mine, subject, 'it'))).toBe(changed);
  expect(passes(() => assertOutranks(mine, subject, 'it'))).toBe(takenOver);
  for (const [is, ask] of [
    [changed, () => assertNotOutranked(mine, subject, 'it')],
    [takenOver, () => assertOutranks(mine, subject, 'it')],
  ] as const)
    if (!is) expect(ask).toThrow(expect.objectContaining(above));
});

test('what one does not hold is named', () => {
  const rights = rightsOf([roleOf('r', 5, 'post:read')]);
  const [held, missing] = [
    { resource: 'post', action: 'read', conditions: null },
    { resource: 'post', action: 'delete', conditions: null },
  ];
  expect(assertCovered(rights, [held], 'it')).toBeUndefined();
  expect(() => assertCovered(rights, [held, missing], 'it')).toThrow(
    expect.objectContaining({ errors: [{ ...above.errors[0], message: expect.stringContaining('post:delete') }] }),
  );
});

test('only an administrator makes another', () => {
  expect(assertAdministers(rightsOf([], { isAdmin: true }), 'it')).toBeUndefined();
  expect(assertAdministers(onLevel(100), 'it')).toBeUndefined();
  expect(() => assertAdministers(onLevel(99), 'it')).toThrow(expect.objectContaining(above));
});

test('nobody gives themself what outlasts their right to give it', () => {
  const rights = rightsOf([roleOf('r', 5)], { held: [{ roleId: 'r', from: 0, until: 100 }] });
  const ask = (then: typeof rights) => assertRoleBelow(then, 3, 'it');
  expect(assertLasts(rights, 100, ask, 'it')).toBeUndefined();
  expect(() => assertLasts(rights, 101, ask, 'it')).toThrow(expect.objectContaining(above));
});

test('an end that takes nothing of the right is no hindrance', () => {
  const held = [
    { roleId: 'r', from: 0, until: 100 },
    { roleId: 'r', from: 0, until: 1000 },
  ];
  const rights = rightsOf([roleOf('r', 5)], { held });
  expect(assertLasts(rights, 500, (then) => assertRoleBelow(then, 3, 'it'), 'it')).toBeUndefined();
});

test('refusals and coded errors are answers, other errors are thrown', () => {
  const failing = (error: Error) => () => {
    throw error;
  };
  expect(passes(() => undefined)).toBe(true);
  expect(passes(failing(refuse('NOT_FOUND', 'x')))).toBe(false);
  expect(passes(failing(new CodedError('FORBIDDEN', 'x')))).toBe(false);
  expect(() => passes(failing(new TypeError('broken')))).toThrow('broken');
});
