import pg from 'pg';
import { Child } from './child.js';
import { begun, insertEvent } from './fan-out.js';
import type { Plan } from './plan.js';
import type { Result } from './report.js';
import type { ServiceCalls } from './service.js';
import type { Stage } from './stage.js';
import { Listeners } from './streams.js';

const eventsPerRound = 60;
const query = 'subscription { securityEvents { cursor type occurredAt } }';

/** Measures the time from the commit of an event until a subscriber of another process has received it. */
export async function delivery(stage: Stage, plan: Plan): Promise<Result> {
  // Tokens name their issuer, which is the address of the first process.
  const env = { ...stage.env, PUBLIC_URL: `http://localhost:${stage.service.port}` };
  const other = await Child.start<ServiceCalls>('service', stage.serverCore, env);
  const database = new pg.Client(stage.env.DATABASE_URL);
  const listeners = new Listeners();
  try {
    await database.connect();
    await listeners.open({ port: await other.ask('port'), path: '/graphql', tokens: [stage.token], query }, 1);
    await begun(listeners, () => database.query(insertEvent));
    const times = [];
    for (let n = 0; n < eventsPerRound * plan.rounds; n += 1) {
      const arrived = listeners.expect(1).then(() => performance.now());
      await database.query(insertEvent);
      const committed = performance.now();
      const time = (await arrived) - committed;
      times.push(time);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    times.sort((one, another) => one - another);
    const [median = 0, late = 0] = [times[Math.floor(times.length / 2)], times[Math.floor(times.length * 0.99)]];
    return {
      scenario: 'committed → received in another process',
      floor: `p50 ${median.toFixed(1)} ms`,
      service: `p99 ${late.toFixed(1)} ms`,
      ratio: late / median,
      target: { atMost: 10 },
      notes: [`${times.length} events, 10 ms apart; the ratio is p99 ÷ p50`],
    };
  } finally {
    listeners.close();
    await database.end();
    await other.stop();
  }
}
