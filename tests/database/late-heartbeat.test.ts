import { randomUUID } from 'node:crypto';
import { beforeAll, expect, jest, test } from '@jest/globals';
import type { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';
import { withoutSignals } from '../support/signals.js';
import { standStill } from '../support/stall.js';

let harness: Harness;
let admin: Client;
beforeAll(async () => {
  harness = await Harness.start();
  admin = await harness.admin();
  await harness.app.services.database.sql.rows(
    `insert into roles (id, name, level, created_at, updated_at)
     select gen_random_uuid(), 'role ' || n, 1, now(), now() from generate_series(1, 40) n`,
  );
  await eventually(async () => Number((await admin.ask('{ roles { id } }')).data['roles']?.['length']) === 42);
});

const ways = 100;
/** Each role's permissions are read by their own resolver. */
const query = `{ ${Array.from({ length: 3 }, (_, n) => `a${n}: roles { name permissions { name } }`).join(' ')} viewer { id } posts(published: true) { totalCount } }`;

/** Number of statements that read cached data, by kind of data. */
async function readings(work: () => Promise<unknown>): Promise<Record<'roles' | 'sessions' | 'posts', number>> {
  const { sql } = harness.app.services.database;
  const sent = jest.spyOn(sql, 'rows');
  try {
    await work();
    const count = (kind: RegExp) => sent.mock.calls.filter(([text]) => kind.test(text)).length;
    return {
      roles: count(/from roles r where r.deleted_at is null/),
      sessions: count(/from sessions s join users/),
      posts: count(/from posts/),
    };
  } finally {
    sent.mockRestore();
  }
}

const crowd = async () => {
  const answers = await Promise.all(Array.from({ length: ways }, () => admin.ask(query)));
  expect(answers.flatMap(({ codes }) => codes)).toEqual([]);
};

test('after the event loop has stood still nothing is read again: one heartbeat out of turn tells that memory holds', async () => {
  await crowd();
  await eventually(() => harness.app.services.signals.isListening);
  const counts = await readings(async () => {
    const asked = crowd();
    // All requests have been sent, and arrive when the heartbeat is a second late.
    await new Promise((resolve) => setImmediate(resolve));
    standStill(1200);
    expect(harness.app.services.signals.isListening).toBe(false);
    await asked;
  });
  // None, or a single shared read if the machine is too busy for the heartbeat to arrive in time.
  expect(Math.max(...Object.values(counts))).toBeLessThan(5);
});

test('while signals cannot be heard a crowd reads roles, its session and posts together and not each for itself', async () => {
  const restore = await withoutSignals(harness.app);
  const counts = await readings(crowd);
  await restore();
  // At most one read after another while the requests run, not one for each of 100 operations or 12,600 resolvers.
  expect(counts.roles).toBeGreaterThan(0);
  expect(counts.roles).toBeLessThan(ways);
  expect(counts.sessions).toBeLessThan(ways / 2);
  expect(counts.posts).toBeLessThan(ways / 2);
});

test('what a crowd reads together is never older than the question', async () => {
  const restore = await withoutSignals(harness.app);
  const { roleCatalogue, database } = harness.app.services;
  for (let round = 0; round < 20; round += 1) {
    const reading = roleCatalogue.current();
    const name = `late ${randomUUID().slice(0, 8)}`;
    await database.sql.rows(
      'insert into roles (id, name, level, created_at, updated_at) values (gen_random_uuid(), $1, 1, now(), now())',
      [name],
    );
    expect((await roleCatalogue.current()).roles.map((role) => role.name)).toContain(name);
    await reading;
  }
  await restore();
});
