import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type GraphQLInputObjectType,
  GraphQLList,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
} from 'graphql';
import { buildPlainSchema } from '../../src/api/schema.js';
import { Harness } from '../support/harness.js';
import { fresh, overHttp, transports } from '../support/transports.js';

const schema = buildPlainSchema();
const nul = '\u0000';
const lone = '\ud800';
const marker = 'zXq7marker';

/** Paths of the input fields that take text. */
const textFields = (type: GraphQLInputObjectType): [string, boolean][] =>
  Object.values(type.getFields())
    .filter((field) => ['String', 'ID', 'DateTime'].includes(getNamedType(field.type).name))
    .map((field) => [field.name, getNullableType(field.type) instanceof GraphQLList]);

/** Valid values for all fields except the one under test. */
const filler: Record<string, unknown> = { String: marker, ID: marker, Int: 1, Boolean: true };
const inputOf = (type: GraphQLInputObjectType) =>
  Object.fromEntries(
    Object.values(type.getFields())
      .filter((field) => String(field.type).endsWith('!'))
      .map((field) => [field.name, filler[getNamedType(field.type).name]]),
  );

const places = Object.values(schema.getMutationType()?.getFields() ?? {}).flatMap((mutation) => {
  const type = mutation.args[0] && getNamedType(mutation.args[0].type);
  if (!type || !isInputObjectType(type)) return [];
  const query = `mutation ($input: ${type.name}!) { ${mutation.name}(input: $input) { errors { code } } }`;
  return textFields(type).map(([field, isList]) => ({ query, type, field, isList, name: `${mutation.name}.${field}` }));
});

let harness: Harness;
let token: string | undefined;
beforeAll(async () => {
  harness = await Harness.start();
  token = (await harness.admin()).token;
});
afterAll(() => {
  const logged = harness.logged.join('\n');
  expect(logged).not.toContain(marker);
  expect(logged).not.toMatch(/"level":50/);
  return harness.close();
});

test('there are places to test', () => {
  expect(places.length).toBeGreaterThan(15);
  expect(isEnumType(schema.getType('UserOrderField'))).toBe(true);
});

describe.each(transports)('over %s', (transport, ask) => {
  const refused = async (query: string, variables?: unknown) => {
    const answer = await ask(harness.app.url, { query, variables, token });
    expect(answer.codes).toEqual(['BAD_USER_INPUT']);
    expect(answer.data).toBeNull();
    if (transport === 'HTTP') expect(answer.status).toBe(400);
  };

  test.each(places)('$name takes neither U+0000 nor half a character', async ({ query, type, field, isList }) => {
    for (const bad of [`${marker}${nul}`, lone, `${marker}\udc00${marker}`, `\udc00\ud800`]) {
      const input = { ...inputOf(type), [field]: isList ? [bad] : bad };
      await refused(query, { input });
      await refused(query, { input });
    }
  });

  test.each([
    'users(search: $t)',
    'user(id: $t)',
    'users(after: $t)',
    'users(filter: { role: $t })',
    'securityEvents(filter: { ipAddress: $t })',
  ])('nor does the query %s', async (field) => {
    const type = field.includes('id:') ? 'ID!' : 'String';
    const inner = field.startsWith('user(') ? '{ id }' : '{ totalCount }';
    const query = fresh(`query ($t: ${type}) { ${field} ${inner} }`);
    for (const bad of [nul, lone]) for (let round = 0; round < 2; round += 1) await refused(query, { t: bad });
    await refused(`{ ${field.replace('$t', '"a\\u0000"')} ${inner} }`);
    await refused(`query ($t: ${type} = "a\\u0000") { ${field} ${inner} }`);
  });

  test('marks in a row without end, which take the square of their number to normalize, are refused', async () => {
    const login = (t: string) => `login(input: { identifier: ${t}, password: ${t} }) { errors { code } }`;
    const query = `mutation ($t: String!) { ${login('$t')} }`;
    for (const mark of ['\u0300', '\u0300\u0316', '\u0316\uff9e', '\ufe0f', '\u{e0100}']) {
      await refused(query, { t: `a${mark.repeat(5000)}` });
      await refused(`mutation { ${login(`"a${mark.repeat(5000)}"`)} }`);
    }
    for (const t of [`a${'\u0300'.repeat(1025)}`, `a${'\u0300\u0316'.repeat(15)}`.repeat(100)])
      expect((await ask(harness.app.url, { query, variables: { t } })).codes).toEqual([]);
  });

  test('nor do keys of variables, variables nobody declared, and places deep within', async () => {
    for (const variables of [{ [nul]: 1 }, { other: nul }, { x: { [lone]: 1 } }, { x: [[{ y: [nul] }]] }])
      await refused('{ viewer { id } }', variables);
  });

  test('variables nested without end are refused', async () => {
    for (const depth of [30, 1000]) {
      let variables: unknown = 1;
      for (let n = 0; n < depth; n += 1) variables = { x: variables };
      await refused('{ viewer { id } }', variables);
      await refused('query ($x: ID!) { user(id: $x) { id } }', variables);
    }
  });

  test('in a document, half a character is no character', async () => {
    for (const text of ['\\ud800', '\\u{d800}', '\\udc00\\ud800', '\\u{110000}']) {
      const { codes } = await ask(harness.app.url, { query: `{ users(search: "${text}") { totalCount } }`, token });
      expect([text, codes]).toEqual([text, ['GRAPHQL_PARSE_FAILED']]);
    }
    await refused(`{ users(search: "${nul}") { totalCount } }`);
  });

  test('well-formed text of any script passes', async () => {
    const query = 'query ($t: String) { users(search: $t) { totalCount } }';
    for (const t of ['\u{1f600}', 'Ωμέγα', '%_\\', "';drop table users;--", '\u202e', '\ufffe', 'e\u0301'])
      expect((await ask(harness.app.url, { query, variables: { t }, token })).codes).toEqual([]);
  });
});

test('an operation name is text, too', async () => {
  for (const operationName of [nul, lone, 'x'.repeat(10_000)])
    expect((await overHttp(harness.app.url, { query: 'query A { viewer { id } }', operationName })).status).toBe(400);
});
