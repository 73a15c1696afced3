import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { getIntrospectionQuery } from 'graphql';
import { Harness } from '../support/harness.js';
import { fresh, transports } from '../support/transports.js';

let harness: Harness;
let token: string | undefined;
beforeAll(async () => {
  harness = await Harness.start();
  token = (await harness.admin()).token;
});
afterAll(() => harness.close());

const times = (count: number, line: (place: number) => string) =>
  Array.from({ length: count }, (_, place) => line(place)).join(' ');
/** viewer{ roles{ permissions{ role{ … */
const deep = (levels: number) =>
  `{ viewer { roles { ${'permissions { role { '.repeat(levels)} id ${'} }'.repeat(levels)} } } }`;
const page = (inner: string) => `users(first: 100) { nodes { id roles { ${inner} } } }`;
const expensive = page(page(page('id')));
/** Each fragment spreads the next one twice: 2^n fields once they are expanded. */
const bomb = (count: number) =>
  times(count, (n) => `fragment f${n} on User { roles { permissions { role { id } } } ...f${n + 1} ...f${n + 1} }`) +
  ` fragment f${count} on User { id }`;
/** Like `bomb`, but the spreads are in different fields, so that no selection has the same spread twice. */
const nestedBomb = (count: number) =>
  `${times(
    count,
    (n) =>
      `fragment g${n} on Role { a: permissions { role { ...g${n + 1} } } b: permissions { role { ...g${n + 1} } } }`,
  )} fragment g${count} on Role { id }`;

const tooComplex: Record<string, string> = {
  depth: deep(6),
  'depth through fragments': `{ viewer { roles { ...a } } } fragment a on Role { ${'permissions { role { '.repeat(5)} ...b ${'} }'.repeat(5)} } fragment b on Role { permissions { role { id } } }`,
  'depth in an operation that is not run': `query A { viewer { id } } query B ${deep(6)}`,
  aliases: `{ ${times(31, (n) => `a${n}: viewer { id }`)} }`,
  'aliases through fragments': `{ ${times(4, (n) => `v${n}: viewer { ...a }`)} } fragment a on User { ${times(10, (n) => `a${n}: id`)} }`,
  'aliases of __typename': `{ ${times(31, (n) => `a${n}: __typename`)} }`,
  'nested pages': `{ ${expensive} }`,
  'nested pages from the end': `{ ${expensive.replaceAll('first', 'last')} }`,
  'nested pages beside a cheap field': `{ viewer { id } ${expensive} }`,
  'nested pages in a fragment': `{ ...q } fragment q on Query { ${expensive} }`,
  'nested pages on an interface': `{ node(id: "x") { ... on Role { ${page(page('id')).replace('users(first: 100) { nodes', 'users(first: 100) { nodes')} } } }`,
};

