import { fastestOf, tryAlone, verified } from './argon2-floor.js';
import { drive } from './load.js';
import { type Effort, watching } from './measure.js';
import type { Plan } from './plan.js';
import type { Result } from './report.js';
import { loginBody, post } from './requests.js';
import { password, username } from './seed.js';
import type { Stage } from './stage.js';
import { interleaved, medianOf } from './statistics.js';
import { clients } from './throughput.js';

const most = 200;
/** Each client signs in as a different user, none of them the one who queries `viewer`. */
const requests = Array.from({ length: most }, (_, index) => post('/graphql', loginBody(username(index + 2), password)));

/** @param count of clients, at most 200 */
export const signIns = (port: number, seconds: number, count = clients) =>
  drive({
    port,
    requests: requests.slice(0, count),
    seconds,
    isRight: ({ body }) => Buffer.concat(body).includes('"accessToken":"'),
  });

/** The binding that the service falls back to. */
const fallback = 'argon2';

/** Measures sign-ins against hashing alone, their unavoidable cost, by the fastest binding that there is on this machine. */
export async function login(stage: Stage, { rounds, seconds }: Plan): Promise<Result> {
  const tried = await tryAlone(stage, seconds);
  const [fastest, slower] = [fastestOf(tried), fastestOf(tried, fallback)];
  const { child, port } = stage.service;
  const work = {
    fastest: () => verified(stage, fastest, seconds),
    service: () => watching(child, () => signIns(port, seconds)),
    slower: () => verified(stage, slower, seconds),
  };
  await interleaved(1, work);
  const measured = await interleaved(rounds, work);
  const [floor, service, other] = [
    medianRound(measured.fastest),
    medianRound(measured.service),
    medianRound(measured.slower),
  ];
  const byCost = (of: Round) => (of.cost / service.cost).toFixed(2);
  return {
    scenario: 'login',
    floor: `${floor.pace.toFixed(1)}/s`,
    service: `${service.pace.toFixed(1)}/s`,
    ratio: service.pace / floor.pace,
    target: { atLeast: 0.9 },
    notes: [
      `the floor is ${fastest.binding}, the fastest alone, with ${fastest.concurrency} at once; ` +
        `ratio by processor time ${byCost(floor)}: a hash takes ${milliseconds(floor)}, a sign-in ${milliseconds(service)}`,
      `npm ${fallback} alone, with ${slower.concurrency} at once: ${other.pace.toFixed(1)}/s, ${milliseconds(other)}; ` +
        `ratio ${(service.pace / other.pace).toFixed(2)}, by processor time ${byCost(other)} (target ≥ 1.6)`,
      `alone: ${tried.map(({ binding, concurrency, perSecond }) => `${binding} × ${concurrency} ${perSecond.toFixed(1)}/s`).join(', ')}`,
    ],
  };
}

interface Round {
  /** Per second. */
  readonly pace: number;
  /** Processor seconds for each. */
  readonly cost: number;
}

const medianRound = (rounds: readonly ({ readonly perSecond: number } & Effort)[]): Round => ({
  pace: medianOf(rounds, ({ perSecond }) => perSecond),
  cost: medianOf(rounds, ({ perSecond, busy }) => busy / perSecond),
});

const milliseconds = ({ cost }: Round): string => `${(cost * 1000).toFixed(1)} ms`;
