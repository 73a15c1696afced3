import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../tests/support/eventually.js';
import { ResumingReader } from '../tests/support/resuming-reader.js';
import { isAnswered, isServedAgain } from './asking.js';
import { audit } from './audit.js';
import { type Count, holds, none } from './count.js';
import type { Ground } from './ground.js';
import { compare, newestCursor } from './received.js';
import type { Scenario } from './scenario.js';
import { Writers } from './writers.js';

/**
 * The file system of the embedded database becomes full under writers: at first tables cannot grow, then PostgreSQL
 * cannot write its own log, and ends. Another one, for the service's log, is full from the start. Then both have room
 * again.
 */
export const fullDisk: Scenario = async (ground, size) => {
  const { writers: count, pause, slowness } = size;
  const [data, own] = [await ground.volume('data', 256), await ground.volume('own', 1)];
  await own.fill();
  const log = join(own.directory, 'log');
  const service = await ground.serviceWithDatabase(data, { LOG_FILE: log });
  const admin = await service.administrator();
  const after = await newestCursor(admin);
  const reader = new ResumingReader(() => [service.url], String(admin.token), after);
  const writers = new Writers(() => service.url, 'disk', count, pause);
  await writers.acknowledge(count);
  await data.fill();
  await refused(writers, 2 * count);
  // PostgreSQL may have ended already, where its log was near the end of a file.
  const isRead = (await isAnswered(service)) || !(await isThere(ground));
  const hasEnded = await endDatabase(ground);
  await sleep(1000);
  await Promise.all([data.makeRoom(), own.makeRoom()]);
  await databaseReturns(ground);
  const isServed = await isServedAgain(service, slowness);
  await writers.acknowledge(count);
  await writers.stop();
  const counts = [
    ...(await audit(ground, writers, size)),
    ...(await compare(ground, [{ reader, condition: 'true', values: [] }], after)),
  ];
  await reader.stop();
  // The service logs at least that it stops.
  await service.stop('SIGTERM');
  return {
    title: `a full disk under ${count} writers`,
    counts: [
      ...counts,
      { what: 'PostgreSQL ended', value: hasEnded ? 1 : 0 },
      ...refusalsOf(writers),
      holds('reads not answered while tables could not grow', isRead),
      holds('not served again by the same process in time', isServed),
      holds('log not written afterwards', await isFilled(log)),
    ],
  };
};

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, n) => total + n, 0);

/** Waits until that many writers were refused, for up to a minute. */
async function refused({ refusals }: Writers, count: number): Promise<void> {
  await eventually(() => sum(refusals.values()) >= count, 60_000);
}

/** While it is without its database, a service may refuse with these codes alone. */
function refusalsOf({ refusals }: Writers): Count[] {
  const all = sum(refusals.values());
  const right = (refusals.get('SERVICE_UNAVAILABLE') ?? 0) + (refusals.get('OPERATION_TIMED_OUT') ?? 0);
  return [
    { what: 'mutations refused', value: all },
    none('refused otherwise than unavailable or timed out', all - right),
  ];
}

/** Asks PostgreSQL for new files of its log, until it cannot make one and ends. Now and then it only refuses. */
async function endDatabase(ground: Ground): Promise<boolean> {
  const isGone = () =>
    ground.rows('select pg_switch_wal()').then(
      () => false,
      (error: { code?: string }) => error.code === 'ECONNREFUSED',
    );
  return eventually(isGone, 10_000, 100).catch(() => false);
}

const isThere = (ground: Ground): Promise<boolean> =>
  ground.rows('select 1').then(
    () => true,
    () => false,
  );

/** The service waits for up to 30 seconds between two attempts to start it. */
async function databaseReturns(ground: Ground): Promise<void> {
  await eventually(() => isThere(ground), 120_000, 100);
}

const isFilled = (file: string): Promise<boolean> =>
  stat(file).then(
    ({ size }) => size > 0,
    () => false,
  );
