import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { App } from '../../src/app.js';
import { Client, type Following } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';

const query = 'subscription ($after: String) { securityEvents(after: $after) { id cursor type } }';
let harness: Harness;
let other: App;
let admin: Client;
beforeAll(async () => {
  harness = await Harness.start({ HASHING_QUEUE: '1000' });
  other = await harness.another();
  admin = await harness.admin();
});
afterAll(() => harness.close());

const at = (app: App) => Object.assign(new Client(app.url), { token: admin.token });
const idsOf = (following: Following) => following.events.map((event) => String(event['securityEvents']?.['id']));
const cursorsOf = (following: Following) =>
  following.events.map((event) => String(event['securityEvents']?.['cursor']));

/** Ids of all published events after a cursor, read page by page. */
async function listed(after: string): Promise<string[]> {
  const ids: string[] = [];
  for (let place: string | null = after; place; ) {
    const { data } = await admin.ask(
      'query ($after: String) { securityEvents(first: 100, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }',
      { after: place },
    );
    const page = data['securityEvents'];
    ids.push(...((page?.['nodes'] ?? []) as { id: string }[]).map(({ id }) => id));
    place = page?.['pageInfo']?.['hasNextPage'] ? String(page['pageInfo']['endCursor']) : null;
  }
  return ids;
}

/** The cursor of the newest event, once every event so far has its number. */
async function newest(): Promise<string> {
  const { sql } = harness.app.services.database;
  await eventually(async () => !(await sql.row('select 1 from security_event_outbox')));
  const { data } = await admin.ask('{ securityEvents(last: 1) { pageInfo { endCursor } } }');
  return String(data['securityEvents']?.['pageInfo']?.['endCursor']);
}

test('a reader that breaks off again and again loses nothing and hears nothing twice', async () => {
  const start = await newest();
  const attempts = Array.from({ length: 200 }, (_, n) => at(n % 2 ? harness.app : other).login(`nobody${n}`, 'wrong'));
  let settled = false;
  const all = Promise.all(attempts).then(() => {
    settled = true;
  });
  const seen: string[] = [];
  let cursor = start;
  for (let round = 0; seen.length < 200 || !settled; round += 1) {
    const following = at(round % 2 ? harness.app : other).follow(query, { after: cursor });
    const wanted = Math.min(seen.length + 1 + (round % 13), 200);
    await eventually(() => seen.length + following.events.length >= wanted);
    // Alternates between a proper end and a lost connection.
    if (round % 3 === 0) following.client.terminate();
    else following.stop();
    const count = following.events.length;
    seen.push(...idsOf(following).slice(0, count));
    cursor = cursorsOf(following)[count - 1] ?? cursor;
  }
  await all;
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen).toEqual(await listed(start));
  expect(seen).toHaveLength(200);
}, 60_000);

test('readers in two processes hear the same in the same order', async () => {
  const start = await newest();
  const readers = [at(harness.app).follow(query, { after: start }), at(other).follow(query, { after: start })];
  await Promise.all(Array.from({ length: 60 }, (_, n) => at(n % 2 ? harness.app : other).login(`nobody${n}`, 'wrong')));
  await eventually(() => readers.every(({ events }) => events.length >= 60));
  const expected = await listed(start);
  for (const reader of readers) {
    expect(idsOf(reader)).toEqual(expected);
    reader.stop();
  }
});

test('a filter passes over what it does not want and still resumes in its place', async () => {
  const start = await newest();
  const filtered =
    'subscription ($after: String) { securityEvents(after: $after, filter: { types: [LOGOUT] }) { id cursor type } }';
  for (let n = 0; n < 3; n += 1) {
    await harness.client().login(`nobody${n}`, 'wrong');
    await (await harness.admin()).ask('mutation { logout { errors { code } } }');
  }
  const first = admin.follow(filtered, { after: start });
  await eventually(() => first.events.length === 3);
  first.stop();
  const second = admin.follow(filtered, { after: cursorsOf(first)[0] });
  await eventually(() => second.events.length === 2);
  expect(idsOf(second)).toEqual(idsOf(first).slice(1));
  second.stop();
});
