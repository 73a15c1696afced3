import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Audience } from '../support/audience.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';
import { recordStatements } from '../support/sent-statements.js';

const query = 'subscription { securityEvents { cursor type occurredAt actorName subjectName details } }';
const insert = `insert into security_event_outbox (id, type, occurred_at, actor_id, details)
  select gen_random_uuid(), 'LOGIN_FAILED', now(), id, $1 from users where username = 'root.admin'`;
const sizes = [1, 100, 1000];
const tries = 5;

let harness: Harness;
let audience: Audience;
beforeAll(async () => {
  harness = await Harness.start({ HASHING_QUEUE: '1000' });
  audience = new Audience(harness, query);
});
afterAll(async () => {
  audience.close();
  await harness.close();
});

let mark = 0;
/** Publishes an event and resolves when every stream has received it. */
async function tellOne(atMost?: number): Promise<void> {
  mark += 1;
  await harness.app.services.database.sql.rows(insert, [JSON.stringify({ mark })]);
  await eventually(() => audience.heard(mark) === audience.size, atMost);
}

/** Publishes events until one reaches all streams: a new stream begins a moment after it was asked for. */
async function begun(): Promise<void> {
  await eventually(
    () =>
      tellOne(2000).then(
        () => true,
        () => false,
      ),
    60_000,
  );
  audience.clear();
}

test('an event costs as many statements for a thousand subscribers as for one', async () => {
  const counts: number[] = [];
  for (const size of sizes) {
    await audience.growTo(size);
    await begun();
    const { texts, stop } = recordStatements(harness.app);
    const found: number[] = [];
    for (let n = 0; n < tries; n += 1) {
      texts.length = 0;
      await tellOne();
      found.push(texts.length);
    }
    stop();
    // The lowest of several, because jobs add some.
    counts.push(Math.min(...found));
  }
  expect(counts).toEqual(Array(sizes.length).fill(counts[0]));
  expect(counts[0]).toBeLessThanOrEqual(4);
}, 120_000);
