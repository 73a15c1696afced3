import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Harness } from '../support/harness.js';
import { fresh, transports } from '../support/transports.js';

const nobody = '00000000-0000-4000-8000-000000000000';
const cursor = (...place: unknown[]) => Buffer.from(JSON.stringify(place)).toString('base64url');

let harness: Harness;
let token: string | undefined;
let ofUsers: string;
let ofEvents: string;
beforeAll(async () => {
  harness = await Harness.start();
  const admin = await harness.admin();
  token = admin.token;
  await harness.person('ada');
  const { data } = await admin.ask(
    '{ users(orderBy: { field: USERNAME }) { edges { cursor } } securityEvents { edges { cursor } } }',
  );
  ofUsers = String(data['users']?.['edges']?.[0]?.['cursor']);
  ofEvents = String(data['securityEvents']?.['edges']?.[0]?.['cursor']);
});
afterAll(() => {
  expect(harness.logged.join('')).not.toMatch(/"level":50|select |relation|syntax error/);
  return harness.close();
});

const sizes: [string, Record<string, unknown>][] = [
  ['first: -1', { first: -1 }],
  ['first: 0', { first: 0 }],
  ['first: 101', { first: 101 }],
  ['first: 2^31-1', { first: 2 ** 31 - 1 }],
  ['last: -1', { last: -1 }],
  ['last: 0', { last: 0 }],
  ['last: 101', { last: 101 }],
  ['both first and last', { first: 1, last: 1 }],
  ['first beyond 32 bits', { first: 2 ** 31 }],
  ['first beyond 64 bits', { first: 1e30 }],
  ['a fraction', { first: 1.5 }],
  ['text', { first: '1' }],
  ['a list', { first: [1] }],
];
const cursors: [string, string][] = [
  ['nothing', ''],
  ['garbage', '%%%'],
  ['no JSON', Buffer.from('{').toString('base64url')],
  ['an object', Buffer.from('{"value":"a"}').toString('base64url')],
  ['too few members', cursor('a')],
  ['too many members', cursor('a', nobody, 1)],
  ['a number', cursor(1, nobody)],
  ['SQL for a value', cursor("' or 1=1 --", nobody)],
  ['SQL for an id', cursor('1', "' or 1=1 --")],
  ['a date out of range', cursor('999999-01-01', nobody)],
  ['a number out of range', cursor('9'.repeat(30), nobody)],
  ['a minus', cursor('-1', nobody)],
  ['U+0000', cursor('\u0000', nobody)],
  ['a huge text', cursor('a'.repeat(5000), nobody)],
];

describe.each(transports)('over %s', (transport, ask) => {
  async function refused(field: string, args: Record<string, unknown>, types: Record<string, string>) {
    const declared = Object.entries(types).map(([name, type]) => `$${name}: ${type}`);
    const passed = Object.keys(types).map((name) => `${name}: $${name}`);
    const query = fresh(`query (${declared}) { ${field}(${passed}) { nodes { id } } }`);
    for (let round = 0; round < 2; round += 1) {
      const answer = await ask(harness.app.url, { query, variables: args, token });
      // A page of billions of rows is refused for its cost before its size is checked.
      const expected = args['first'] === 2 ** 31 - 1 ? 'QUERY_TOO_COMPLEX' : 'BAD_USER_INPUT';
      expect([answer.codes, answer.data]).toEqual([[expected], null]);
      if (transport === 'HTTP') expect(answer.status).toBe(400);
    }
  }

  describe.each(['users', 'securityEvents'])('%s', (list) => {
    test.each(sizes)('refuses %s', (_what, args) => refused(list, args, { first: 'Int', last: 'Int' }));
    test.each(cursors)('refuses a cursor that is %s', async (_what, place) => {
      for (const side of ['after', 'before']) await refused(list, { [side]: place }, { [side]: 'String' });
    });
  });

  test.each([-1, -(2 ** 31), 2 ** 31])('users refuses the offset %i', (offset) =>
    refused('users', { offset }, { offset: 'Int' }),
  );
  test('an offset beyond the end is an empty page', async () => {
    const query = '{ users(offset: 2147483647) { nodes { id } pageInfo { hasNextPage } } }';
    const { codes, data } = await ask(harness.app.url, { query, token });
    expect([codes, data['users']?.['nodes']]).toEqual([[], []]);
  });
  test('an offset does not go with last', () =>
    refused('users', { offset: 1, last: 1 }, { offset: 'Int', last: 'Int' }));

  test('a cursor of another order is refused, or at worst a place in this one', async () => {
    await refused('users', { after: ofUsers }, { after: 'String' });
    for (const field of ['CREATED_AT', 'LAST_LOGIN_AT']) {
      const query = `query ($after: String) { users(after: $after, orderBy: { field: ${field} }) { nodes { id } } }`;
      expect((await ask(harness.app.url, { query, token, variables: { after: ofUsers } })).codes).toEqual([
        'BAD_USER_INPUT',
      ]);
    }
    await refused('securityEvents', { after: ofUsers }, { after: 'String' });
    const query = 'query ($after: String) { users(after: $after) { nodes { id } } }';
    expect((await ask(harness.app.url, { query, token, variables: { after: ofEvents } })).codes).toEqual([
      'BAD_USER_INPUT',
    ]);
  });

  test.each(["' or '1'='1", "'; drop table users; --", '%', '_', '\\', "\\'", '$1', '{"a":1}', 'x'.repeat(20_000)])(
    'the search %j is text and nothing else',
    async (search) => {
      const query = 'query ($search: String) { users(search: $search, filter: { role: $search }) { totalCount } }';
      const answer = await ask(harness.app.url, { query, token, variables: { search } });
      expect([answer.codes, answer.data['users']]).toEqual([[], { totalCount: 0 }]);
    },
  );

  const instants = ['0000-01-01T00:00:00Z', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z', '1969-12-31T23:59:60Z'];
  test.each(instants)('the instant %s is compared or refused, never a failure', async (instant) => {
    const query = fresh(
      `query ($t: DateTime) { users(filter: { createdAfter: $t }) { totalCount } securityEvents(filter: { since: $t }) { totalCount } }`,
    );
    for (let round = 0; round < 2; round += 1) {
      const { codes } = await ask(harness.app.url, { query, token, variables: { t: instant } });
      expect(codes.filter((code) => code !== 'BAD_USER_INPUT')).toEqual([]);
    }
  });

  const nonsense = [
    '',
    'yesterday',
    '2026-13-01T00:00:00Z',
    '2026-02-30T00:00:00Z',
    '+275760-09-13T00:00:00Z',
    '99999-01-01T00:00:00Z',
    1e300,
    true,
    {},
  ];
  test.each(nonsense)('the instant %j is refused', async (instant) => {
    const query = fresh('query ($t: DateTime) { users(filter: { createdAfter: $t }) { totalCount } }');
    for (let round = 0; round < 2; round += 1) {
      const { codes, data } = await ask(harness.app.url, { query, token, variables: { t: instant } });
      expect([codes, data]).toEqual([['BAD_USER_INPUT'], null]);
    }
  });
});
