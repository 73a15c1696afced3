import { setTimeout as sleep } from 'node:timers/promises';
import { fastestOf, tryAlone, verified } from './argon2-floor.js';
import { signIns } from './logins.js';
import type { Plan } from './plan.js';
import type { Result } from './report.js';
import type { Trial } from './side.js';
import type { Stage } from './stage.js';
import { interleaved, median } from './statistics.js';
import { clients, crowd } from './throughput.js';

/** How many sign in at once at most. */
const many = 200;

/** Measures the latency of `viewer` for signed-in users while others sign in. */
export async function viewerDuringLogins(stage: Stage, { rounds, seconds }: Plan): Promise<Result> {
  const { service, floor } = stage;
  const p99 = async ({ port, viewer }: { port: number; viewer: Trial }) => (await crowd(port, viewer, seconds)).p99;
  const besides = async (load: Promise<unknown>, measured: Promise<number>) => (await Promise.all([measured, load]))[0];
  const during = (count: number) => besides(signIns(service.port, seconds, count), p99(service));
  const { binding } = fastestOf(await tryAlone(stage, seconds));
  const alone = { binding, concurrency: 1 };
  const measured = await interleaved(rounds, {
    calm: () => p99(service),
    during8: () => during(8),
    during16: () => during(clients),
    waiting: () => whileWaiting(stage, seconds, () => p99(service)),
    floor: () => p99(floor),
    floorBesides: () => besides(verified(stage, alone, seconds), p99(floor)),
  });
  const calm = median(measured.calm);
  const pressed = (values: readonly number[]) =>
    `${median(values).toFixed(1)} ms, ${(median(values) / calm).toFixed(2)}`;
  return {
    scenario: `viewer p99, ${many} sign-ins waiting`,
    floor: `${calm.toFixed(1)} ms`,
    service: `${median(measured.waiting).toFixed(1)} ms`,
    ratio: median(measured.waiting) / calm,
    target: { atMost: 2 },
    notes: [
      `during 8 logins: ${pressed(measured.during8)}; during ${clients}: ${pressed(measured.during16)}`,
      `the floor process besides its own verifications: ${(median(measured.floorBesides) / median(measured.floor)).toFixed(2)}`,
    ],
  };
}

/** Measures once nearly all of 200 sign-ins wait; each that is answered is followed by the next. */
async function whileWaiting<T>({ service }: Stage, seconds: number, measure: () => Promise<T>): Promise<T> {
  const load = signIns(service.port, seconds + 1, many);
  const end = performance.now() + 2000;
  while ((await service.child.ask('waiting')) < many * 0.9 && performance.now() < end) await sleep(50);
  const [measured] = await Promise.all([measure(), load]);
  return measured;
}
