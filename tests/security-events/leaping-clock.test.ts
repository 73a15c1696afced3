import { expect, test } from '@jest/globals';
import { after, days, hours, minutes } from '../../src/clock.js';
import { tendRetention } from '../../src/security-events/chain/retention.js';
import { verifyChain } from '../../src/security-events/chain/verify-chain.js';
import { allPublished, keepingFor, publish, writeEvent } from '../support/events.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';

const sql = ({ app }: Harness) => app.services.database.sql;
const count = async (harness: Harness) =>
  Number((await sql(harness).row<{ count: string }>('select count(*) from security_events'))?.count);

test('while a clock is ahead for less than an hour nothing is dropped', async () => {
  const harness = await Harness.start();
  await publish(harness, 3);
  // The service's own job is over, until the next hour.
  await eventually(() =>
    sql(harness).row("select from jobs where task = 'event-retention' and claimed_until is null and due_at > now()"),
  );
  const before = await count(harness);
  const services = keepingFor(harness, days(400));
  const look = (ahead: number) =>
    tendRetention({ ...services, clock: { now: () => after(harness.clock.now(), ahead) } });
  for (const ahead of [days(600), days(600) + minutes(5), 0, days(600)]) {
    await look(ahead);
    expect(await count(harness)).toBeGreaterThanOrEqual(before);
  }
  await look(days(600) + hours(1));
  expect(await count(harness)).toBe(0);
  await harness.close();
});

test('after a clock was ahead, events are published in order and found by time; the log says what is wrong', async () => {
  const harness = await Harness.start();
  const write = async (mark: number) => {
    await sql(harness).rows(writeEvent, [JSON.stringify({ mark })]);
    await allPublished(harness);
  };
  await write(1);
  harness.clock.advance(days(366));
  await write(2);
  harness.clock.advance(-days(366));
  expect(harness.logged.join('')).not.toContain('clock was ahead');
  await write(3);
  await eventually(() => harness.logged.join('').includes('clock was ahead'));
  expect((await verifyChain(harness.app.services)).fault).toBeNull();
  const since = after(harness.clock.now(), -days(1)).toISOString();
  const { data } = await (await harness.admin()).ask(
    `{ securityEvents(first: 50, filter: { types: [LOGIN_FAILED], since: "${since}" }) { nodes { details } } }`,
  );
  const nodes = data['securityEvents']?.['nodes'] as unknown as { details: { mark: number } }[];
  expect(nodes.map(({ details }) => details.mark)).toEqual([1, 2, 3]);
  await harness.close();
});
