import { setTimeout as sleep } from 'node:timers/promises';
import { isServedAgain } from './asking.js';
import { audit } from './audit.js';
import type { Scenario } from './scenario.js';
import { Writers } from './writers.js';

/** kill -9 and a restart of PostgreSQL under load. */
export const killedDatabase: Scenario = async (ground, { kills, writers: count }) => {
  const service = await ground.service();
  const writers = new Writers(() => service.url, 'outage', count);
  const times = Math.ceil(kills / 4);
  let late = 0;
  for (let n = 0; n < times; n += 1) {
    await sleep(1000);
    if (n % 2 === 0) await ground.killDatabase();
    else await ground.stopDatabase();
    await sleep(500);
    await ground.startDatabase();
    if (!(await isServedAgain(service))) late += 1;
  }
  await writers.stop();
  const scenario = `PostgreSQL killed or restarted, ${times} times under ${count} writers`;
  const counts = await audit(ground, scenario, 'outage', writers.acknowledged);
  await service.stop('SIGTERM');
  return [...counts, { scenario, what: 'not served again by the same process within 5 s', value: late, atMost: 0 }];
};