describe.each(transports)('over %s', (transport, ask) => {
  const send = (query: string, variables?: unknown, more = {}) =>
    ask(harness.app.url, { query, variables, token, ...more });

  test.each(Object.entries(tooComplex))('too much %s is refused', async (what, query) => {
    const operation = what.includes('not run') ? { operationName: 'A' } : {};
    const document = fresh(query);
    for (let round = 0; round < 2; round += 1) {
      const answer = await send(document, undefined, operation);
      expect(answer.codes).toEqual(['QUERY_TOO_COMPLEX']);
      expect(answer.data).toBeNull();
      if (transport === 'HTTP') expect(answer.status).toBe(400);
    }
  });

  test('pages as long as a variable says are counted as that long', async () => {
    const query = fresh(`query ($n: Int = 100) { ${expensive.replaceAll('100', '$n')} }`);
    for (const variables of [{ n: 100 }, {}, undefined])
      expect((await send(query, variables)).codes).toEqual(['QUERY_TOO_COMPLEX']);
    expect((await send(query, { n: 1 })).codes).toEqual([]);
  });

  test('rows that are passed over cost, too, in a literal and as a variable', async () => {
    const jumps = (count: number) =>
      Array.from({ length: count }, (_, n) => `a${n}: posts(offset: $n) { nodes { id } }`);
    const query = (count: number) => fresh(`query ($n: Int = 2000000000) { ${jumps(count).join(' ')} }`);
    const literal = (count: number) => fresh(`{ ${jumps(count).join(' ').replaceAll('$n', '2000000000')} }`);
    for (const many of [query(3), literal(3)]) expect((await send(many)).codes).toEqual(['QUERY_TOO_COMPLEX']);
    for (const few of [query(1), literal(1)]) expect((await send(few)).codes).toEqual([]);
    const near = query(20);
    expect((await send(near, { n: 100 })).codes).toEqual([]);
    expect((await send(near, { n: 1_000_000 })).codes).toEqual(['QUERY_TOO_COMPLEX']);
  });

  // An operation whose cost cannot be computed must not be free.
  test('cost is not escaped by a document too large to count', async () => {
    expect((await send(fresh(`{ viewer { ...f0 } ${expensive} } ${bomb(16)}`))).codes).toEqual(['QUERY_TOO_COMPLEX']);
  });

  test('cost is not escaped by an argument that fails in a field of its own', async () => {
    const query = fresh(`query ($s: Int = 5) { viewer { avatarUrl(size: $s) } ${expensive} }`);
    const { codes, data } = await send(query, { s: null });
    expect([codes.length > 0, data]).toEqual([true, null]);
  });

  test('cost is not escaped by a directive whose variable is null', async () => {
    const query = fresh(`query ($v: Boolean = false) { viewer @skip(if: $v) { id } ${expensive} }`);
    for (let round = 0; round < 3; round += 1) {
      const { codes, data } = await send(query, { v: null });
      expect([codes.length > 0, data]).toEqual([true, null]);
    }
  });

  test.each([
    ['spreads', `{ viewer { ...f0 } } ${bomb(25)}`],
    ['spreads within fields', `{ viewer { roles { ...g0 } } } ${nestedBomb(20)}`],
  ])('fragments that grow exponentially by %s are refused', async (_how, query) => {
    expect((await send(fresh(query))).codes).toEqual(['QUERY_TOO_COMPLEX']);
  });

  test.each([
    ['on itself', '{ viewer { ...a } } fragment a on User { id ...a }'],
    ['on each other', '{ viewer { ...a } } fragment a on User { ...b } fragment b on User { ...a }'],
    ['through fields', '{ viewer { roles { ...r } } } fragment r on Role { permissions { role { ...r } } }'],
  ])('a fragment that depends %s is invalid', async (_how, query) => {
    expect(new Set((await send(query)).codes)).toEqual(new Set(['GRAPHQL_VALIDATION_FAILED']));
  });

  test.each([
    ['fields', `{ viewer { ${'id '.repeat(2500)} } }`],
    ['directives', `{ viewer { id ${'@skip(if: false) '.repeat(1000)} } }`],
    ['brackets', '{ viewer '.repeat(3000)],
    ['list values', `{ user(id: ${'['.repeat(5000)}${']'.repeat(5000)}) { id } }`],
    ['variables', `query (${times(800, (n) => `$v${n}: Int`)}) { viewer { id } }`],
  ])('a document of too many tokens (%s) is not parsed', async (_what, query) => {
    expect((await send(query)).codes).toEqual(['GRAPHQL_PARSE_FAILED']);
  });

  test.each([
    ['directives', `{ viewer { id ${'@skip(if: false) '.repeat(130)} } }`],
    ['unknown directives', `{ viewer { id ${'@x '.repeat(450)} } }`],
    ['unknown fields', `{ ${times(950, (n) => `x${n}`)} }`],
    ['unknown fragments', `{ ${times(450, (n) => `...x${n}`)} }`],
    ['conflicting fields', `{ viewer { ${times(150, (n) => `a: ${n % 2 ? 'id' : 'username'}`)} } }`],
  ])('a flood of %s is refused with a bounded list of errors', async (_what, query) => {
    const { codes, text } = await send(fresh(query));
    expect(new Set(codes)).toEqual(new Set(['GRAPHQL_VALIDATION_FAILED']));
    expect(codes.length).toBeLessThanOrEqual(101);
    expect(text.length).toBeLessThan(100_000);
  });

  test('what honest clients ask for is let through', async () => {
    expect((await send(getIntrospectionQuery())).codes).toEqual([]);
    expect((await send(`{ users(first: 100) { nodes { id roles { name permissions { name } } } } }`)).codes).toEqual(
      [],
    );
  });
});
