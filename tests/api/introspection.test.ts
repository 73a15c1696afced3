import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type FragmentDefinitionNode,
  getIntrospectionQuery,
  type OperationDefinitionNode,
  parse,
  print,
} from 'graphql';
import { Harness } from '../support/harness.js';
import { fresh, overHttp, overSocket, transports } from '../support/transports.js';

const schema = '{ __schema { types { name } } }';
const type = '{ __type(name: "User") { fields { name } } }';
/** Queries with small mistakes, for which graphql-js suggests corrections. */
const nearly: Record<string, [query: string, variables?: unknown]> = {
  'a field': ['{ viewe { id } }'],
  'a field of an object': ['{ viewer { usernam } }'],
  'a field of an interface': ['{ node(id: "x") { username } }'],
  'an argument': ['{ user(idd: "x") { id } }'],
  'an argument of a directive': ['{ viewer @skip(iff: true) { id } }'],
  'a directive': ['{ viewer @skp(if: true) { id } }'],
  'an enum value': ['{ users(orderBy: { field: USERNAM }) { totalCount } }'],
  'a text for an enum': ['{ users(orderBy: { field: "USERNAME" }) { totalCount } }'],
  'a field of an input': ['{ users(filter: { isAdmi: true }) { totalCount } }'],
  'a type of a fragment': ['{ viewer { ... on Use { id } } }'],
  'a type of a named fragment': ['{ viewer { ...f } } fragment f on Usr { id }'],
  'a type of a variable': ['query ($i: LoginInpt!) { viewer { id } }'],
  'a type of a declared variable': ['mutation ($i: LoginInpt!) { login(input: $i) { errors { code } } }'],
  'a selection of a leaf': ['{ viewer }'],
  'a field in a variable': ['query ($f: UserFilter) { users(filter: $f) { totalCount } }', { f: { isAdmi: true } }],
  'an enum value in a variable': [
    'query ($o: UserOrder) { users(orderBy: $o) { totalCount } }',
    { o: { field: 'USERNAM' } },
  ],
  'a field in a login': [
    'mutation ($i: LoginInput!) { login(input: $i) { errors { code } } }',
    { i: { identifie: 'a', password: 'b' } },
  ],
};
const subscriptions: Record<string, [query: string, variables?: unknown]> = {
  'a subscription': ['subscription { sessionEvent { cursor } }'],
  "a subscription's field": ['subscription { sessionEvents { curso } }'],
  "a subscription's argument": ['subscription { sessionEvents(aftr: "x") { cursor } }'],
  "a subscription's enum value": ['subscription { securityEvents(filter: { types: [LOGI] }) { cursor } }'],
  "a subscription's variable": [
    'subscription ($f: SecurityEventFilter) { securityEvents(filter: $f) { cursor } }',
    { f: { types: ['LOGOU'] } },
  ],
  "a subscription's input field": [
    'subscription ($f: SecurityEventFilter) { securityEvents(filter: $f) { cursor } }',
    { f: { typs: [] } },
  ],
};

