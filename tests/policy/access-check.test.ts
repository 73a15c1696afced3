import { expect, test } from '@jest/globals';
import { asked, askedOf } from '../../src/policy/access-check.js';
import { named } from '../../src/policy/permission-name.js';

const check = { action: 'read', resource: 'post' };
const nested = (levels: number): Record<string, unknown> => (levels === 0 ? {} : { a: nested(levels - 1) });
const refusal = { code: 'BAD_USER_INPUT', message: expect.stringMatching(/ \d+ /) };

test('names are tidied, and attributes are those given', () => {
  expect(asked({ action: ' Read ', resource: ' POST', attributes: { a: 1 } })).toEqual({
    ...check,
    attributes: { a: 1 },
    isNamed: true,
  });
  expect(asked(check).attributes).toEqual({});
  expect(asked({ ...check, attributes: null }).attributes).toEqual({});
  expect(asked({ ...check, attributes: { a: null, b: [null] } }).attributes).toEqual({ a: null, b: [null] });
});

test.each(['', 'a b', '**', 'ä', 'x'.repeat(101)])('no permission has the name %j', (name) => {
  expect(asked({ ...check, action: name }).isNamed).toBe(false);
  expect(asked({ ...check, resource: name }).isNamed).toBe(false);
});

test.each(['*', 'a-b_c.d', 'x'.repeat(100), '7'])('a permission may have the name %j', (name) => {
  expect(asked({ action: name, resource: name }).isNamed).toBe(true);
});

test('one to a thousand checks at a time', () => {
  expect(askedOf(Array(1000).fill(check))).toHaveLength(1000);
  for (const checks of [[], Array(1001).fill(check)])
    expect(() => askedOf(checks)).toThrow(expect.objectContaining(refusal));
});

test('attributes are ten levels deep and 20,000 characters long at most', () => {
  expect(asked({ ...check, attributes: nested(9) }).attributes).toEqual(nested(9));
  const leaf = (levels: number): Record<string, unknown> => ({ a: levels === 1 ? 'leaf' : leaf(levels - 1) });
  expect(asked({ ...check, attributes: leaf(10) }).attributes).toEqual(leaf(10));
  expect(() => asked({ ...check, attributes: { ...nested(10), b: 1 } })).toThrow(expect.objectContaining(refusal));
  const text = (length: number) => ({ a: 'x'.repeat(length - '{"a":""}'.length) });
  expect(asked({ ...check, attributes: text(20_000) }).isNamed).toBe(true);
  expect(() => asked({ ...check, attributes: text(20_001) })).toThrow(expect.objectContaining(refusal));
});

test('a name is split at its colon, time and again', () => {
  for (let n = 0; n < 2; n += 1) expect(named('post:read')).toEqual({ resource: 'post', action: 'read' });
  expect(named('post' as never)).toEqual({ resource: 'post', action: '' });
});
