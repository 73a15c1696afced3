import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { pino } from 'pino';
import type { RedisClient } from '../../src/redis/open-client.js';
import { Redis } from '../../src/redis/redis.js';
import { Script } from '../../src/redis/script.js';
import { redisAddressOf } from '../../src/redis-address.js';
import { eventually } from '../support/eventually.js';
import { describeWithRedis, RedisServer } from '../support/redis.js';

const silent = pino({ level: 'silent' });
const counting = new Script("return redis.call('INCRBY', KEYS[1], 1)");
const input = { keys: ['gatehouse:test:{a}'], arguments: [] };

let redis: Redis | undefined;
afterEach(() => redis?.close());

function made(url: string, open?: ConstructorParameters<typeof Redis>[3]): Redis {
  const address = redisAddressOf(url);
  if (typeof address === 'string') throw new Error(address);
  redis = new Redis(address, 'gatehouse:test', silent, open);
  redis.start();
  return redis;
}

test.each([
  ['LOADING Redis is loading the dataset in memory', 'LOADING'],
  ['MISCONF Redis is configured to save RDB snapshots', 'MISCONF'],
  ['MOVED 3999 127.0.0.1:6381', 'MOVED'],
  ['MASTERDOWN Link with MASTER is down', 'MASTERDOWN'],
  ['The queue is full', 'UNKNOWN'],
])('"%s" is a loss: nothing is sent until a new connection takes a write', async (message, reason) => {
  const clients: { sent: number; isDestroyed: boolean }[] = [];
  const answers = { isWell: true };
  const one = made('redis://nowhere', async () => {
    const client = { sent: 0, isDestroyed: false };
    clients.push(client);
    const answer = async () => {
      client.sent += 1;
      if (!answers.isWell) throw new Error(message);
      return 1;
    };
    return {
      facts: { version: 'Redis 7', isCluster: false, evictionPolicy: 'noeviction' },
      evalSha: answer,
      eval: answer,
      write: answer,
      destroy: () => {
        client.isDestroyed = true;
      },
    } satisfies RedisClient;
  });
  await eventually(() => one.isUp);
  answers.isWell = false;
  await expect(one.run(counting, input)).rejects.toMatchObject({ reason });
  expect([one.isUp, one.settledFor, one.whyAway]).toEqual([false, 0, reason]);
  const [first] = clients;
  const sent = first?.sent;
  await expect(one.run(counting, input)).rejects.toMatchObject({ reason: 'AWAY' });
  expect([first?.isDestroyed, first?.sent]).toEqual([true, sent]);
  answers.isWell = true;
  await eventually(() => one.isUp);
  expect(await one.run(counting, input)).toBe(1);
  expect(clients.filter(({ isDestroyed }) => !isDestroyed)).toHaveLength(1);
});

test('closing does not wait for a server that accepts connections and says nothing', async () => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const one = made(`redis://127.0.0.1:${(server.address() as AddressInfo).port}`);
  await eventually(() => sockets.length > 0);
  const failures = new Map(one.figures.failures);
  await one.close();
  expect(new Map(one.figures.failures).get('TIMEOUT')).toBe(failures.get('TIMEOUT'));
  for (const socket of sockets) socket.destroy();
  server.close();
});

describeWithRedis('a loss', () => {
  test('is not what happens while the process itself is busy for long', async () => {
    const server = await RedisServer.start();
    const one = made(server.url);
    await eventually(() => one.isUp);
    const answer = one.run(counting, input);
    const end = performance.now() + 900;
    while (performance.now() < end);
    expect(await answer).toBe(1);
    expect(one.isUp).toBe(true);
  });

  test('fails all commands that wait, however many, and none is sent again', async () => {
    const server = await RedisServer.start();
    const one = made(server.url);
    await eventually(() => one.isUp);
    await one.run(counting, input);
    server.freeze();
    const results = await Promise.allSettled(Array.from({ length: 2000 }, () => one.run(counting, input)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toEqual([]);
    server.thaw();
    await eventually(() => one.isUp);
    const before = Number(await one.run(counting, input));
    expect(Number(await one.run(counting, input))).toBe(before + 1);
  });
});
