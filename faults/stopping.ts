import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../tests/support/eventually.js';
import { RawSocket } from '../tests/support/raw-socket.js';
import { audit } from './audit.js';
import { none } from './count.js';
import type { Scenario } from './scenario.js';
import { Writers } from './writers.js';

/** Longest time in which the service has to end, in milliseconds. */
const longestStop = 10_000;

/** SIGTERM with requests in flight and open sockets. */
export const stopped: Scenario = async (ground, size) => {
  const { slowness } = size;
  const service = await ground.service();
  const admin = await service.administrator();
  const sockets = await Promise.all(Array.from({ length: 100 }, () => RawSocket.open(service.url, admin.token)));
  const writers = new Writers(() => service.url, 'stopped', 50, 0);
  await sleep(400);
  const at = performance.now();
  const code = await service.stop('SIGTERM');
  const time = performance.now() - at;
  await writers.stop();
  await eventually(() => sockets.every(({ closed }) => closed !== undefined));
  await service.run();
  const wrongly = sockets.filter(({ closed }) => closed !== 1001).length;
  return {
    title: `SIGTERM under ${writers.count} writers and ${sockets.length} sockets`,
    counts: [
      ...(await audit(ground, writers, size)),
      none('sockets not closed with 1001', wrongly),
      none('exit code', code ?? -1),
      { what: 'milliseconds until it ended', value: Math.round(time), atMost: longestStop * slowness },
    ],
  };
};
