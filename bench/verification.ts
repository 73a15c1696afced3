import pg from 'pg';
import type { Plan } from './plan.js';
import type { Result } from './report.js';
import type { Stage } from './stage.js';
import { median } from './statistics.js';

const events = 100_000;
/** A million events in a minute. */
const target = 1_000_000 / 60;

const insert = `
  insert into security_event_outbox (id, type, occurred_at, ip_address, user_agent, details)
  select gen_random_uuid(), 'USER_UPDATED', clock_timestamp(), '192.0.2.7', 'Mozilla/5.0',
    '{"fields": ["bio"], "changes": {"bio": {"from": "one", "to": "another"}}}' from generate_series(1, $1::int)`;

/** Measures how fast the chain of events is verified. */
export async function verify({ env, service }: Stage, { rounds }: Plan): Promise<Result> {
  const database = new pg.Client(env.DATABASE_URL);
  await database.connect();
  try {
    await database.query(insert, [events]);
    for (let isWaiting = true; isWaiting; ) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      isWaiting = (await database.query('select from security_event_outbox limit 1')).rows.length > 0;
    }
    await database.query('vacuum analyze security_events');
    const paces: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const { verified, seconds } = await service.child.ask('verify');
      if (verified < events) throw new Error(`Only ${verified} events were verified`);
      paces.push(verified / seconds);
    }
    const pace = median(paces);
    return {
      scenario: 'verification of the chain',
      floor: `${Math.round(target)}/s`,
      service: `${Math.round(pace)}/s`,
      ratio: pace / target,
      target: { atLeast: 1 },
      notes: [`a million events would take ${Math.round(1_000_000 / pace)} s; the floor's column has the target`],
    };
  } finally {
    await database.end();
  }
}