describe.each([
  ['INTROSPECTION=false', { INTROSPECTION: 'false' }],
  ['NODE_ENV=production', { NODE_ENV: 'production' }],
])('with %s', (_how, env) => {
  let harness: Harness;
  let token: string | undefined;
  beforeAll(async () => {
    harness = await Harness.start(env);
    token = (await harness.admin()).token;
  });
  afterAll(() => harness.close());

  describe.each(transports)('over %s', (_transport, ask) => {
    test.each([schema, type, '{ a: __schema { queryType { name } } }', `{ ...f } fragment f on Query ${schema}`])(
      '%s is refused',
      async (query) => {
        for (let round = 0; round < 2; round += 1) {
          const answer = await ask(harness.app.url, { query, token });
          expect(new Set(answer.codes)).toEqual(new Set(['GRAPHQL_VALIDATION_FAILED']));
          expect(answer.data).toBeNull();
          // The message names the setting of this service, not an option of Apollo Server.
          expect(answer.text).toContain('INTROSPECTION=true');
          expect(answer.text).not.toMatch(/apollo|constructor|introspection: true/i);
        }
      },
    );
    test('__typename is not introspection', async () => {
      expect((await ask(harness.app.url, { query: '{ __typename viewer { __typename } }', token })).codes).toEqual([]);
    });
    test.each(Object.entries(nearly))('%s that is nearly right is not set right', async (_what, [query, variables]) => {
      const document = fresh(query);
      for (let round = 0; round < 2; round += 1) {
        const answer = await ask(harness.app.url, { query: document, variables, token });
        expect(answer.codes.length).toBeGreaterThan(0);
        expect(answer.text).not.toMatch(/did you mean/i);
      }
    });
  });

  test.each(Object.entries(subscriptions))(
    '%s that is nearly right is not set right',
    async (_what, [query, variables]) => {
      for (const ask of [overHttp, overSocket]) {
        const answer = await ask(harness.app.url, { query, variables, token });
        expect(answer.codes.length).toBeGreaterThan(0);
        expect(answer.codes.filter((code) => !['GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT'].includes(code))).toEqual(
          [],
        );
        expect(answer.text).not.toMatch(/did you mean/i);
      }
    },
  );

  test('a subscription does not introspect', async () => {
    const query = 'subscription { __schema { types { name } } }';
    for (const ask of [overHttp, overSocket])
      expect((await ask(harness.app.url, { query, token })).codes).toContain('GRAPHQL_VALIDATION_FAILED');
    expect((await overSocket(harness.app.url, { query, token })).text).toContain('INTROSPECTION=true');
  });
});

describe('by default in development', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await Harness.start();
  });
  afterAll(() => harness.close());

  test.each(transports)('the schema tells of itself over %s', async (_transport, ask) => {
    expect((await ask(harness.app.url, { query: type })).data['__type']).toBeTruthy();
    expect((await ask(harness.app.url, { query: schema })).data['__schema']).toBeTruthy();
  });
  describe.each(transports)('what it tells of itself over %s is bounded', (_transport, ask) => {
    /** The introspection query of playgrounds. */
    const whole = getIntrospectionQuery({ descriptions: true, inputValueDeprecation: true });
    const [operation, ...others] = parse(whole).definitions as [OperationDefinitionNode, ...FragmentDefinitionNode[]];
    const schemaFields = print(operation.selectionSet)
      .trim()
      .slice(1, -1)
      .replace('__schema', 'fragment Whole on __Schema');
    const fragments = [schemaFields, ...others.map(print)].join(' ');
    const field = '__schema { ...Whole }';
    const often = (count: number, what: string) =>
      `{ ${Array.from({ length: count }, (_, place) => `a${place}: ${what}`).join(' ')} }`;
    const cost = { cost: true };

    test('a playground has the whole of it, and pays for it', async () => {
      const { codes, data, text } = await ask(harness.app.url, { query: whole, extensions: cost });
      expect([codes, Object.keys(data['__schema']?.['types'] ?? {}).length > 100]).toEqual([[], true]);
      expect(JSON.parse(text).extensions.cost.spent).toBeGreaterThan(1000);
    });
    test('the whole thirty times over is too much', async () => {
      const { codes, text } = await ask(harness.app.url, { query: `${often(30, field)} ${fragments}` });
      expect(codes).toEqual(['QUERY_TOO_COMPLEX']);
      expect(text.length).toBeLessThan(500);
    });
    test.each([
      ['the whole seven times', `${often(7, field)} ${fragments}`],
      [
        'all fields thirty times',
        `{ __schema { types ${often(30, 'fields { name description args { description } }')} } }`,
      ],
    ])('%s is within the ceiling of an answer', async (_what, query) => {
      const { codes, text } = await ask(harness.app.url, { query });
      expect(codes).toEqual([]);
      expect(text.length).toBeGreaterThan(1024 ** 2);
      expect(text.length).toBeLessThan(8 * 1024 ** 2);
    });
  });

  test('and can be turned on in production', async () => {
    const other = await harness.another({ NODE_ENV: 'production', INTROSPECTION: 'true' });
    expect((await overHttp(other.url, { query: schema })).codes).toEqual([]);
  });
});
