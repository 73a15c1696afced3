import { buildMongoQueryMatcher, createMongoAbility, type RawRuleOf, subject } from '@casl/ability';
import { unpackRules } from '@casl/ability/extra';
import { expect, test } from '@jest/globals';
import { $nor, $not, $or, nor, not, or } from '@ucast/mongo2js';
import fc from 'fast-check';
import { abilityRulesOf, effectivePermissionsOf } from '../../src/access/ability-rules.js';
import type { Conditions } from '../../src/access/conditions.js';
import type { OwnPermission } from '../../src/access/permission-catalogue.js';
import { Rights } from '../../src/access/rights.js';
import { bookOf } from '../../src/access/role-book.js';
import { placeholder } from '../support/arbitrary-conditions.js';
import { seeded, Tally } from '../support/seeded.js';

const [me, another] = ['0b7d7b1e-3c60-4d7c-8d4e-0f2a3b4c5d6e', 'a3f1c9d2-7e48-4b6a-9c05-1d2e3f4a5b6c'];
const now = '2024-05-06T07:08:09.123Z';
type Terms = [resource: string, action: string, conditions?: Conditions | null];

interface Account {
  readonly isAdmin?: boolean;
  readonly isActive?: boolean;
}

function rightsOf(terms: readonly Terms[], scopes: readonly string[] | null = null, account: Account = {}): Rights {
  const permissions = terms.map(([resource, action, conditions = null], i) => ({
    ...{ id: `p${i}`, roleId: 'r', name: '', resource, action, conditions },
  }));
  const book = bookOf([{ id: 'r', name: 'editor', level: 1, permissions } as never]);
  const held = [{ roleId: 'r', from: 0, until: Number.POSITIVE_INFINITY }];
  const standing = { userId: String(me), email: 'ann@example.com', isActive: true, isAdmin: false, held, ...account };
  return new Rights(standing, book, { now: () => new Date(now) }, scopes);
}

/** As a single-page app has it: over the wire. */
const received = (rights: Rights) => JSON.parse(JSON.stringify(abilityRulesOf(rights))) as unknown[];

const conditionsMatcher = buildMongoQueryMatcher({ $or, $nor, $not }, { or, nor, not });
/** The library's own matcher, unless the rules hold what it does not know. */
function appOf(rules: unknown[]) {
  const unpacked = unpackRules(rules as never) as RawRuleOf<ReturnType<typeof createMongoAbility>>[];
  return createMongoAbility(unpacked, /"\$(or|nor|not)"/.test(JSON.stringify(rules)) ? { conditionsMatcher } : {});
}
const packed = (conditions: Conditions) => received(rightsOf([['post', 'read', conditions]]));

// biome-ignore format: a table is read by its columns
test.each<[string, Conditions, unknown[]]>([
  ['placeholders', { a: placeholder('user.id'), b: { $in: [placeholder('user.email'), 'x'] } }, [{ a: me, b: { $in: ['ann@example.com', 'x'] } }]],
  ['the roles and the time', { a: { $in: placeholder('user.roles') }, b: { $lt: placeholder('now') } }, [{ a: { $in: ['editor'] }, b: { $lt: now } }]],
  ['a negated document', { $not: { a: 1 } }, [{ $nor: [{ a: 1 }] }]],
  ['alternatives, each with what is beside them', { a: 1, $or: [{ b: 2 }, { $or: [{ c: 3 }, { d: 4 }] }] }, [{ a: 1, b: 2 }, { a: 1, c: 3 }, { a: 1, d: 4 }]],
  ['alternatives about the same attribute', { a: { $gt: 1 }, $or: [{ a: 2 }, { b: 3 }] }, [{ a: { $gt: 1 }, $nor: [{ $nor: [{ a: 2 }] }] }, { a: { $gt: 1 }, b: 3 }]],
  ['$and', { $and: [{ a: 1 }, { $and: [{ b: 2 }, { c: { $exists: true } }] }] }, [{ a: 1, b: 2, c: { $exists: true } }]],
])('%s, in the words of CASL', (_, conditions, expected) => {
  expect(packed(conditions)).toEqual(expected.map((query) => ['read', 'post', query]));
});

