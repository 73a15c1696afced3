import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../tests/support/eventually.js';
import { RawSocket } from '../tests/support/raw-socket.js';
import { audit } from './audit.js';
import type { Scenario } from './scenario.js';
import { Writers } from './writers.js';

/** SIGTERM with requests in flight and open sockets. */
export const stopped: Scenario = async (ground) => {
  const service = await ground.service();
  const admin = await service.administrator();
  const sockets = await Promise.all(Array.from({ length: 90 }, () => RawSocket.open(service.url, admin.token)));
  const begun = new Writers(() => service.url, 'stopped', 50);
  await sleep(400);
  const at = performance.now();
  const code = await service.stop('SIGTERM');
  const time = performance.now() - at;
  await begun.stop();
  await eventually(() => sockets.every(({ closed }) => closed !== undefined));
  const scenario = 'SIGTERM under 50 writers and 90 sockets';
  await service.run();
  const counts = await audit(ground, scenario, 'stopped', begun.acknowledged);
  await service.stop('SIGTERM');
  const wrongly = sockets.filter(({ closed }) => closed !== 1001).length;
  return [
    ...counts,
    { scenario, what: 'sockets not closed with 1001', value: wrongly, atMost: 0 },
    { scenario, what: 'exit code', value: code ?? -1, atMost: 0 },
    { scenario, what: 'milliseconds until it ended', value: Math.round(time), atMost: 10_000 },
  ];
};
