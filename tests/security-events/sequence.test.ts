import { beforeAll, expect, test } from '@jest/globals';
import type { Client, Json } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';

let harness: Harness;
let admin: Client;
beforeAll(async () => {
  harness = await Harness.start();
  admin = await harness.admin();
});

const insert = `insert into security_event_outbox (id, type, occurred_at, details) values (gen_random_uuid(), 'LOGIN_FAILED', now(), $1)`;
const sql = () => harness.app.services.database.sql;
const isSequenced = async () => (await sql().rows('select 1 from security_event_outbox')).length === 0;
const sequences = async () =>
  (await sql().rows<{ sequence: string }>('select sequence from security_events order by sequence')).map(
    ({ sequence }) => Number(sequence),
  );

test('numbers have no gap and no double, with two processes numbering and transactions undone in between', async () => {
  await harness.another();
  await Promise.all(
    Array.from({ length: 300 }, async (_, i) => {
      if (i % 3 > 0) return sql().rows(insert, [`{"i":${i}}`]);
      const undone = harness.app.services.database.transaction(async (tx) => {
        await tx.rows(insert, ['{}']);
        throw new Error('undone');
      });
      return undone.catch(() => undefined);
    }),
  );
  await eventually(isSequenced);
  const numbers = await sequences();
  expect(numbers).toEqual(numbers.map((_, i) => i + 1));
  expect(numbers.length).toBeGreaterThan(200);
});

test('an event that commits late is numbered late, so a follower that went on does not miss it', async () => {
  const following = admin.follow(
    'subscription { securityEvents(filter: { types: [LOGIN_FAILED] }) { cursor details } }',
  );
  const marks = () => following.events.map((event) => String(event['securityEvents']?.['details']?.['mark']));
  await eventually(async () => {
    await sql().rows(insert, ['{"mark":"probe"}']);
    return following.events.length > 0;
  });
  await harness.app.services.database.transaction(async (tx) => {
    await tx.rows(insert, ['{"mark":"early insert, late commit"}']);
    await sql().rows(insert, ['{"mark":"late insert, early commit"}']);
    await eventually(() => marks().includes('late insert, early commit'));
  });
  await eventually(() => marks().includes('early insert, late commit'));
  following.stop();
});

test('the list and the subscription tell the same, and `after` resumes in the middle', async () => {
  const all = await listed('last: 100');
  const cursor = String(all.at(-21)?.['cursor']);
  expect((await listed(`first: 100 after: "${cursor}"`)).map((event) => event['cursor'])).toEqual(
    all.slice(-20).map((event) => event['cursor']),
  );
  const following = admin.follow('subscription ($after: String) { securityEvents(after: $after) { cursor } }', {
    after: cursor,
  });
  await eventually(() => following.events.length >= 20);
  expect(following.events.map((event) => event['securityEvents']?.['cursor'])).toEqual(
    all.slice(-20).map((event) => event['cursor']),
  );
  following.stop();
});

async function listed(page: string): Promise<Json[]> {
  const { data } = await admin.ask(`{ securityEvents(${page}) { nodes { cursor } } }`);
  return (data['securityEvents'] as Json)['nodes'] as unknown as Json[];
}

test('filters narrow the list and its count', async () => {
  const count = async (filter: string) =>
    (await admin.ask(`{ securityEvents(filter: { ${filter} }) { totalCount } }`)).data['securityEvents']?.[
      'totalCount'
    ];
  expect(await count('types: [LOGIN_SUCCEEDED]')).toBe(1);
  expect(await count(`subjectId: "${admin.userId}" types: [LOGIN_SUCCEEDED]`)).toBe(1);
  expect(await count('subjectId: "nonsense"')).toBe(0);
  expect(await count(`actorId: "${crypto.randomUUID()}"`)).toBe(0);
  expect(await count('ipAddress: "127.0.0.1"')).toBe(1);
  expect(await count('since: "2100-01-01T00:00:00Z"')).toBe(0);
  expect(await count('until: "2000-01-01T00:00:00Z"')).toBe(0);
});

test('a session that runs out is told, once, and its owner’s console hears it', async () => {
  const person = await harness.person('sleeper');
  const other = harness.client();
  await other.login('sleeper', 'a long enough passphrase', { rememberMe: true });
  const following = other.follow('subscription { sessionEvents { type session { id } } }');
  await eventually(async () => {
    await harness.client().login('sleeper', 'a long enough passphrase', { rememberMe: true });
    return following.events.length > 0;
  });
  harness.clock.advance(8 * 3600 * 1000);
  const { expireSessions } = await import('../../src/sessions/expire-sessions.js');
  const { asSystem } = await import('../../src/open-services.js');
  await Promise.all([expireSessions(asSystem(harness.app.services)), expireSessions(asSystem(harness.app.services))]);
  const expired = () =>
    following.events.map((event) => event['sessionEvents']).filter((event) => event?.['type'] === 'EXPIRED');
  await eventually(() => expired().length > 0);
  expect(expired()).toEqual([{ type: 'EXPIRED', session: { id: person.sessionId } }]);
  following.stop();
});
