import { setTimeout as sleep } from 'node:timers/promises';
import type { Measured } from './child.js';
import type { Result } from './report.js';
import type { Stage } from './stage.js';

const pause = 1000; // ms, for connections to close and answers to end

const resident = async ({ child }: { child: Measured }): Promise<number> => (await child.usage()).memory;

/** Compares resident memory after all other scenarios; the floor has done the same work as the service. */
export async function memory({ floor, service }: Stage): Promise<Result> {
  await sleep(pause);
  const [least, ours] = [await resident(floor), await resident(service)];
  const inMegabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;
  return {
    scenario: 'memory after all of it',
    floor: inMegabytes(least),
    service: inMegabytes(ours),
    ratio: ours / least,
    target: { atMost: 1.3 },
    notes: [],
  };
}
