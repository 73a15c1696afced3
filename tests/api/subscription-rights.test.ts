import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { App } from '../../src/app.js';
import { Client, type Following } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';
import { onSocket, overSocket } from '../support/transports.js';

const events = 'subscription { securityEvents { type cursor } }';
const own = 'subscription { sessionEvents { type cursor } }';
let harness: Harness;
let other: App;
beforeAll(async () => {
  harness = await Harness.start();
  other = await harness.another();
});
afterAll(() => harness.close());

/** Number of streams in a process. */
const followers = ({ services: { eventFeed } }: App): number => eventFeed.size;
const failLogin = () => harness.client().login('nobody', 'wrong');
const elsewhere = (client: Client) => Object.assign(new Client(other.url), { token: client.token });
const logout = (client: Client) => client.ask('mutation { logout { errors { code } } }');

describe('at the start', () => {
  test.each([
    ['securityEvents', events],
    ['sessionEvents', own],
  ])('%s is refused at once to who is not signed in', async (_name, query) => {
    const before = followers(harness.app);
    for (const token of [undefined, 'stale']) {
      expect((await overSocket(harness.app.url, { query, token })).codes).toEqual(['UNAUTHENTICATED']);
      expect(followers(harness.app)).toBe(before);
    }
  });
  test('securityEvents is refused at once to a user', async () => {
    const { token } = await harness.person('ada');
    expect((await overSocket(harness.app.url, { query: events, token })).codes).toEqual(['FORBIDDEN']);
  });
  test.each([
    ['garbage', '%%%'],
    ['of another list', Buffer.from('["ada","00000000-0000-4000-8000-000000000000"]').toString('base64url')],
    ['that is no id', Buffer.from('["1","x"]').toString('base64url')],
    [
      'beyond all numbers',
      Buffer.from(`["${'9'.repeat(18)}9","00000000-0000-4000-8000-000000000000"]`).toString('base64url'),
    ],
  ])('a cursor %s is refused', async (_what, after) => {
    const { token } = await harness.admin();
    const before = followers(harness.app);
    for (const field of ['securityEvents', 'sessionEvents']) {
      const query = `subscription ($after: String) { ${field}(after: $after) { cursor } }`;
      expect((await overSocket(harness.app.url, { query, token, variables: { after } })).codes).toEqual([
        'BAD_USER_INPUT',
      ]);
    }
    expect(followers(harness.app)).toBe(before);
  });
  test.each([
    ['missing', {}],
    ['null', { v: null }],
    ['of another type', { v: 5 }],
    ['of a strange shape', { v: [{}] }],
  ])('a variable that is %s is BAD_USER_INPUT', async (_what, variables) => {
    const { token } = await harness.admin();
    const query = 'subscription ($v: String!) { securityEvents(after: $v) { cursor } }';
    expect((await overSocket(harness.app.url, { query, token, variables })).codes).toEqual(['BAD_USER_INPUT']);
  });
});

