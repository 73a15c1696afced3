import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type GraphQLField,
  type GraphQLObjectType,
  getNamedType,
  getNullableType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { boundOf, isOfPage, listBounds } from '../../src/api/list-bounds.js';
import { buildPlainSchema } from '../../src/api/schema.js';
import { Harness } from '../support/harness.js';
import { fresh, overHttp } from '../support/transports.js';

type Field = GraphQLField<unknown, unknown>;
type Place = readonly [type: GraphQLObjectType, field: Field];

const schema = buildPlainSchema();
const places = Object.values(schema.getTypeMap())
  .filter((type): type is GraphQLObjectType => isObjectType(type) && !type.name.startsWith('__'))
  .flatMap((type) => Object.values(type.getFields()).map((field): Place => [type, field]));
const nameOf = ([type, field]: Place): string => `${type.name}.${field.name}`;
const isList = ([, { type }]: Place): boolean => isListType(getNullableType(type));
const firstOf = ([, { args }]: Place) => args.find(({ name }) => name === 'first');

const lists = places.filter(isList);
const plain = lists.filter((place) => firstOf(place));
const pages = places.filter(([, { type }]) => getNamedType(type).name.endsWith('Connection'));
/** The page is an argument of the query, next to its input. */
const pagedAbove: Record<string, string> = { 'RoleChangePreview.users': 'Query.previewRoleChange' };

describe('every list of the schema', () => {
  test('is a page, takes a length, or is bounded by itself', () => {
    const unbounded = lists.filter(
      (place) =>
        !isOfPage(place[0].name, place[1].name) &&
        !firstOf(place) &&
        boundOf(place[0].name, place[1].name) === undefined,
    );
    expect(unbounded.map(nameOf)).toEqual([]);
  });

  test('of what it tells of itself is reckoned with as long as it is', () => {
    const types = Object.values(schema.getTypeMap());
    expect(types.length).toBeLessThan(boundOf('__Schema', 'types') ?? 0);
    const fields = types.flatMap((type) => ('getFields' in type ? Object.values(type.getFields()) : []));
    expect(fields.length / types.length).toBeLessThan(boundOf('__Type', 'fields') ?? 0);
  });

  test('that is a page has arguments where its connection is asked for', () => {
    const argumentsOf = (place: Place) => place[1].args.map(({ name }) => name);
    for (const place of pages) {
      const above = pagedAbove[nameOf(place)];
      const asked = above === undefined ? place : places.find((other) => nameOf(other) === above);
      expect([nameOf(place), asked && argumentsOf(asked)]).toEqual([
        nameOf(place),
        expect.arrayContaining(['first', 'after']),
      ]);
    }
    const connections = new Set(pages.map(([, { type }]) => getNamedType(type).name));
    const paged = lists.filter(([type, { name }]) => isOfPage(type.name, name)).map(([type]) => type.name);
    expect(new Set(paged)).toEqual(connections);
  });

  test('that is plain has a default, which no null replaces, of 100 at most', () => {
    expect(plain.length).toBeGreaterThanOrEqual(7);
    for (const place of plain) {
      const first = firstOf(place);
      expect([nameOf(place), first && isNonNullType(first.type)]).toEqual([nameOf(place), true]);
      expect(Number(first?.defaultValue)).toBeGreaterThanOrEqual(1);
      expect(Number(first?.defaultValue)).toBeLessThanOrEqual(100);
    }
  });

  test('that is bounded by itself is there, and names no page', () => {
    const found = lists.filter((place) => !firstOf(place) && !isOfPage(place[0].name, place[1].name)).map(nameOf);
    for (const [name, bound] of Object.entries(listBounds)) {
      expect(found).toContain(name);
      expect(bound).toBeLessThanOrEqual(1000);
    }
  });
});

let harness: Harness;
let token: string | undefined;
beforeAll(async () => {
  harness = await Harness.start();
  token = (await harness.admin()).token;
});
afterAll(() => harness.close());

/** Queries that reach a plain list of each type. */
const roads: Record<string, string> = { Query: '*', User: 'viewer { * }', Role: 'roles { * }' };

describe.each(plain.map((place) => [nameOf(place), place] as const))('%s', (_name, [type, field]) => {
  const inner = isObjectType(getNamedType(field.type)) ? '{ __typename }' : '';
  const document = (first: string) => String(roads[type.name]).replace('*', `${field.name}(first: ${first}) ${inner}`);

  test.each([-1, 0, 101, 2 ** 20])('refuses the length %i, in a literal and as a variable', async (first) => {
    // The first time interpreted, the second time compiled.
    for (const [query, variables] of [
      [fresh(`{ ${document(String(first))} }`), undefined],
      [fresh(`query ($first: Int!) { ${document('$first')} }`), { first }],
      [fresh(`query ($first: Int = 5) { ${document('$first')} }`), { first }],
    ] as const)
      for (let round = 0; round < 3; round += 1) {
        const { codes } = await overHttp(harness.app.url, { query, variables, token });
        expect(['BAD_USER_INPUT', 'QUERY_TOO_COMPLEX']).toContain(codes[0]);
        if (first <= 101) expect(new Set(codes)).toEqual(new Set(['BAD_USER_INPUT']));
      }
  });

  test('takes no null for a length', async () => {
    const query = fresh(`query ($first: Int = 5) { ${document('$first')} }`);
    for (let round = 0; round < 3; round += 1) {
      const { codes } = await overHttp(harness.app.url, { query, variables: { first: null }, token });
      expect(codes).toEqual(['BAD_USER_INPUT']);
    }
  });

  test('answers one row, and as many as there are', async () => {
    for (const first of ['1', '100']) {
      const { codes, data } = await overHttp(harness.app.url, { query: fresh(`{ ${document(first)} }`), token });
      expect([codes, data === null]).toEqual([[], false]);
    }
  });
});

test.each(plain.map((place) => [nameOf(place), place] as const))('%s tells how long it may be', (_name, place) => {
  expect(firstOf(place)?.description).toContain('1 to 100');
});
