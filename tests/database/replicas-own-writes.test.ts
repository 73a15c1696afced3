import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import type { App } from '../../src/app.js';
import { Client, type Json } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';
import { Primary, StreamingReplica } from '../support/replica.js';
import { outcomeOf } from '../support/roles.js';
import { seeded } from '../support/seeded.js';
import { withoutSignals } from '../support/signals.js';
import { SingleWriter, tick } from '../support/single-writer.js';

// Several users write and list through two processes, while the replica stands still, freezes, dies and comes back. Each
// is shown what they have written, whichever process acknowledged it, and no request fails.

interface Person {
  /** The same person at each process. */
  readonly clients: readonly Client[];
  readonly name: string;
  /** First names that this person has given to their account. */
  readonly firstName: SingleWriter<string | null>;
  /** Titles of their posts. */
  readonly titles: SingleWriter<readonly string[]>;
}

// Servers are made, and a service from an empty database.
jest.setTimeout(240_000);

let standby: StreamingReplica;
let apps: App[];
let people: Person[];

beforeAll(async () => {
  const primary = await Primary.start();
  standby = await StreamingReplica.of(primary);
  const harness = await Harness.start({ DATABASE_URL: primary.url, DATABASE_REPLICA_URLS: standby.url });
  apps = [harness.app, await harness.another()];
  const admin = await harness.admin();
  people = [];
  for (const name of ['ada', 'bob', 'cleo']) {
    const client = await harness.person(name);
    // Only administrators list users.
    expect(await outcomeOf(admin, 'setAdministrator', { userId: client.userId, isAdmin: true })).toBe('ok');
    const clients = apps.map(({ url }) =>
      Object.assign(new Client(url), { token: client.token, userId: client.userId }),
    );
    people.push({
      clients,
      name,
      firstName: new SingleWriter<string | null>(null),
      titles: new SingleWriter<readonly string[]>([]),
    });
  }
});

let made = 0;

async function write(person: Person, app: number): Promise<void> {
  made += 1;
  const client = person.clients[app] as Client;
  const n = made;
  if (n % 2 === 0) {
    const firstName = `First ${n}`;
    await person.firstName.write(firstName, async () => {
      expect(await outcomeOf(client, 'updateProfile', { firstName })).toBe('ok');
    });
    return;
  }
  const title = `Of ${person.name} ${n}`;
  await person.titles.write([...person.titles.last, title], async () => {
    const input = { title, body: 'A body', published: n % 4 === 1 };
    expect(await outcomeOf(client, 'createPost', input)).toBe('ok');
  });
}

const query = `query ($name: String, $title: String) {
  users(search: $name) { totalCount nodes { username firstName } }
  posts(search: $title, first: 100) { totalCount nodes { title } } }`;

let reads = 0;
/** Reads that could have seen nothing but what was written last. */
let certain = 0;

async function read(person: Person, app: number): Promise<void> {
  const { clients, name, firstName, titles } = person;
  const beganAt = tick();
  const { data, codes } = await (clients[app] as Client).ask(query, { name, title: `Of ${name}` });
  const endedAt = tick();
  expect(codes).toEqual([]);
  const { users, posts } = data as unknown as Record<'users' | 'posts', Json>;
  const names = firstName.allowed(beganAt, endedAt);
  expect(users['totalCount']).toBe(1);
  expect(names).toContain(users['nodes']?.[0]?.['firstName']);
  const lists = titles.allowed(beganAt, endedAt);
  const seen = (posts['nodes'] as unknown as { title: string }[]).map(({ title }) => title).sort();
  expect(lists.map((list) => list.slice(-100).sort())).toContainEqual(seen);
  expect(lists.map(({ length }) => length)).toContain(posts['totalCount']);
  reads += 1;
  if (names.length === 1 && lists.length === 1) certain += 1;
}

const faults = {
  pause: [() => standby.pause(), () => standby.unpause()],
  freeze: [async () => standby.freeze(), async () => standby.thaw()],
  kill: [() => standby.kill(), () => standby.resume()],
} as const;

const fault = fc.record({
  kind: fc.constantFrom('pause', 'pause', 'freeze', 'kill', 'deaf'),
  app: fc.nat(1),
  /** In milliseconds. */
  after: fc.integer({ min: 50, max: 1500 }),
  lasts: fc.integer({ min: 50, max: 2500 }),
});
type Fault = typeof fault extends fc.Arbitrary<infer One> ? One : never;

async function disturb({ kind, app, after, lasts }: Fault): Promise<void> {
  await sleep(after);
  if (kind === 'deaf') {
    const end = await withoutSignals(apps[app] as App);
    await sleep(lasts);
    return end();
  }
  await faults[kind][0]();
  await sleep(lasts);
  await faults[kind][1]();
  await standby.answers();
}

const usedEverywhere = () => apps.every(({ services }) => services.replicas?.all.every(({ isUsed }) => isUsed));
const sentToReplicas = () => apps.reduce((sum, { services }) => sum + (services.replicas?.all[0]?.sql.sent ?? 0), 0);

const step = fc.record({ app: fc.nat(1), pause: fc.integer({ min: 0, max: 600 }) });
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;
const lane = fc.array(step, { minLength: 8, maxLength: 8 });

test('every user is always shown what they have written, and no request fails', async () => {
  const plan = fc.tuple(
    fc.array(lane, { minLength: 3, maxLength: 3 }),
    fc.array(fault, { minLength: 4, maxLength: 5 }),
  );
  await seeded(
    fc.asyncProperty(plan, async ([lanes, disturbances]) => {
      await eventually(usedEverywhere);
      let isOver = false;
      const until = async (step: (turn: number) => Promise<void>) => {
        for (let turn = 0; !isOver; turn += 1) await step(turn);
      };
      const readers = Array.from({ length: 6 }, (_, n) =>
        until(async (turn) => {
          await read(people[n % 3] as Person, (turn + n) % 2);
          await sleep(5);
        }),
      );
      const writers = lanes.map((steps, n) =>
        until(async (turn) => {
          const { app, pause } = steps[turn % steps.length] as Step;
          await sleep(pause);
          await write(people[n] as Person, app);
        }),
      );
      const disturbing = (async () => {
        for (const one of disturbances) await disturb(one);
      })();
      // Whatever fails first ends the run, once the replica is well again.
      const failing = Promise.all([...readers, ...writers]).then(() => undefined);
      try {
        await Promise.race([failing, disturbing]);
      } finally {
        await disturbing;
        isOver = true;
        await failing;
      }
    }),
    Number(process.env['PROPERTY_RUNS'] ?? 3),
    false,
  );
  const writes = people.reduce((sum, { firstName, titles }) => sum + firstName.writes + titles.writes, 0);
  const sent = sentToReplicas();
  process.stdout.write(
    `${reads} reads, ${certain} of them certain, ${writes} writes, ${sent} statements to the replica\n`,
  );
  // Otherwise it shows little: reads that a write overlaps may see either, and those of the primary are right anyway.
  expect(certain).toBeGreaterThan(writes);
  expect(sent).toBeGreaterThan(writes);
});
