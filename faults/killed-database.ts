import { setTimeout as sleep } from 'node:timers/promises';
import { isServedAgain } from './asking.js';
import { audit } from './audit.js';
import { none } from './count.js';
import type { Scenario } from './scenario.js';
import { Writers } from './writers.js';

/** kill -9 and a restart of PostgreSQL under load. */
export const killedDatabase: Scenario = async (ground, size) => {
  const { kills, writers: count, pause, slowness } = size;
  const service = await ground.service();
  const writers = new Writers(() => service.url, 'outage', count, pause);
  const times = Math.max(2, Math.ceil(kills / 4));
  let late = 0;
  for (let n = 0; n < times; n += 1) {
    await writers.acknowledge(count);
    await sleep(Math.random() * 200);
    if (n % 2 === 0) await ground.killDatabase();
    else await ground.stopDatabase();
    await sleep(500);
    await ground.startDatabase();
    if (!(await isServedAgain(service, slowness))) late += 1;
  }
  await writers.stop();
  return {
    title: `PostgreSQL killed or restarted, ${times} times under ${count} writers`,
    counts: [...(await audit(ground, writers, size)), none('not served again by the same process in time', late)],
  };
};
