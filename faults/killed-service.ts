import { setTimeout as sleep } from 'node:timers/promises';
import { audit } from './audit.js';
import type { Scenario } from './scenario.js';
import { Writers } from './writers.js';

/** kill -9 of the service, again and again, while writers note down what it has acknowledged. */
export const killedService: Scenario = async (ground, size) => {
  const { kills, writers: count, pause } = size;
  const service = await ground.service();
  const writers = new Writers(() => service.url, 'killed', count, pause);
  for (let n = 0; n < kills; n += 1) {
    await writers.acknowledge(count);
    // Then at any moment of the work.
    await sleep(Math.random() * 200);
    await service.stop('SIGKILL');
    await service.run();
  }
  await writers.acknowledge(1);
  await writers.stop();
  return {
    title: `kill -9 of the service, ${kills} times under ${count} writers`,
    counts: await audit(ground, writers, size),
  };
};
