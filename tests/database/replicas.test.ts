import { beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import type { App } from '../../src/app.js';
import type { Replica } from '../../src/database/replicas/replica.js';
import { Client } from '../support/client.js';
import { writePost } from '../support/content.js';
import { eventually } from '../support/eventually.js';
import { administrator, Harness, password } from '../support/harness.js';
import { Primary, StreamingReplica } from '../support/replica.js';
import { outcomeOf } from '../support/roles.js';
import { withoutSignals } from '../support/signals.js';

// Servers are made, and a service from an empty database.
jest.setTimeout(240_000);

let primary: Primary;
let standby: StreamingReplica;
let harness: Harness;
let other: App;
let admin: Client;

beforeAll(async () => {
  primary = await Primary.start();
  standby = await StreamingReplica.of(primary);
  const urls = { DATABASE_URL: primary.url, DATABASE_REPLICA_URLS: standby.url };
  harness = await Harness.start(urls);
  other = await harness.another();
  admin = await harness.admin();
});

const replicaOf = (app: App): Replica => app.services.replicas?.all[0] as Replica;
const isUsed = (app: App) => replicaOf(app).isUsed;

beforeEach(async () => {
  for (const app of [harness.app, other]) await eventually(() => isUsed(app));
});

/** @returns how many statements the work sends to the replica */
async function sentBy(app: App, work: () => Promise<unknown>): Promise<number> {
  const before = replicaOf(app).sql.sent;
  await work();
  return replicaOf(app).sql.sent - before;
}

/** Waits until a list of this caller is read from the replica: until it has what they have written. */
const untilRead = (app: App, client: Client, query = '{ users { totalCount } }') =>
  eventually(async () => (await sentBy(app, () => client.ask(query))) > 0);

const at = (app: App, client: Client) =>
  Object.assign(new Client(app.url), { token: client.token, userId: client.userId });

const people = '{ users(first: 5) { totalCount nodes { id username roles { name } } } }';

test('a list, its count and what belongs to its rows are read from the replica', async () => {
  await untilRead(harness.app, admin);
  for (const [query, least] of [
    [people, 2],
    ['{ sessions(first: 5) { totalCount nodes { id user { username } } } }', 3],
    ['{ securityEvents(first: 5) { totalCount nodes { id } } }', 2],
    ['{ apiTokens { totalCount nodes { id } } }', 2],
    ['{ posts(search: "anything") { totalCount nodes { id } } }', 2],
    ['{ users(search: "root") { nodes { username } } sessions { totalCount } }', 2],
    ['{ jobs { nodes { id } } failedJobs { nodes { id } } }', 2],
  ] as const) {
    const sql = harness.app.services.database.sql;
    // What the first one has read is remembered.
    await admin.ask(query);
    const before = sql.sent;
    const sent = await sentBy(harness.app, async () => expect((await admin.ask(query)).codes).toEqual([]));
    expect([query, sent >= least]).toEqual([query, true]);
    // Background work may send some of its own.
    expect(sql.sent - before).toBeLessThan(5);
  }
});

test('what is no list, or stands beside something else, is read from the primary', async () => {
  await untilRead(harness.app, admin);
  const sent = await sentBy(harness.app, async () => {
    await admin.ask('{ viewer { username roles { name } sessions { id } } }');
    await admin.ask(`{ user(id: "${admin.userId}") { username } }`);
    await admin.ask('{ viewer { username } users { totalCount } }');
    await admin.ask('{ ...on Query { users { totalCount } } }');
    await admin.ask('mutation { updateProfile(input: { bio: "new" }) { user { username roles { name } } } }');
    await harness.client().ask('{ posts(search: "anything") { totalCount } }');
  });
  expect(sent).toBe(0);
});

test('a user sees their own change in a list at once, through any process and from any session', async () => {
  const ada = await harness.person('ada');
  const again = at(other, ada);
  const third = new Client(other.url);
  await third.login('ada', password);
  await standby.pause();
  try {
    const title = 'Written while the replica stands still';
    await writePost(ada, { title, published: true });
    for (const client of [ada, again, third]) {
      const { data } = await client.ask(`{ posts(search: "stands still") { totalCount nodes { title } } }`);
      expect(data['posts']['nodes']).toEqual([{ title }]);
      expect(data['posts']['totalCount']).toBe(1);
    }
    // Somebody else is shown what the replica has, as long as it is in use.
    let shown: unknown;
    const sent = await sentBy(other, async () => {
      const { data } = await at(other, admin).ask(`{ posts(search: "stands still") { totalCount } }`);
      shown = data['posts']['totalCount'];
    });
    expect(shown).toBe(sent > 0 ? 0 : 1);
  } finally {
    await standby.unpause();
  }
  await untilRead(other, again, '{ posts(search: "stands still") { totalCount } }');
});

test('while a process hears no signals, it reads everything from the primary', async () => {
  await untilRead(harness.app, admin);
  const end = await withoutSignals(harness.app);
  try {
    expect(await sentBy(harness.app, () => admin.ask(people))).toBe(0);
  } finally {
    await end();
  }
  await untilRead(harness.app, admin);
});

test('a write of which a process could not hear is not missed there afterwards', async () => {
  const dora = await harness.person('dora');
  let tries = 0;
  // It shows something only if the replica is still in use by then.
  await eventually(async () => {
    tries += 1;
    await eventually(() => isUsed(other));
    await standby.pause();
    try {
      const end = await withoutSignals(other);
      await writePost(dora, { title: `Unheard ${tries}`, published: true });
      await end();
      const { data } = await at(other, dora).ask('{ posts(search: "unheard") { totalCount } }');
      expect(data['posts']['totalCount']).toBe(tries);
      return isUsed(other);
    } finally {
      await standby.unpause();
    }
  });
});

test('whoever has just signed in sees the session', async () => {
  await standby.pause();
  try {
    const client = new Client(other.url);
    await client.login(administrator.username, password);
    const { data } = await at(harness.app, client).ask('{ sessions(first: 1) { nodes { id } } }');
    expect(data['sessions']['nodes'][0]['id']).toBe(client.sessionId);
  } finally {
    await standby.unpause();
  }
});

test('what a caller may not list is refused, also when the replica does not know yet', async () => {
  const bob = await harness.person('bob');
  const list = () => bob.ask(people);
  expect((await list()).codes).toEqual(['FORBIDDEN']);
  const setAdministrator = (isAdmin: boolean) => outcomeOf(admin, 'setAdministrator', { userId: bob.userId, isAdmin });
  expect(await setAdministrator(true)).toBe('ok');
  await untilRead(harness.app, bob);
  await standby.pause();
  try {
    expect(await setAdministrator(false)).toBe('ok');
    expect((await list()).codes).toEqual(['FORBIDDEN']);
    expect((await at(other, bob).ask(people)).codes).toEqual(['FORBIDDEN']);
  } finally {
    await standby.unpause();
  }
});

test('a replica that replays nothing is left out after five seconds, and used again when it has caught up', async () => {
  const carl = await harness.person('carl');
  await outcomeOf(admin, 'setAdministrator', { userId: carl.userId, isAdmin: true });
  await untilRead(harness.app, carl);
  await standby.pause();
  await eventually(() => !isUsed(harness.app));
  expect(harness.app.services.replicas?.reasonOf(replicaOf(harness.app))).toMatch(/behind/);
  expect(await sentBy(harness.app, () => carl.ask(people))).toBe(0);
  await standby.unpause();
  await untilRead(harness.app, carl);
});

test('a frozen and a killed replica fail no request', async () => {
  await untilRead(harness.app, admin);
  const asked = () => admin.ask(people);
  standby.freeze();
  const answers = await Promise.all(Array.from({ length: 8 }, asked));
  expect(answers.flatMap(({ codes }) => codes)).toEqual([]);
  await eventually(() => !isUsed(harness.app));
  standby.thaw();
  await untilRead(harness.app, admin);
  const asking = Promise.all(Array.from({ length: 20 }, asked));
  await standby.kill();
  for (const { codes } of await asking) expect(codes).toEqual([]);
  expect((await asked()).codes).toEqual([]);
  await eventually(() => !isUsed(harness.app));
  await standby.resume();
  await untilRead(harness.app, admin);
});