describe('later', () => {
  let number = 0;
  /** Starts a stream and waits until it delivers events. */
  async function running(client: Client, query: string, app: App): Promise<Following> {
    const before = followers(app);
    const stream = client.follow(query);
    await eventually(() => followers(app) > before);
    return stream;
  }
  async function newAdmin(): Promise<Client> {
    number += 1;
    const username = `admin${number}`;
    const root = await harness.admin();
    await root.mutate(
      'createUser',
      { username, email: `${username}@example.com`, password, isAdmin: true },
      'user { id }',
    );
    const client = harness.client();
    await client.login(username, password);
    return client;
  }
  const sql = (text: string, ...values: string[]) => harness.app.services.database.sql.rows(text, values);

  test('signing out ends the streams of that session in every process, and of no other', async () => {
    const admin = await newAdmin();
    const bystander = Object.assign(harness.client(), await newAdmin());
    const streams = [
      await running(admin, events, harness.app),
      await running(admin, own, harness.app),
      await running(elsewhere(admin), events, other),
      await running(elsewhere(admin), own, other),
    ];
    const staying = await running(bystander, events, harness.app);
    await logout(admin);
    await eventually(() => streams.every(({ ended }) => ended));
    await eventually(() => staying.events.some((event) => event['securityEvents']?.['type'] === 'LOGOUT'));
    expect(staying.ended).toBe(false);
    staying.stop();
    for (const { events: seen } of streams.filter((_, n) => n % 2 === 0))
      expect(seen.map((event) => event['securityEvents']?.['type'])).not.toContain('LOGOUT');
  });

  test.each([
    ['is no administrator any more', 'update users set is_admin = false where id = $1'],
    ['is deactivated', 'update users set is_active = false where id = $1'],
    ['whose sessions were ended', "update sessions set ended_at = now(), end_reason = 'REVOKED' where user_id = $1"],
  ])('the stream of an administrator who %s ends before the next event', async (_what, statement) => {
    const admin = await newAdmin();
    const [here, there] = [await running(admin, events, harness.app), await running(elsewhere(admin), events, other)];
    await failLogin();
    await eventually(() => here.events.length > 0 && there.events.length > 0);
    const seen = [here.events.length, there.events.length];
    await sql(statement, String(admin.userId));
    await failLogin();
    await eventually(() => here.ended && there.ended);
    expect([here.events.length, there.events.length]).toEqual(seen);
  });

  test('a stream does not outlive the credential it was opened with', async () => {
    const brief = await Harness.start();
    const stream = await running(await brief.admin(), events, brief.app);
    brief.clock.advance(2 * 60 * 60 * 1000);
    await brief.client().login('nobody', 'wrong');
    await eventually(() => stream.ended);
    expect(stream.events).toEqual([]);
    await brief.close();
  });

  test('a socket whose session has ended is nobody from then on', async () => {
    const admin = await newAdmin();
    const [socket, elsewhereSocket] = [admin.socket(), elsewhere(admin).socket()];
    for (const open of [socket, elsewhereSocket])
      expect((await onSocket(open, { query: '{ users { totalCount } }' })).codes).toEqual([]);
    await logout(admin);
    for (const open of [socket, elsewhereSocket]) {
      await eventually(
        async () => (await onSocket(open, { query: '{ users { totalCount } }' })).codes[0] === 'UNAUTHENTICATED',
      );
      expect((await onSocket(open, { query: '{ viewer { id } }' })).codes).toEqual(['UNAUTHENTICATED']);
      expect((await onSocket(open, { query: events })).codes).toEqual(['UNAUTHENTICATED']);
      await open.dispose();
    }
  });

  test('unsubscribing, closing and vanishing each release the follower', async () => {
    const admin = await newAdmin();
    const before = followers(harness.app);
    const topics = ['session', 'user', 'roles', 'reset'] as const;
    const listeners = () => topics.map((topic) => harness.app.services.signals.listenerCount(topic));
    const listening = listeners();
    const stopped = await running(admin, events, harness.app);
    stopped.stop();
    await eventually(() => followers(harness.app) === before);
    const disposed = await running(admin, events, harness.app);
    await disposed.client.dispose();
    await eventually(() => followers(harness.app) === before);
    const vanished = await running(admin, events, harness.app);
    vanished.client.terminate();
    await eventually(() => followers(harness.app) === before);
    expect(listeners()).toEqual(listening);
  });

  test('a stream shows what its own filter asks for, and a user only their own sessions', async () => {
    const [eve, ada] = [await harness.person('eve'), await harness.person('bob')];
    const stream = await running(eve, own, harness.app);
    await harness.client().login('bob', password);
    await logout(ada);
    await harness.client().login('eve', password);
    await eventually(() => stream.events.length > 0);
    expect(stream.events.map((event) => event['sessionEvents']?.['type'])).toEqual(['OPENED']);
    stream.stop();
  });
});
