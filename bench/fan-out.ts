import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { Child } from './child.js';
import { watching } from './measure.js';
import type { Plan } from './plan.js';
import type { Result } from './report.js';
import type { SocketFloorCalls } from './socket-floor.js';
import type { Stage } from './stage.js';
import { interleaved, medianOf } from './statistics.js';
import { Listeners, tokensFor } from './streams.js';

const sockets = 1000;
const eventsPerRound = 20;
/** Events that are told at once. */
const burst = 20;
const query = 'subscription { securityEvents { cursor type occurredAt actorId subjectId ipAddress device details } }';
/** Two statements of one transaction: what another process would write, and what it would tell the one that publishes. */
export const insertEvent = `insert into security_event_outbox (id, type, occurred_at, ip_address, user_agent, details)
  values (gen_random_uuid(), 'LOGIN_FAILED', clock_timestamp(), '192.0.2.7', 'Mozilla/5.0', '{"passwordProved": false}');
  select gatehouse_tell('event')`;

/** Compares telling one event to 1,000 sockets with sending the same bytes to 1,000 sockets, and nothing else. */
export async function fanOut(stage: Stage, plan: Plan): Promise<Result> {
  const database = new pg.Client(stage.env.DATABASE_URL);
  await database.connect();
  await database.query('update users set is_admin = true');
  const floor = await Child.start<SocketFloorCalls>('socket-floor', stage.serverCore, {});
  const [told, sent] = [new Listeners(), new Listeners()];
  try {
    const { port, child } = stage.service;
    const opening = { port, path: '/graphql', tokens: await tokensFor(port, sockets), query };
    const tell = () => database.query(insertEvent);
    const statements = [];
    for (const count of [1, 100, sockets]) {
      await told.open(opening, count - told.sockets.length);
      statements.push(await statementsPerEvent(stage, told, tell));
    }
    await sent.open({ port: await floor.ask('port'), path: '/', tokens: [], query: '' }, sockets);
    const text = told.last;
    const send = () => floor.ask('broadcast', text);
    const work = {
      floor: () => watching(floor, () => repeated(sent, send)),
      service: () => watching(child, () => repeated(told, tell)),
      floorAtOnce: () => watching(floor, () => atOnce(sent, send)),
      serviceAtOnce: () => watching(child, () => atOnce(told, tell)),
    };
    await interleaved(1, work);
    const measured = await interleaved(plan.rounds, work);
    const idle = await watching(child, async () => sleep(2000, {}));
    const [least, ours] = [cost(measured.floor), cost(measured.service)];
    const [leastAtOnce, oursAtOnce] = [cost(measured.floorAtOnce), cost(measured.serviceAtOnce)];
    const atOnceRatio = pace(measured.serviceAtOnce) / pace(measured.floorAtOnce);
    return {
      scenario: `one event to ${sockets} sockets`,
      floor: `${pace(measured.floor).toFixed(1)}/s`,
      service: `${pace(measured.service).toFixed(1)}/s`,
      ratio: pace(measured.service) / pace(measured.floor),
      target: { atLeast: 0.5 },
      notes: [
        `processor time per event: floor ${least.toFixed(1)} ms, service ${ours.toFixed(1)} ms; ratio ${(least / ours).toFixed(2)}`,
        `${burst} events at once: ${pace(measured.serviceAtOnce).toFixed(1)}/s, ratio ${atOnceRatio.toFixed(2)}; processor time: floor ${leastAtOnce.toFixed(1)} ms, service ${oursAtOnce.toFixed(1)} ms, ratio ${(leastAtOnce / oursAtOnce).toFixed(2)}`,
        `without events the service uses ${(idle.busy * 1000).toFixed(0)} ms of processor time a second, which is in the above`,
        `a message has ${text.length} bytes; events are told one after another, each from its insertion to the last socket`,
        `SQL statements per event with 1, 100 and ${sockets} subscribers: ${statements.join(', ')}`,
      ],
    };
  } finally {
    for (const listeners of [told, sent]) listeners.close();
    await floor.stop();
    await database.end();
  }
}

/** @returns events per second, each told to all sockets before the next */
async function repeated(listeners: Listeners, tell: () => Promise<unknown>): Promise<{ perSecond: number }> {
  const start = performance.now();
  for (let n = 0; n < eventsPerRound; n += 1) {
    const arrived = listeners.expect(listeners.sockets.length);
    await tell();
    await arrived;
  }
  return { perSecond: (eventsPerRound / (performance.now() - start)) * 1000 };
}

/** @returns events per second, when several are on their way together */
async function atOnce(listeners: Listeners, tell: () => Promise<unknown>): Promise<{ perSecond: number }> {
  const start = performance.now();
  const arrived = listeners.expect(listeners.sockets.length * burst);
  for (let n = 0; n < burst; n += 1) await tell();
  await arrived;
  return { perSecond: (burst / (performance.now() - start)) * 1000 };
}

const pace = (rounds: readonly { perSecond: number }[]) => medianOf(rounds, ({ perSecond }) => perSecond);
/** @returns milliseconds of processor time per event */
const cost = (rounds: readonly { perSecond: number; busy: number }[]) =>
  medianOf(rounds, ({ busy, perSecond }) => (busy / perSecond) * 1000);

/** The lowest of several, because background work adds some. */
async function statementsPerEvent(stage: Stage, listeners: Listeners, tell: () => Promise<unknown>): Promise<number> {
  await begun(listeners, tell);
  const counts: number[] = [];
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const before = await stage.service.child.ask('statements');
    const arrived = listeners.expect(listeners.sockets.length);
    await tell();
    await arrived;
    counts.push((await stage.service.child.ask('statements')) - before);
  }
  return Math.min(...counts);
}

/** A stream begins a moment after it was asked for: tells events until one has reached all. */
export async function begun(listeners: Listeners, tell: () => Promise<unknown>): Promise<void> {
  for (let all = false; !all; ) {
    const arrived = listeners.expect(listeners.sockets.length).then(() => true);
    await tell();
    all = await Promise.race([arrived, new Promise<boolean>((resolve) => setTimeout(resolve, 2000, false))]);
  }
}
