import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import WebSocket from 'ws';
import { createGatehouse, type Gatehouse } from '../../client/gatehouse.js';
import { operation, signInTo, whoAmI } from '../support/apps.js';
import { Balancer } from '../support/balancer.js';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import { cloneDatabase } from '../support/postgres.js';
import { ServiceProcess } from '../support/service-process.js';

const rename = operation<{ updateProfile: { errors: unknown[] } }, { location: string }>(
  'mutation Rename($location: String) { updateProfile(input: { location: $location }) { errors { code } } }',
);
const changes = operation<
  { securityEvents: { cursor: string; details: { changes?: { location?: { to: string } } } } },
  { after?: string }
>(
  'subscription ($after: String) { securityEvents(after: $after, filter: { types: [USER_UPDATED] }) { cursor details } }',
);

let balancer: Balancer;
let gatehouse: Gatehouse;
let database: Awaited<ReturnType<typeof cloneDatabase>>;
const running = new Set<ServiceProcess>();

/** Starts a process and takes it in once it is ready, as a deployment does. */
async function begin(): Promise<ServiceProcess> {
  const more = { DATABASE_URL: database.url, PUBLIC_URL: balancer.url, PORT: String(await freePort()) };
  const service = await ServiceProcess.start(more);
  running.add(service);
  await eventually(async () => (await fetch(`${service.url}/health/ready`)).ok);
  balancer.add(service.url);
  return service;
}

/** Takes a process out before it is told to stop. */
async function end(service: ServiceProcess): Promise<void> {
  await balancer.remove(service.url);
  await service.stop();
  running.delete(service);
}

beforeAll(async () => {
  database = await cloneDatabase();
  balancer = await Balancer.start(await freePort());
}, 60_000);
afterAll(async () => {
  await gatehouse.close();
  for (const service of running) await service.stop();
  await balancer.close();
  await database.drop();
});

test('replacing every process answers every request, and a stream misses nothing', async () => {
  const old = [await begin(), await begin()];
  const webSocket = WebSocket as never;
  gatehouse = createGatehouse({ url: `${balancer.url}/graphql`, refreshToken: 'memory', webSocket });
  await signInTo(gatehouse, 'root.admin');
  const heard: (string | undefined)[] = [];
  void (async () => {
    for await (const { securityEvents } of gatehouse.follow(changes, {}))
      heard.push(securityEvents.details.changes?.location?.to);
  })().catch(() => undefined);

  const failures: unknown[] = [];
  const written: string[] = [];
  let isOver = false;
  const reading = (async () => {
    for (; !isOver; await sleep(5)) await gatehouse.request(whoAmI, {}).catch((error) => failures.push(error));
  })();
  const write = async (location: string) => {
    const { updateProfile } = await gatehouse.request(rename, { location });
    failures.push(...updateProfile.errors);
    written.push(location);
  };
  // The stream has begun once it tells of a change.
  await eventually(async () => {
    await write(`place ${written.length}`);
    return heard.length > 0;
  });
  const writing = (async () => {
    for (let n = 1000; !isOver; n += 1, await sleep(20))
      await write(`place ${n}`).catch((error) => failures.push(error));
  })();
  for (const service of old) {
    await begin();
    await end(service);
  }
  isOver = true;
  await Promise.all([reading, writing]);
  expect(failures).toEqual([]);
  const expected = written.slice(written.indexOf(String(heard[0])));
  expect(expected.length).toBeGreaterThan(20);
  await eventually(() => heard.length >= expected.length, 30_000);
  expect(heard).toEqual(expected);
}, 180_000);
