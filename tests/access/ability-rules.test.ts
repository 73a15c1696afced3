import { buildMongoQueryMatcher, createMongoAbility, type RawRuleOf, subject } from '@casl/ability';
import { unpackRules } from '@casl/ability/extra';
import { expect, test } from '@jest/globals';
import { $nor, $not, $or, nor, not, or } from '@ucast/mongo2js';
import fc from 'fast-check';
import { abilityRulesOf, effectivePermissionsOf } from '../../src/access/explain/ability-rules.js';
import type { Conditions } from '../../src/policy/conditions.js';
import type { OwnPermission } from '../../src/policy/permission-catalogue.js';
import { Rights } from '../../src/policy/rights.js';
import { bookOf } from '../../src/policy/role-book.js';
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

/** The rules as a single-page app receives them, parsed from JSON. */
const received = (rights: Rights) => JSON.parse(JSON.stringify(abilityRulesOf(rights))) as unknown[];

const conditionsMatcher = buildMongoQueryMatcher({ $or, $nor, $not }, { or, nor, not });
/** Builds the ability with CASL's own matcher, or with an extended one if the rules use operators that it lacks. */
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
  'owner.email': ['ann@example.com', 'bob@example.com'],
  'owner.post.title': ['One', 'Two'],
  'owner.post.a.b': [1, 2],
} as const;
type Field = keyof typeof fields;
const fillings: Partial<Record<Field, string>> = { authorId: placeholder('user.id') };
/** CASL's order comparisons treat missing values and other types differently from this service. */
const isOrdered = (field: Field) => field === 'authorId' || field === 'score';

function comparison(field: Field): fc.Arbitrary<unknown> {
  const values = [...fields[field], ...(fillings[field] ? [fillings[field]] : [])];
  const value = fc.constantFrom<unknown>(...values, null);
  const ordered = fc.constantFrom<unknown>(...values);
  const list = fc.array(value, { minLength: 1, maxLength: 3 });
  const operators = fc.oneof(
    fc.record({ $eq: value }),
    fc.record({ $ne: value }),
    fc.record({ $in: list }),
    fc.record({ $nin: list }),
    fc.record({ $exists: fc.boolean() }),
    fc.record({ $nin: list, $exists: fc.boolean(), $ne: value }),
    ...(isOrdered(field) ? [fc.record({ $gt: ordered }), fc.record({ $lte: ordered, $gte: ordered })] : []),
  );
  return fc.oneof(
    value,
    operators,
    fc.record({ $not: operators }),
    fc.record({ $not: fc.record({ $not: operators }) }),
  );
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

const bare = { noNullPrototype: true } as const;
const anything = fc.constantFrom<unknown>(null, 0, 1, '', 'One', 'ann@example.com', true, false);
const notNull = anything.filter((value) => value !== null);
/**
 * Generates a document, a value in its place, or a list of both. It omits lists of lists, which CASL descends into, and
 * null values on the path below a list, for which CASL throws.
 * @param other what may occur instead of a document
 */
const documentOrNot = (
  document: (other: fc.Arbitrary<unknown>) => fc.Arbitrary<unknown>,
  other: fc.Arbitrary<unknown>,
): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 3, arbitrary: document(other) },
    { weight: 1, arbitrary: other },
    { weight: 2, arbitrary: fc.array(fc.oneof(document(notNull), notNull), { maxLength: 3 }) },
  );
const valueOrMore = (values: readonly unknown[]): fc.Arbitrary<unknown> => {
  const value = fc.oneof(fc.constantFrom<unknown>(...values), anything);
  return fc.oneof({ weight: 3, arbitrary: value }, { weight: 1, arbitrary: fc.array(value, { maxLength: 2 }) });
};
const optional = (entries: Record<string, fc.Arbitrary<unknown>>, requiredKeys: string[] = []) =>
  fc.record(entries, { requiredKeys, ...bare });
const innermost = () => optional({ b: valueOrMore(fields['owner.post.a.b']) });
const post = (other: fc.Arbitrary<unknown>) =>
  optional({ title: valueOrMore(fields['owner.post.title']), a: documentOrNot(innermost, other) });
const owner = (other: fc.Arbitrary<unknown>) =>
  optional({ email: valueOrMore(fields['owner.email']), post: documentOrNot(post, other) });
const attributes = optional(
  {
    authorId: fc.constantFrom(...fields.authorId),
    category: valueOrMore(fields.category),
    published: valueOrMore(fields.published),
    score: fc.constantFrom(...fields.score),
    owner: documentOrNot(owner, anything),
  },
  ['authorId', 'score'],
);

/** Cases from MongoDB's manual, for CASL with the service's rules and for the service's own decision. */
const person = { a: { b: 1 } };
// biome-ignore format: a table is read by its columns
test.each<[Conditions, unknown[], unknown[]]>([
  [{ 'a.b': null }, [{}, { a: null }, { a: 5 }, { a: 'x' }, { a: {} }, { a: { b: null } }, { a: [{}] }, { a: [1, { b: 1 }, {}] }], [person, { a: [] }, { a: [1] }, { a: { b: [] } }]],
  [{ 'a.b': { $ne: null } }, [person, { a: [] }, { a: [1] }], [{}, { a: null }, { a: 5 }, { a: {} }, { a: [{}] }]],
  [{ 'a.b': { $in: [null, 2] } }, [{}, { a: { b: 2 } }, { a: [{ b: 2 }] }, { a: 5 }], [person, { a: [] }]],
  [{ 'a.b': { $nin: [null, 2] } }, [person, { a: [] }], [{}, { a: { b: 2 } }, { a: 5 }]],
  [{ a: { $in: [null, 1] } }, [{}, { a: null }, { a: 1 }, { a: [null] }], [{ a: 2 }, { a: [] }]],
  [{ a: { $nin: [null] } }, [{ a: 2 }, { a: [] }], [{}, { a: null }]],
  [{ 'a.b': { $exists: false } }, [{}, { a: [] }, { a: [1] }, { a: 5 }], [person, { a: [{ b: null }, {}] }]],
  [{ 'a.b.c': null }, [{}, { a: { b: 1 } }, { a: [{ b: 1 }] }, { a: [{ b: [{}] }] }], [{ a: { b: { c: 1 } } }, { a: { b: [1] } }, { a: [0, { b: [1] }, null] }]],
  [{ 'a.b': { $not: { $ne: null } } }, [{}, { a: 5 }], [person]],
])('%j decides alike here and in CASL', (conditions, matching, others) => {
  const rights = rightsOf([['post', 'read', conditions]]);
  const app = appOf(received(rights));
  const answers = (of: unknown) => [rights.allows('read', 'post', of as never), app.can('read', subject('post', { ...(of as object) }))];
  for (const of of matching) expect([of, ...answers(of)]).toEqual([of, true, true]);
  for (const of of others) expect([of, ...answers(of)]).toEqual([of, false, false]);
});

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
