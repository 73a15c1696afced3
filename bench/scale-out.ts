import pg from 'pg';
import { Fleet, leave } from './fleet.js';
import type { Plan } from './plan.js';
import { parentOf, processorTimeOfFamily } from './processor-time.js';
import { hasRedis, type RedisServer, startRedis } from './redis-server.js';
import type { Result } from './report.js';
import { latencies, type Revocations, summaryOf } from './revocation-latency.js';
import { changes, endings, exchanges, lists, reads, signIns, type Trial } from './scale-loads.js';
import type { Stage } from './stage.js';
import { medianOf } from './statistics.js';

/** Fewer connections than by default, so that all processes find room on one server. */
const pool = { DATABASE_POOL_SIZE: '4' };

/**
 * Profiles that are changed, and sessions that are ended, through 1, 2 and 4 processes on one core; and what the other
 * operations cost each part. `docs/scale.md` reckons with these costs.
 */
export const scaleOut = Object.fromEntries(
  [changes, endings, signIns, exchanges, reads, lists].flatMap((trial) =>
    (trial === changes || trial === endings ? [1, 2, 4] : [1]).map((count) => [
      `${trial.name}${count}`,
      (stage: Stage, plan: Plan): Promise<Result> => compare(stage, plan, trial, count),
    ]),
  ),
);

interface Round {
  readonly perSecond: number;
  readonly p99: number;
  readonly statements: number;
  /** Processor milliseconds for each. */
  readonly service: number;
  readonly database: number;
  readonly redis: number;
  readonly revocations: Revocations | undefined;
}

/** Fleets run one after another: the processes of one would wait for those of the other. */
async function compare(stage: Stage, { rounds, seconds }: Plan, trial: Trial, count: number): Promise<Result> {
  await leave(stage.service.child);
  const redis = hasRedis ? await startRedis(stage.serverCore) : undefined;
  const measured: Record<'without' | 'with', Round[]> = { without: [], with: [] };
  try {
    for (let round = 0; round < rounds; round += 1) {
      measured.without.push(await measure(stage, seconds, trial, count));
      if (redis) measured.with.push(await measure(stage, seconds, trial, count, redis));
    }
  } finally {
    await redis?.stop();
  }
  const pace = (all: readonly Round[]) => medianOf(all, ({ perSecond }) => perSecond);
  return {
    scenario: `${trial.name}, ${count} ${count === 1 ? 'process' : 'processes'}, without and with Redis`,
    floor: `${Math.round(pace(measured.without))}/s`,
    service: redis ? `${Math.round(pace(measured.with))}/s` : 'no Redis here',
    ratio: pace(measured.with) / pace(measured.without),
    target: { atLeast: 1 },
    notes: [...notesOf('without', measured.without), ...notesOf('with', measured.with)],
  };
}

function notesOf(side: string, rounds: readonly Round[]): string[] {
  if (rounds.length === 0) return [];
  const of = (name: 'p99' | 'statements' | 'service' | 'database' | 'redis') =>
    medianOf(rounds, (round) => round[name]).toFixed(2);
  const costs = `${of('statements')} statements each, processor time each: service ${of('service')} ms, PostgreSQL ${of('database')} ms, Redis ${of('redis')} ms; p99 ${of('p99')} ms`;
  const latency = summaryOf(rounds.flatMap(({ revocations }) => revocations ?? []));
  return [`${side}: ${costs}`, ...(latency ? [`${side}: ${latency}`] : [])];
}

async function measure(
  stage: Stage,
  seconds: number,
  trial: Trial,
  count: number,
  redis?: RedisServer,
): Promise<Round> {
  const fleet = await Fleet.start(stage, count, redis, pool);
  const database = new pg.Client(stage.env.DATABASE_URL);
  try {
    await database.connect();
    const { rows } = await database.query<{ pid: number }>('select pg_backend_pid() as pid');
    const postmaster = parentOf(rows[0]?.pid ?? 0) ?? 0;
    const read = async () => ({
      service: await fleet.cpu(),
      database: processorTimeOfFamily(postmaster),
      redis: redis?.cpu() ?? 0,
      statements: await fleet.statements(),
    });
    // Compiled code, connections and caches are warm afterwards.
    const run = await trial.prepare(fleet, database);
    await run(seconds / 2);
    const before = await read();
    const paces = await run(seconds);
    const after = await read();
    const perSecond = paces.reduce((sum, pace) => sum + pace.perSecond, 0);
    const each = (name: 'service' | 'database' | 'redis' | 'statements') =>
      (after[name] - before[name]) / (perSecond * seconds);
    return {
      perSecond,
      p99: Math.max(...paces.map(({ p99 }) => p99)),
      statements: each('statements'),
      service: each('service') * 1000,
      database: each('database') * 1000,
      redis: each('redis') * 1000,
      revocations: trial.revokes ? await latencies(fleet) : undefined,
    };
  } finally {
    await database.end();
    await fleet.stop();
  }
}
