import { eventually } from '../tests/support/eventually.js';
import { ask, isServedAgain } from './asking.js';
import { holds, none } from './count.js';
import type { Ground } from './ground.js';
import type { Scenario } from './scenario.js';

const lock = 'begin; lock table users in access exclusive mode; select pg_sleep(600)';
const locked = `select l.pid from pg_locks l
  where l.relation = 'users'::regclass and l.mode = 'AccessExclusiveLock' and l.granted`;
/** Longest time until everybody has an answer, in milliseconds. */
const longestAnswer = 20_000;

/** A lock that is held elsewhere uses up all connections. */
export const exhaustedPool: Scenario = async (ground, { slowness }) => {
  const service = await ground.service({ DATABASE_POOL_SIZE: '5' });
  const release = await holdLock(ground);
  const at = performance.now();
  const replies = await Promise.all(
    Array.from({ length: 40 }, (_, n) =>
      ask(service, `mutation { login(input: { identifier: "nobody${n}", password: "x" }) { errors { code } } }`),
    ),
  );
  const time = performance.now() - at;
  await release();
  const served = await isServedAgain(service, slowness);
  const others = replies.filter((code) => code !== 'SERVICE_UNAVAILABLE' && code !== 'OPERATION_TIMED_OUT');
  return {
    title: 'a lock that is held elsewhere, 40 writers on 5 connections',
    counts: [
      none('answered otherwise than unavailable or timed out', others.length),
      { what: 'milliseconds until all were answered', value: Math.round(time), atMost: longestAnswer * slowness },
      holds('not served again afterwards', served),
    ],
  };
};

/** Locks the table of accounts for longer than any limit. @returns what ends the lock */
async function holdLock(ground: Ground): Promise<() => Promise<void>> {
  const holder = ground.rows(lock).catch(() => undefined);
  const [{ pid } = {}] = await eventually(
    async () => {
      const rows = await ground.rows<{ pid: number }>(locked);
      return rows.length > 0 && rows;
    },
    60_000,
    100,
  );
  return async () => {
    await ground.rows('select pg_terminate_backend($1)', [pid]);
    await holder;
  };
}
