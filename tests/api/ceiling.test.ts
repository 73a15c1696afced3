import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeToken } from '../support/api-tokens.js';
import type { Client } from '../support/client.js';
import { idsOf } from '../support/content.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';
import { plentyFor } from '../support/plenty.js';
import { fresh, overHttp, transports } from '../support/transports.js';

// Operations that the estimate allows are metered during execution: the first time by graphql-js, from the second time
// on as compiled code.

let harness: Harness;
let person: Client;
let admin: Client;
const callers: Record<string, string | undefined> = {};
beforeAll(async () => {
  harness = await Harness.start();
  [admin, person] = [await harness.admin(), await harness.person('ada')];
  await plentyFor(harness, person.userId);
  const { token } = await makeToken(person, ['profile:read', 'session:read']);
  Object.assign(callers, { nobody: undefined, 'a session': person.token, 'an API token': token });
}, 60_000);
afterAll(() => harness.close());

const times = (count: number, line: (place: number) => string) =>
  Array.from({ length: count }, (_, place) => line(place)).join(' ');
/** 60 roles with 100 permissions each, and each permission selected under twenty aliases. */
const roleBook = `roles(first: 100) { permissions(first: 100) { ${times(20, (n) => `a${n}: name`)} } }`;
const page = 'posts(first: 100) { nodes { body } }';
const refusable = `author { ${times(30, (n) => `a${n}: email`)} }`;

const forEveryone: Record<string, string> = {
  values: '{ posts(first: 100) { nodes { comments(first: 100) { nodes { author { username } } } } } }',
  'values beside what was answered before': `{ viewer { id } posts(first: 100) { nodes { comments(first: 100) { edges { node { author { id } } } } } } }`,
  'bytes of one text told thirty times': `{ posts(first: 100) { nodes { ${times(30, (n) => `a${n}: body`)} } } }`,
  'bytes of texts that are read thirty times': `{ ${times(30, (n) => `a${n}: ${page.replace('posts(', `posts(offset: ${n} `)}`)} }`,
  'bytes of a long name': `{ posts(first: 100) { nodes { comments(first: 100) { nodes { ${'n'.repeat(5000)}: id } } } } }`,
};
const forAda: Record<string, string> = {
  'values of lists that come with their object': `{ viewer { ${roleBook} } }`,
};

async function expectTooComplex(ask: (typeof transports)[number][1], query: string, token: string | undefined) {
  const document = fresh(query);
  for (let round = 0; round < 3; round += 1) {
    const answer = await ask(harness.app.url, { query: document, token });
    expect([answer.codes, answer.data]).toEqual([['QUERY_TOO_COMPLEX'], null]);
    // The answer contains the error only and no data.
    expect(answer.text.length).toBeLessThan(500);
  }
}

describe.each(transports)('over %s', (_transport, ask) => {
  describe.each(['nobody', 'a session', 'an API token'])('for %s', (caller) => {
    const queries = { ...forEveryone, ...(caller === 'nobody' ? {} : forAda) };
    test.each(Object.entries(queries))('an answer of too many %s ends', (_what, query) =>
      expectTooComplex(ask, query, callers[caller]),
    );
  });

  test('an answer of too many statements ends', async () => {
    const query = `{ ${times(6, (n) => `a${n}: roles(first: 100) { users(first: 1) { totalCount nodes { id } } }`)} }`;
    await expectTooComplex(ask, query, admin.token);
    const { errors } = await ask(harness.app.url, { query: fresh(query), token: admin.token });
    expect(errors[0]?.message).toContain('lists');
  });

  test('an answer of too many errors ends, and one of many is told in full', async () => {
    const few = `{ posts(first: 30) { nodes { ${refusable} } } }`;
    await expectTooComplex(ask, few.replace('30)', '100)'), undefined);
    const document = fresh(few);
    for (let round = 0; round < 3; round += 1) {
      const { codes, errors, data } = await ask(harness.app.url, { query: document });
      expect(codes).toEqual(Array.from({ length: 900 }, () => 'UNAUTHENTICATED'));
      expect(new Set(errors.map(({ path }) => path?.join())).size).toBe(900);
      expect(data['posts']?.['nodes']?.[29]?.['author']?.['a29']).toBeNull();
    }
  });
});

test('an event that would be answered with too much is told so, and the next is answered', async () => {
  const follow = `subscription { securityEvents(filter: { types: [ROLE_CREATED, USER_UPDATED] }) { type subject { ${roleBook} } } }`;
  const following = admin.follow(follow);
  const { sql } = harness.app.services.database;
  const happens = (type: string) =>
    sql.rows(
      `insert into security_event_outbox (id, type, occurred_at, actor_id, subject_id, details)
       values (gen_random_uuid(), $1, now(), $2, case when $1 = 'USER_UPDATED' then $2::uuid end, '{}')`,
      [type, String(person.userId)],
    );
  await eventually(async () => {
    await happens('ROLE_CREATED');
    return following.events.length > 0;
  });
  await happens('USER_UPDATED');
  await eventually(() => following.codes.length > 0);
  expect(following.codes).toEqual(['QUERY_TOO_COMPLEX']);
  const before = following.events.length;
  await happens('ROLE_CREATED');
  await eventually(() => following.events.length > before);
  following.stop();
});

test('what ended operations had read is held no longer', async () => {
  const wide = forEveryone['bytes of texts that are read thirty times'] ?? '';
  await Promise.all(Array.from({ length: 20 }, () => overHttp(harness.app.url, { query: fresh(wide) })));
  const { codes, data } = await overHttp(harness.app.url, { query: `{ ${page} }` });
  expect([codes, idsOf(data['posts']).length]).toEqual([[], 100]);
});

test('a page of the longest texts there can be is answered', async () => {
  for (const [, ask] of transports) {
    const { codes, text } = await ask(harness.app.url, { query: fresh(`{ ${page} }`) });
    expect(codes).toEqual([]);
    expect(Buffer.byteLength(text)).toBeGreaterThan(8_000_000);
  }
});

test('no more is held for answers under way than the process can bear', async () => {
  const wide = fresh('{ posts(first: 100, offset: 0) { nodes { body } } }');
  const answers = await Promise.all(Array.from({ length: 24 }, () => overHttp(harness.app.url, { query: wide })));
  const codes = new Set(answers.flatMap((answer) => answer.codes));
  expect([...codes].filter((code) => code !== 'SERVICE_UNAVAILABLE')).toEqual([]);
  expect(answers.some(({ data }) => data !== null)).toBe(true);
});
