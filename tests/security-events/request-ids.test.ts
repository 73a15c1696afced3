import { beforeAll, describe, expect, test } from '@jest/globals';
import { asOperator, asSystem } from '../../src/open-services.js';
import { expireSessions } from '../../src/sessions/expire-sessions.js';
import { rotateSigningKey } from '../../src/sessions/rotate-signing-key.js';
import type { Client, Json } from '../support/client.js';
import { allPublished } from '../support/events.js';
import { Harness } from '../support/harness.js';
import { equip, signIn } from '../support/second-factor.js';
import { onSocket } from '../support/transports.js';

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
let harness: Harness;
let admin: Client;
let ada: Client;
beforeAll(async () => {
  harness = await Harness.start({ SESSIONS_PER_ACCOUNT: '2' });
  [admin, ada] = [await harness.admin(), await harness.person('ada')];
});

const sql = () => harness.app.services.database.sql;
interface Row {
  readonly type: string;
  readonly request: string | null;
  readonly address: string | null;
  readonly by: string | null;
}
/** The newest events, the latest last. */
const newest = async (count: number): Promise<Row[]> =>
  (
    await sql().rows<Row>(
      `select type, request_id as request, ip_address as address, details->>'by' as by from every_event
       order by position desc limit $1`,
      [count],
    )
  ).reverse();

const rename = (name: string) => `mutation { updateProfile(input: { firstName: "${name}" }) { errors { code } } }`;

describe('an event has the id of its request', () => {
  test('over HTTP one for all of a document, and another for the next', async () => {
    const input = (name: string) => `updateProfile(input: { firstName: "${name}" }) { errors { code } }`;
    await ada.ask(`mutation { a: ${input('A')} b: ${input('B')} }`);
    await ada.ask(rename('C'));
    const [one, other, third] = await newest(3);
    expect(one?.request).toMatch(uuid);
    expect(other).toEqual(one);
    expect(third?.request).toMatch(uuid);
    expect(third?.request).not.toBe(one?.request);
  });

  test('over a websocket one for each operation', async () => {
    const socket = ada.socket();
    for (const name of ['S', 'T']) await onSocket(socket, { query: rename(name) });
    await socket.dispose();
    const [one, other] = await newest(2);
    for (const event of [one, other])
      expect(event).toMatchObject({ address: '127.0.0.1', request: expect.stringMatching(uuid) });
    expect(one?.request).not.toBe(other?.request);
  });

  test('also where statements write it: sign-ins, sessions beyond their number, and many at once', async () => {
    const equipped = await equip(harness, 'grace');
    for (let times = 0; times < 3; times += 1)
      await signIn(harness.client(), equipped, String(equipped.recoveryCodes[times]));
    const events = (await newest(3)).map(({ type }) => type).sort();
    expect(events).toEqual(['LOGIN_SUCCEEDED', 'RECOVERY_CODE_USED', 'SESSION_REVOKED']);
    const [first, ...others] = await newest(3);
    expect(first?.request).toMatch(uuid);
    for (const event of others) expect(event.request).toBe(first?.request);
    await admin.mutate('revokeUserSessions', { userId: equipped.client.userId }, 'endedCount');
    const [one, other] = await newest(2);
    expect([one?.type, other]).toEqual(['SESSION_REVOKED', one]);
    expect(one?.request).toMatch(uuid);
  });
});

describe('without a request', () => {
  test('an event has neither id nor address, and says that the service did it', async () => {
    await sql().rows('update sessions set expires_at = created_at, expiry_check_at = created_at where user_id = $1', [
      String(ada.userId),
    ]);
    await expireSessions(asSystem(harness.app.services));
    expect((await newest(1))[0]).toEqual({ type: 'SESSION_EXPIRED', request: null, address: null, by: 'service' });
  });

  test('or its operator, by a command', async () => {
    await rotateSigningKey(asOperator(harness.app.services));
    expect((await newest(1))[0]).toEqual({ type: 'SIGNING_KEY_ROTATED', request: null, address: null, by: 'operator' });
  });
});

describe('the API shows the id', () => {
  const fields = 'nodes { type requestId ipAddress details }';

  test('to whoever may read all events, and not to the subject', async () => {
    await ada.login('ada', 'a long enough passphrase');
    await ada.ask(rename('Shown'));
    const [event] = await newest(1);
    await allPublished(harness);
    const all = await admin.ask(`{ securityEvents(last: 1) { ${fields} } }`);
    expect(all.data['securityEvents']?.['nodes']).toMatchObject([{ type: 'USER_UPDATED', requestId: event?.request }]);
    const own = await ada.ask(`{ viewer { securityEvents(last: 50) { ${fields} } } }`);
    const nodes = own.data['viewer']?.['securityEvents']?.['nodes'] as readonly Json[];
    expect(nodes.at(-1)?.['type']).toBe('USER_UPDATED');
    for (const node of nodes) expect(node['requestId']).toBeNull();
    expect(nodes.find(({ type }) => String(type) === 'SESSION_EXPIRED')?.['details']).toEqual({ by: 'service' });
  });
});

test('an error that is logged has the id of its request, over HTTP in both ways and over a websocket', async () => {
  await sql().rows('alter table posts rename to posts_away');
  const query = '{ posts(first: 1) { totalCount nodes { title } } }';
  const socket = ada.socket();
  const answers = [await ada.ask(query), await ada.ask(query), await onSocket(socket, { query })];
  await socket.dispose();
  await sql().rows('alter table posts_away rename to posts');
  const ids = answers.map(({ errors }) => String(errors[0]?.extensions['requestId']));
  expect(new Set(ids).size).toBe(3);
  for (const id of ids) {
    expect(id).toMatch(uuid);
    expect(harness.logged.filter((line) => line.includes(id)).length).toBeGreaterThan(0);
  }
});
