import { setTimeout as sleep } from 'node:timers/promises';
import { ask, isServedAgain } from './asking.js';
import type { Scenario } from './scenario.js';

/** A lock that is held elsewhere uses up all connections. */
export const exhaustedPool: Scenario = async (ground) => {
  const service = await ground.service({ DATABASE_POOL_SIZE: '5' });
  const scenario = 'a lock that is held elsewhere, 40 writers on 5 connections';
  const holder = ground.rows(`begin; lock table users in access exclusive mode; select pg_sleep(30); commit`);
  await sleep(500);
  const reasons = new Map<string, number>();
  const at = performance.now();
  await Promise.all(
    Array.from({ length: 40 }, async (_, n) => {
      const reply = await ask(
        service,
        `mutation { login(input: { identifier: "nobody${n}", password: "x" }) { errors { code } } }`,
      );
      reasons.set(reply, (reasons.get(reply) ?? 0) + 1);
    }),
  );
  const time = performance.now() - at;
  await holder;
  const served = await isServedAgain(service);
  await service.stop('SIGTERM');
  const others = [...reasons].filter(([code]) => code !== 'SERVICE_UNAVAILABLE' && code !== 'OPERATION_TIMED_OUT');
  return [
    {
      scenario,
      what: 'answered otherwise than unavailable or timed out',
      value: others.reduce((sum, [, n]) => sum + n, 0),
      atMost: 0,
    },
    { scenario, what: 'milliseconds until all were answered', value: Math.round(time), atMost: 20_000 },
    { scenario, what: 'not served again afterwards', value: served ? 0 : 1, atMost: 0 },
  ];
};
