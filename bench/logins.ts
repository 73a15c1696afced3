import { drive } from './load.js';
import { watching } from './measure.js';
import type { Plan } from './plan.js';
import type { Result } from './report.js';
import { loginBody, post } from './requests.js';
import { password, username } from './seed.js';
import type { Trial } from './side.js';
import type { Stage } from './stage.js';
import { interleaved, median, medianOf } from './statistics.js';
import { clients, crowd } from './throughput.js';

/** Each client signs in as a different user, none of them the one who queries `viewer`. */
const requests = Array.from({ length: clients }, (_, index) =>
  post('/graphql', loginBody(username(index + 2), password)),
);

const signIns = (port: number, seconds: number, count = clients) =>
  drive({
    port,
    requests: requests.slice(0, count),
    seconds,
    isRight: ({ body }) => Buffer.concat(body).includes('"accessToken":"'),
  });

/** Measures sign-ins against password hashing alone, which is their unavoidable cost. */
export async function login(stage: Stage, { rounds, seconds }: Plan): Promise<Result> {
  const concurrency = await bestConcurrency(stage, seconds);
  const { child, port } = stage.service;
  const work = {
    floor: () => verify(stage, concurrency, seconds),
    service: () => watching(child, () => signIns(port, seconds)),
  };
  await interleaved(1, work);
  const { floor, service } = await interleaved(rounds, work);
  const [floorPace, pace] = [median(floor), medianOf(service, ({ perSecond }) => perSecond)];
  return {
    scenario: 'login',
    floor: `${floorPace.toFixed(1)}/s`,
    service: `${pace.toFixed(1)}/s`,
    ratio: pace / floorPace,
    target: { atLeast: 0.9 },
    notes: [
      `the floor verifies ${concurrency} at once, its best; ` +
        `the service's core is in use ${Math.round(medianOf(service, ({ busy }) => busy) * 100)} %`,
    ],
  };
}

const verify = ({ floor, passwordHash: hash }: Stage, concurrency: number, seconds: number): Promise<number> =>
  floor.child.ask('verify', { hash, password, concurrency, seconds });

async function bestConcurrency(stage: Stage, seconds: number): Promise<number> {
  const paces = new Map<number, number>();
  for (const concurrency of [1, 2, 4]) paces.set(concurrency, await verify(stage, concurrency, seconds));
  return [...paces].reduce((best, next) => (next[1] > best[1] ? next : best))[0];
}

/** Measures the latency of `viewer` for signed-in users while others sign in. */
export async function viewerDuringLogins(stage: Stage, { rounds, seconds }: Plan): Promise<Result> {
  const { service, floor } = stage;
  const p99 = async ({ port, viewer }: { port: number; viewer: Trial }) => (await crowd(port, viewer, seconds)).p99;
  const besides = async (load: Promise<unknown>, measured: Promise<number>) => (await Promise.all([measured, load]))[0];
  const measured = await interleaved(rounds, {
    floor: () => p99(floor),
    floorBesides: () => besides(verify(stage, 1, seconds), p99(floor)),
    service: () => p99(service),
    serviceBesides: () => besides(signIns(service.port, seconds, 8), p99(service)),
    serviceBesidesMore: () => besides(signIns(service.port, seconds), p99(service)),
  });
  const [calm, pressed, hard] = [
    median(measured.service),
    median(measured.serviceBesides),
    median(measured.serviceBesidesMore),
  ];
  return {
    scenario: 'viewer p99 during 8 logins',
    floor: `${calm.toFixed(1)} ms`,
    service: `${pressed.toFixed(1)} ms`,
    ratio: pressed / calm,
    target: { atMost: 4 },
    notes: [
      `during 16 logins: ${hard.toFixed(1)} ms, ${(hard / calm).toFixed(2)}`,
      `the floor process besides its own verifications: ${(median(measured.floorBesides) / median(measured.floor)).toFixed(2)}`,
    ],
  };
}