// biome-ignore format: a table is read by its columns
test.each<[string, Rights, unknown[]]>([
  ['an administrator', rightsOf([['post', 'read']], null, { isAdmin: true }), [['manage', 'all']]],
  ["an administrator's token", rightsOf([], ['post:read', 'user:*'], { isAdmin: true }), [['read', 'post'], ['manage', 'user']]],
  ['a token without scopes', rightsOf([['*', '*']], []), []],
  ['somebody deactivated', rightsOf([['post', 'read']], null, { isActive: false }), []],
  ['a deactivated administrator', rightsOf([], null, { isAdmin: true, isActive: false }), []],
  ['whoever may do anything', rightsOf([['*', '*']]), [['manage', 'all']]],
  ['any action and any resource', rightsOf([['post', '*'], ['*', 'read']]), [['manage', 'post'], ['read', 'all']]],
  ['a token of theirs', rightsOf([['post', '*'], ['*', 'read']], ['post:edit', 'user:*']), [['edit', 'post'], ['read', 'user']]],
  ["resources that bear CASL's words", rightsOf([['all', 'read'], ['post', 'manage'], ['all', '*']]), []],
])('the rules of %s', (_, rights, expected) => {
  expect(received(rights)).toEqual(expected);
});

test('a token shows the permissions that its scopes leave anything of', () => {
  const rights = rightsOf(
    [
      ['post', '*'],
      ['*', 'read'],
      ['user', 'update'],
      ['role', 'read'],
    ],
    ['post:edit', 'user:*'],
  );
  expect(effectivePermissionsOf(rights).map(({ resource, action }) => `${resource}:${action}`)).toEqual([
    'post:*',
    '*:read',
    'user:update',
  ]);
});

const fields = {
  authorId: [me, another],
  category: ['news', 'sport', 'News', ''],
  published: [true, false],
  score: [0, 1, 2.5, 7],
} as const;
type Field = keyof typeof fields;
const fillings: Partial<Record<Field, string>> = { authorId: placeholder('user.id') };

function comparison(field: Field): fc.Arbitrary<unknown> {
  const values = [...fields[field], ...(fillings[field] ? [fillings[field]] : [])];
  const value = fc.constantFrom<unknown>(...values);
  const list = fc.array(value, { minLength: 1, maxLength: 3 });
  const alone = [
    value,
    fc.record({ $ne: value }),
    fc.record({ $in: list }),
    fc.record({ $nin: list }),
    fc.record({ $exists: fc.boolean() }),
    ...(field === 'published' ? [] : [fc.record({ $gt: value }), fc.record({ $lte: value, $gte: value })]),
    fc.record({ $not: fc.record({ $in: list }) }),
  ];
  return fc.oneof(...alone);
}

function documents(levels: number): fc.Arbitrary<Conditions> {
  const leaf = fc
    .constantFrom(...(Object.keys(fields) as Field[]))
    .chain((field) => fc.tuple(fc.constant<string>(field), comparison(field)));
  const parts: fc.Arbitrary<[string, unknown]>[] = [leaf];
  if (levels > 0) {
    const several = fc.array(documents(levels - 1), { minLength: 1, maxLength: 3 });
    parts.push(fc.tuple(fc.constantFrom('$and', '$or'), several), fc.tuple(fc.constant('$not'), documents(levels - 1)));
  }
  const members = fc.array(fc.oneof(...parts), { minLength: 1, maxLength: 3 });
  return members.map((entries) => Object.fromEntries(entries));
}

const attributes = fc.record(
  {
    authorId: fc.constantFrom(...fields.authorId),
    category: fc.constantFrom(...fields.category),
    published: fc.constantFrom(...fields.published),
    score: fc.constantFrom(...fields.score),
  },
  { noNullPrototype: true },
);

test('an app that decides with CASL decides as we do', async () => {
  const [action, resource] = [fc.constantFrom('read', 'edit', '*'), fc.constantFrom('post', 'user', '*')];
  const terms = fc.tuple(resource, action, fc.option(documents(2), { freq: 6 }));
  const scopes = fc.option(fc.subarray(['post:read', 'post:*', 'user:edit']), { freq: 2 });
  const account = fc.record({ isAdmin: fc.nat(9).map((n) => n === 0), isActive: fc.nat(9).map((n) => n > 0) });
  const answers = new Tally<'allowed' | 'by conditions' | 'refused'>();
  const property = fc.property(
    fc.array(terms, { maxLength: 4 }),
    scopes,
    account,
    attributes,
    (held, given, how, of) => {
      const rights = rightsOf(held, given, how);
      const app = appOf(received(rights));
      for (const asked of ['read', 'edit', 'delete'])
        for (const type of ['post', 'user', 'comment']) {
          const extent = rights.extentOf(`${type}:${asked}` as OwnPermission);
          answers.count(!rights.allows(asked, type, of) ? 'refused' : extent === 'some' ? 'by conditions' : 'allowed');
          expect([asked, type, app.can(asked, subject(type, { ...of }))]).toEqual([
            asked,
            type,
            rights.allows(asked, type, of),
          ]);
        }
    },
  );
  await seeded(property, 1000);
  answers.expectShares({ allowed: 0.05, 'by conditions': 0.02, refused: 0.3 });
});
