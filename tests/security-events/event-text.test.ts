import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { asSystem } from '../../src/open-services.js';
import { countEvents } from '../../src/security-events/event-counts.js';
import { matcherOf } from '../../src/security-events/event-matching.js';
import { wordsIn } from '../../src/security-events/event-words.js';
import { listEvents } from '../../src/security-events/list-events.js';
import { newestEvents } from '../../src/security-events/read-events.js';
import { makeToken } from '../support/api-tokens.js';
import type { Client, Json } from '../support/client.js';
import { allPublished, writeEvent } from '../support/events.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';
import { seeded } from '../support/seeded.js';

let harness: Harness;
let admin: Client;
beforeAll(async () => {
  harness = await Harness.start();
  admin = await harness.admin();
});

const sql = () => harness.app.services.database.sql;
const list =
  'query ($text: String!) { securityEvents(last: 100, filter: { text: $text }) { totalCount nodes { type details } } }';
const typesWith = async (text: string): Promise<string[]> => {
  const { data } = await admin.ask(list, { text });
  const { totalCount, nodes } = data['securityEvents'] as unknown as { totalCount: number; nodes: readonly Json[] };
  expect(totalCount).toBe(nodes.length);
  return nodes.map((event) => event['type']);
};

test('administrators find what they type: roles, people, addresses, tokens, fields', async () => {
  const person = await harness.person('grace');
  await admin.mutate('createRole', { name: 'night-shift', level: 10 }, 'role { id }');
  await makeToken(admin, ['user:read'], { name: 'Nightly backup' });
  await admin.mutate('updateUser', { userId: person.userId, email: 'hopper@navy.example' }, 'user { id }');
  await admin.mutate(
    'deactivateUser',
    { userId: person.userId, reason: 'Left the "night" shift: 100 % 🦭' },
    'user { id }',
  );
  await allPublished(harness);
  expect(await typesWith('NIGHT-shift')).toEqual(['ROLE_CREATED', 'USER_DEACTIVATED']);
  expect(await typesWith('night')).toEqual(['ROLE_CREATED', 'API_TOKEN_CREATED', 'USER_DEACTIVATED']);
  expect(await typesWith('backup nightly')).toEqual(['API_TOKEN_CREATED']);
  expect(await typesWith('hopper@navy.example')).toEqual(['USER_UPDATED', 'EMAIL_CHANGED']);
  expect(await typesWith('grace@example.com')).toEqual(['USER_UPDATED', 'EMAIL_CHANGED']);
  expect(await typesWith('isActive')).toEqual(['USER_DEACTIVATED']);
  expect(await typesWith('🦭')).toEqual(['USER_DEACTIVATED']);
  expect(await typesWith(`'night':* | 'x' & !'y'`)).toEqual([]);
});

test.each(['', '%%%', '\\', '\u0000', 'x'.repeat(201)])(
  'a text without words, or a long one, is BAD_USER_INPUT (%#)',
  async (text) => {
    expect((await admin.ask(list, { text })).codes).toEqual(['BAD_USER_INPUT']);
    const never = '1970-01-01T00:00:00Z';
    const { codes } = await admin.ask(
      'query ($text: String, $until: DateTime) { securityEvents(filter: { text: $text, until: $until }) { totalCount } }',
      { text, until: never },
    );
    expect(codes).toEqual(['BAD_USER_INPUT']);
    const stream = admin.follow('subscription ($text: String) { securityEvents(filter: { text: $text }) { type } }', {
      text,
    });
    await eventually(() => stream.ended || stream.codes.length > 0);
    expect([stream.codes, stream.events]).toEqual([['BAD_USER_INPUT'], []]);
  },
);

test('a stream sends what has the words, first from the table and then as it happens', async () => {
  const word = `w${randomUUID().slice(0, 8)}`;
  const write = (reason: string) => sql().rows(writeEvent, [JSON.stringify({ reason })]);
  const { data } = await admin.ask('{ securityEvents(last: 1) { edges { cursor } } }');
  const after = data['securityEvents']?.['edges']?.[0]?.['cursor'];
  for (const reason of [`one ${word}`, 'another', `TWO ${word.toUpperCase()}S`]) await write(reason);
  await allPublished(harness);
  const stream = admin.follow(
    'subscription ($text: String, $after: String) { securityEvents(filter: { text: $text }, after: $after) { details } }',
    { text: word, after },
  );
  await eventually(() => stream.events.length === 2);
  for (const reason of ['other', `three-${word}`]) await write(reason);
  await eventually(() => stream.events.length === 3);
  const reasons = stream.events.map((event) => event['securityEvents']?.['details']?.['reason']);
  expect(reasons).toEqual([`one ${word}`, `TWO ${word.toUpperCase()}S`, `three-${word}`]);
  stream.stop();
});

