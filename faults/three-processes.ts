import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../tests/support/eventually.js';
import { ResumingReader } from '../tests/support/resuming-reader.js';
import { audit } from './audit.js';
import type { Ground } from './ground.js';
import { compare, newestEvent } from './received.js';
import type { Scenario } from './scenario.js';
import type { Service } from './service.js';
import { Writers } from './writers.js';

/** Three processes: one is killed, one stands still for three seconds, one loses its LISTEN connection. */
export const threeProcesses: Scenario = async (ground, { kills, writers: count }) => {
  const services = [await ground.service(), await ground.service(), await ground.service()] as const;
  const up = new Set<Service>(services);
  const anyUp = () => [...up][Math.floor(Math.random() * up.size)]?.url ?? services[0].url;
  const admin = await services[0].administrator();
  const newest = await newestEvent(admin);
  const reader = new ResumingReader(() => [...up].map(({ url }) => url), String(admin.token), newest.cursor);
  const writers = new Writers(anyUp, 'three', count);
  const times = Math.ceil(kills / 4);
  for (let n = 0; n < times; n += 1) {
    const victim = services[n % services.length] as Service;
    up.delete(victim);
    await [kill, freeze, deafen][n % 3]?.(ground, victim);
    up.add(victim);
    reader.cut();
    await sleep(500);
  }
  await writers.stop();
  const scenario = `three processes: killed, frozen or deaf, ${times} times under ${count} writers`;
  const counts = await audit(ground, scenario, 'three', writers.acknowledged);
  counts.push(...(await compare(ground, scenario, reader, newest.id)));
  await reader.stop();
  for (const service of services) await service.stop('SIGTERM');
  return counts;
};

async function kill(_ground: Ground, service: Service): Promise<void> {
  await service.stop('SIGKILL');
  await service.run();
}

async function freeze(_ground: Ground, service: Service): Promise<void> {
  service.signal('SIGSTOP');
  await sleep(3000);
  service.signal('SIGCONT');
  await eventually(() => service.isReady(), 30_000);
}

async function deafen(ground: Ground): Promise<void> {
  await ground.rows(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'gatehouse-listening'`,
  );
  await sleep(1000);
}
