import { describe, expect, test } from '@jest/globals';
import { checkedPermission } from '../../src/access/roles/permission-terms.js';
import { Refusal } from '../../src/errors.js';
import { attributesKnownOf, permissionCatalogue } from '../../src/policy/permission-catalogue.js';

const order = { resource: 'order', action: 'read' };
/** The code and field of each refusal; empty when the terms are accepted. */
function refusalOf(input: object): string[] {
  try {
    checkedPermission({ ...order, ...input });
    return [];
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.errors.map(({ code, field }) => `${code} ${field?.join('.')}`);
  }
}

const accepted: [given: object, kept: object][] = [
  [order, { ...order, name: 'order:read', conditions: null }],
  [
    { resource: '  Order ', action: ' READ\t' },
    { ...order, name: 'order:read' },
  ],
  [
    { resource: '*', action: '*' },
    { resource: '*', action: '*', name: '*:*' },
  ],
  [
    { resource: 'shop.order_line-2', action: '0' },
    { resource: 'shop.order_line-2', action: '0' },
  ],
  [{ resource: 'r'.repeat(64), action: 'a'.repeat(64) }, { resource: 'r'.repeat(64) }],
  [
    { resource: 'manage', action: 'all' },
    { resource: 'manage', action: 'all', name: 'manage:all' },
  ],
  [{ name: '  Cafe\u0301 ' }, { name: 'Café' }],
  [{ name: '🔑'.repeat(100) }, { name: '🔑'.repeat(100) }],
  [
    { name: null, conditions: {} },
    { name: 'order:read', conditions: null },
  ],
  [{ conditions: { 'lines.0.price': { $gt: 3 } } }, { conditions: { 'lines.0.price': { $gt: 3 } } }],
  [{ resource: '*', conditions: { anything: 1 } }, { conditions: { anything: 1 } }],
  [{ resource: 'user', action: '*', conditions: { 'email.x': 1 } }, { conditions: { 'email.x': 1 } }],
  [{ resource: 'role', action: 'grant', conditions: { level: { $lt: 10 } } }, { conditions: { level: { $lt: 10 } } }],
  [{ resource: 'security-event', conditions: {} }, { conditions: null }],
];

test.each(accepted)('%j passes', (given, kept) => {
  expect(checkedPermission({ ...order, ...given })).toMatchObject(kept);
});

const refused: [field: string, given: object][] = [
  ...['', ' ', 'a b', 'ordér', '-order', '.order', '_order', 'order:line', 'order*', '**', 'r'.repeat(65), 'all'].map(
    (resource): [string, object] => ['resource', { resource }],
  ),
  ['resource', { resource: ' ALL ' }],
  ['resource', { resource: 'order\0' }],
  ['resource', { resource: 'Ａll' }],
  ...['', 're ad', 'manage', ' Manage', 'read\nwrite', 'a'.repeat(65)].map((action): [string, object] => [
    'action',
    { action },
  ]),
  ...['', ' ', 'x'.repeat(101), 'one\ntwo', 'one\u2028two', 'one\u0000', 'x'.repeat(100_000)].map(
    (name): [string, object] => ['name', { name }],
  ),
  ['conditions', { conditions: { a: { $where: '1' } } }],
  ['conditions', { conditions: { $or: [] } }],
  ['conditions', { conditions: { a: `\${user.password}` } }],
  ['conditions', { resource: 'user', conditions: { passwordHash: 'x' } }],
  ['conditions', { resource: 'user', conditions: { 'passwordHash.x': 'x' } }],
  ['conditions', { resource: 'user', conditions: { id: 1, $or: [{ id: 2 }, { $not: { $and: [{ secret: 3 }] } }] } }],
  ['conditions', { resource: 'user', conditions: { $not: { secret: 3 } } }],
  ['conditions', { resource: 'role', action: 'grant', conditions: { Level: 3 } }],
  ['conditions', { resource: 'security-event', conditions: { type: 'LOGIN_FAILED' } }],
  ['action', { resource: 'user', action: 'promote' }],
  ['action', { resource: 'comment', action: 'read' }],
  ['action', { resource: 'user', action: 'constructor' }],
];

test.each(refused)('of the %s, %j is refused', (field, given) => {
  expect(refusalOf(given)).toEqual([`INVALID_INPUT input.${field}`]);
});

describe('what the catalogue has', () => {
  const entries = Object.entries(permissionCatalogue).flatMap(([resource, { actions }]) =>
    Object.keys(actions).map((action): [string, string] => [resource, action]),
  );
  test.each(entries)('%s:%s can be written, with conditions on each of its attributes', (resource, action) => {
    expect(refusalOf({ resource, action })).toEqual([]);
    for (const attribute of attributesKnownOf(resource) ?? [])
      expect(refusalOf({ resource, action, conditions: { [attribute]: 'x' } })).toEqual([]);
  });
  test.each(['constructor', 'toString', '__proto__'])('nothing is known of %s', (resource) => {
    expect(attributesKnownOf(resource)).toBeUndefined();
  });
});
