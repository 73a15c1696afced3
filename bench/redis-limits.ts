import type { Child } from './child.js';
import { Fleet } from './fleet.js';
import { drive } from './load.js';
import type { Plan } from './plan.js';
import { type RedisServer, startRedis } from './redis-server.js';
import type { Result } from './report.js';
import { loginBody, post, viewerQuery } from './requests.js';
import { password, username } from './seed.js';
import type { ServiceCalls } from './service.js';
import { tried } from './side.js';
import type { Stage } from './stage.js';
import { interleaved, medianOf } from './statistics.js';
import { clients } from './throughput.js';

/** A mutation with a limit per caller that does nothing else: nobody has this session. */
const limited = `mutation { revokeSession(input: { sessionId: "00000000-0000-4000-8000-000000000000" }) { errors { code } } }`;

export const limitedMutation = (stage: Stage, plan: Plan): Promise<Result> =>
  redisLimits(stage, plan, { name: 'limited mutation, one process', query: limited, processes: 1 });
export const limitedMutations = (stage: Stage, plan: Plan): Promise<Result> =>
  redisLimits(stage, plan, { name: 'limited mutation, two processes', query: limited, processes: 2 });
export const viewerWithRedis = (stage: Stage, plan: Plan): Promise<Result> =>
  redisLimits(stage, plan, { name: 'viewer, one process', query: viewerQuery, processes: 1 });

interface Trial {
  readonly name: string;
  readonly query: string;
  readonly processes: number;
}

/** Compares processes that count in Redis with processes that count in PostgreSQL. Each client is a caller of its own. */
async function redisLimits(stage: Stage, { rounds, seconds }: Plan, trial: Trial): Promise<Result> {
  const redis = await startRedis(stage.serverCore);
  const fleets: Fleet[] = [];
  try {
    const start = async (counting?: RedisServer) => {
      const fleet = await Fleet.start(stage, trial.processes, counting);
      fleets.push(fleet);
      return fleet.children;
    };
    const sides = { without: await start(), with: await start(redis) };
    const tokens = await Promise.all(Array.from({ length: clients }, (_, n) => signIn(stage, username(n + 2))));
    const requests = tokens.map((token) => post('/graphql', { query: trial.query }, token));
    const work = {
      floor: () => measure(sides.without, requests, seconds),
      service: () => measure(sides.with, requests, seconds),
    };
    await interleaved(1, work);
    const { floor, service } = await interleaved(rounds, work);
    const [before, after] = [floor, service].map((all) => medianOf(all, ({ perSecond }) => perSecond)) as [
      number,
      number,
    ];
    const notes = [floor, service].map((all, side) => {
      const of = (name: 'statements' | 'p50' | 'p99' | 'cost', digits = 2) =>
        medianOf(all, (round) => round[name]).toFixed(digits);
      const where = side === 0 ? 'PostgreSQL counts' : 'Redis counts';
      return `${where}: ${of('statements')} statements an operation, p50 ${of('p50')} ms, p99 ${of('p99')} ms, ${of('cost')} ms of processor time in the service`;
    });
    const failures = await Promise.all(sides.with.map((child) => child.ask('redisFailures')));
    notes.push(`failures of Redis: ${failures.flat().join(', ') || 'none'}`);
    return {
      scenario: `with Redis: ${trial.name}`,
      floor: `${Math.round(before)}/s`,
      service: `${Math.round(after)}/s`,
      ratio: after / before,
      target: { atLeast: 1 },
      notes,
    };
  } finally {
    for (const fleet of fleets) await fleet.stop();
    await redis.stop();
  }
}

async function measure(children: readonly Child<ServiceCalls>[], requests: readonly Buffer[], seconds: number) {
  const read = async () => {
    const all = await Promise.all(
      children.map(async (child) => [await child.ask('statements'), (await child.usage()).cpu] as const),
    );
    return all.reduce(([sent, cpu], [more, also]) => [sent + more, cpu + also] as const);
  };
  const [sentBefore, cpuBefore] = await read();
  const share = Math.ceil(requests.length / children.length);
  const paces = await Promise.all(
    children.map(async (child, place) =>
      drive({
        port: await child.ask('port'),
        requests: requests.slice(place * share, (place + 1) * share),
        seconds,
        isRight: ({ status }) => status === 200,
      }),
    ),
  );
  const [sentAfter, cpuAfter] = await read();
  const perSecond = paces.reduce((sum, pace) => sum + pace.perSecond, 0);
  const done = perSecond * seconds;
  return {
    perSecond,
    p50: medianOf(paces, ({ p50 }) => p50),
    p99: Math.max(...paces.map(({ p99 }) => p99)),
    statements: (sentAfter - sentBefore) / done,
    cost: ((cpuAfter - cpuBefore) / done) * 1000,
  };
}

async function signIn({ service }: Stage, who: string): Promise<string> {
  const { answer } = await tried(service.port, post('/graphql', loginBody(who, password)));
  return (answer as { data: { login: { result: { accessToken: string } } } }).data.login.result.accessToken;
}
