import pg from 'pg';
import { begun, insertEvent } from './fan-out.js';
import { drive } from './load.js';
import type { Plan } from './plan.js';
import type { Result } from './report.js';
import type { Stage } from './stage.js';
import { interleaved, medianOf } from './statistics.js';
import { Listeners, tokensFor } from './streams.js';

const streams = 1000;
/** Milliseconds between two events. */
const pause = 100;
const query = 'subscription { securityEvents { cursor type occurredAt actorId subjectId ipAddress device details } }';

/** Compares the latency of one client's `viewer` while 1,000 streams are told events with that before there are any. */
export async function quietViewer({ env, service }: Stage, { rounds, seconds }: Plan): Promise<Result> {
  const database = new pg.Client(env.DATABASE_URL);
  await database.connect();
  const listeners = new Listeners();
  const { port, viewer } = service;
  const isRight = ({ length }: { readonly length: number }) => length === viewer.length;
  const ask = () => drive({ port, requests: [viewer.request], seconds, isRight });
  try {
    await database.query('update users set is_admin = true');
    await interleaved(1, { ask });
    const { ask: quiet } = await interleaved(rounds, { ask });
    const tell = () => database.query(insertEvent);
    await listeners.open({ port, path: '/graphql', tokens: await tokensFor(port, streams), query }, streams);
    await begun(listeners, tell);
    let told = 0;
    let last: Promise<unknown> = Promise.resolve();
    const telling = setInterval(() => {
      told += 1;
      last = tell();
    }, pause);
    const { ask: loaded } = await interleaved(rounds, { ask });
    clearInterval(telling);
    await last;
    const [p99, p99Before] = [loaded, quiet].map((each) => medianOf(each, (round) => round.p99));
    const [p50, p50Before] = [loaded, quiet].map((each) => medianOf(each, (round) => round.p50));
    const both = (one = 0, other = 0) => `${one.toFixed(1)}, ${other.toFixed(1)} ms`;
    return {
      scenario: `viewer p99 while ${streams} streams are told events`,
      floor: both(p50Before, p99Before),
      service: both(p50, p99),
      ratio: (p99 ?? 0) / (p99Before ?? 1),
      // Ours: telling an event is interrupted every few milliseconds, but takes the core for a while.
      target: { atMost: 10 },
      notes: [
        `p50 and p99 of one client; ${told} events, one every ${pause} ms; before there were streams in the floor's column`,
      ],
    };
  } finally {
    listeners.close();
    await database.end();
  }
}