/** PostgreSQL's jsonb takes neither NUL nor half of a surrogate pair. */
const storable = (text: string) => text.isWellFormed() && !text.includes('\0');
const texts = fc
  .oneof(
    fc.string({ unit: 'grapheme', maxLength: 30 }),
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.constantFrom(
      'Straße',
      'STRASSE',
      'İstanbul',
      'ﬁne',
      'ΣΑΣ',
      "it's",
      'a\\b',
      "'",
      "''\\'",
      'x:*',
      '١٢٣',
      'e\u0301t',
      '👩‍💻',
      '王伟',
    ),
    fc.emailAddress(),
    fc.uuid(),
  )
  .filter(storable);
const values = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    texts,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(texts, tie('value'), { maxKeys: 3 }),
  ),
})).value;
const manyDetails = fc.array(
  fc.record(
    { reason: values, changes: fc.oneof(values, fc.dictionary(texts, values, { maxKeys: 2 })) },
    { requiredKeys: [] },
  ),
  { minLength: 60, maxLength: 60 },
);

test('a text selects the same events from memory as from the table, whatever they hold', async () => {
  await seeded(
    fc.asyncProperty(manyDetails, texts, fc.infiniteStream(fc.nat()), async (written, other, random) => {
      for (const details of written) await sql().rows(writeEvent, [JSON.stringify(details)]);
      await allPublished(harness);
      const all = await newestEvents(sql(), 10_000);
      const words = all.flatMap(({ details }) => wordsIn(JSON.stringify(details)));
      const someWords = Array.from({ length: 20 }, () => String(words[Number(random.next().value) % words.length]));
      const sought = [
        ...someWords,
        ...someWords.map((word) => [...word].slice(0, 3).join('')),
        `${someWords[0]} ${someWords[1]}`,
        other,
      ];
      for (const text of sought.filter((one) => one.length <= 200 && wordsIn(one).length > 0)) {
        const inMemory = all.filter(matcherOf({ text })).map(({ sequence }) => sequence);
        const page = await listEvents(asSystem(harness.app.services), { text }, { last: 100 });
        expect(page.edges.map(({ node }) => node.sequence)).toEqual(inMemory.slice(-100));
        expect(await countEvents(sql(), { text })).toEqual({ count: inMemory.length, isEstimate: false });
      }
    }),
    8,
  );
});

describe('attacks', () => {
  const secret = 'Suspected of embezzlement';
  let victim: Client;
  beforeAll(async () => {
    victim = await harness.person('mallory');
    await admin.mutate('deactivateUser', { userId: victim.userId, reason: secret }, 'user { id }');
    await admin.mutate('reactivateUser', { userId: victim.userId }, 'user { id }');
    await victim.login('mallory', password);
    await allPublished(harness);
    expect(await typesWith(secret)).toEqual(['USER_DEACTIVATED']);
  });

  const roads = [
    'viewer { securityEvents(filter: { text: "embezzlement" }) { totalCount } }',
    'viewer { securityEvents(last: 1, text: "embezzlement") { totalCount } }',
    'user(id: $id) { securityEvents(filter: { text: "embezzlement" }) { totalCount } }',
  ];
  test.each(roads)('the list of one’s own events has no filter: %s', async (road) => {
    const variables = road.includes('$id') ? { id: victim.userId } : {};
    const { codes, data } = await victim.ask(
      `query ${road.includes('$id') ? '($id: ID!)' : ''} { ${road} }`,
      variables,
    );
    expect([new Set(codes), data ?? null]).toEqual([new Set(['GRAPHQL_VALIDATION_FAILED']), null]);
  });

  test('the list and the stream of all are refused alike, whether the text is there or not', async () => {
    const { client: byToken } = await tokenOf(victim, ['session:read', 'profile:read']);
    for (const asker of [victim, byToken, harness.client()]) {
      const answers = [];
      for (const text of ['embezzlement', 'nowhere', '']) {
        const subjectId = victim.userId;
        const { codes, data } = await asker.ask(
          'query ($text: String, $subjectId: ID) { securityEvents(filter: { text: $text, subjectId: $subjectId }) { totalCount nodes { type } } }',
          { text, subjectId },
        );
        answers.push(JSON.stringify([codes, data]));
      }
      expect(new Set(answers).size).toBe(1);
      expect(answers[0]).toMatch(/FORBIDDEN|UNAUTHENTICATED/);
    }
    const stream = victim.follow('subscription { securityEvents(filter: { text: "embezzlement" }) { type } }');
    await eventually(() => stream.ended || stream.codes.length > 0);
    expect([stream.codes, stream.events]).toEqual([['FORBIDDEN'], []]);
  });

  const tokenOf = async (owner: Client, scopes: string[]) => {
    const { token } = await makeToken(owner, scopes, { name: 'probe' });
    return { client: harness.client({ 'x-api-key': token }) };
  };
});
