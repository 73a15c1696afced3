import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { Script } from '../../src/redis/script.js';
import { run } from '../support/command.js';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import { Harness } from '../support/harness.js';
import { describeWithRedis, RedisServer } from '../support/redis.js';
import { overHttp } from '../support/transports.js';
import { certificate } from './certificate.js';

/** Adds one, for a minute. */
const counting = new Script("redis.call('INCRBY', KEYS[1], 1) return redis.call('PEXPIRE', KEYS[1], 60000)");
const secret = 'hush-Zx81Qv';

describeWithRedis('a connection to Redis', () => {
  let harness: Harness;
  const servers: RedisServer[] = [];
  const start = async (options: readonly string[] = []) => {
    const server = await RedisServer.start(options);
    servers.push(server);
    return server;
  };
  afterEach(async () => {
    await harness?.close();
    for (const server of servers.splice(0)) await server.stop();
  });

  const limits = { RATE_LIMIT_LOGIN: '5/10m' };
  const isUp = () => eventually(() => harness.app.services.redis?.isUp);
  /** Attempts to sign in. @returns how many were let through */
  async function attempts(times: number): Promise<number> {
    const query = 'mutation { login(input: { identifier: "somebody", password: "wrong" }) { errors { code } } }';
    const answers = await Promise.all(Array.from({ length: times }, () => overHttp(harness.app.url, { query })));
    for (const { codes } of answers) expect(['', 'RATE_LIMITED']).toContain(String(codes));
    return answers.filter(({ codes }) => codes.length === 0).length;
  }
  /** What gatehouse doctor finds of Redis. */
  async function doctor(url: string, more: Record<string, string> = {}) {
    const { stdout, stderr } = await run(['doctor', '--json'], {
      REDIS_URL: url,
      DATABASE_URL: 'postgres://x:y@127.0.0.1:1/z',
      ...more,
    });
    expect(stdout + stderr).not.toContain(secret);
    const found = stdout.split('\n').filter(Boolean);
    return found.map((line) => JSON.parse(line)).find(({ check }) => check === 'redis') as {
      state: string;
      told: string;
    };
  }

  test('signs in as a user who may do no more than is needed', async () => {
    const server = await start();
    await server.ask([
      'ACL',
      'SETUSER',
      'gatehouse',
      'on',
      `>${secret}`,
      '~gatehouse:*',
      ...'-@all +eval +evalsha +incrby +set +expire +pexpire +pttl +info +select'.split(' '),
    ]);
    await server.ask(['ACL', 'SETUSER', 'default', 'off']);
    const url = `redis://gatehouse:${secret}@127.0.0.1:${server.port}/1`;
    harness = await Harness.start({ ...limits, REDIS_URL: url });
    await isUp();
    expect(await attempts(7)).toBe(5);
    expect(harness.app.services.redis?.isUp).toBe(true);
    expect(await doctor(url)).toMatchObject({
      state: 'ok',
      told: expect.stringMatching(/^Redis \d+\.\d+\.\d+ answers/),
    });
  });

  test('with a wrong password leaves the service to PostgreSQL, and is told without it', async () => {
    const server = await start(['--requirepass', 'right']);
    const url = `redis://:${secret}@127.0.0.1:${server.port}`;
    harness = await Harness.start({ ...limits, REDIS_URL: url, METRICS_PORT: '0' });
    const admin = await harness.admin();
    await eventually(() =>
      harness.logged.some((line) => /REDIS_URL: Redis refuses the user or the password/.test(line)),
    );
    expect(await attempts(7)).toBe(4);
    const metrics = await (await fetch(`${harness.app.metricsUrl}/metrics`)).text();
    expect(metrics).toMatch(/^gatehouse_redis_up 0$/m);
    expect(metrics).toMatch(/^gatehouse_redis_failures_total\{reason="WRONGPASS"\} \d+$/m);
    expect(harness.logged.join('') + metrics).not.toContain(secret);
    expect(await doctor(url)).toMatchObject({ state: 'fault', told: expect.stringMatching(/WRONGPASS/) });
    const { data } = await admin.ask('{ settings { variables { name value } health { check state message } } }');
    expect(JSON.stringify(data)).not.toContain(secret);
    expect(data['settings']?.['health']).toContainEqual({
      check: 'redis',
      state: 'FAULT',
      message: expect.stringMatching(/WRONGPASS/),
    });
    await server.ask(['CONFIG', 'SET', 'requirepass', secret], ['-a', 'right', '--no-auth-warning']);
    await isUp();
  });

  test('by TLS is made to a server whose certificate is trusted, and to no other', async () => {
    const port = await freePort();
    const server = await start();
    const [cert, key] = [join(server.folder, 'cert.pem'), join(server.folder, 'key.pem')];
    await writeFile(cert, certificate.cert);
    await writeFile(key, certificate.key);
    const files = [
      '--tls-cert-file',
      cert,
      '--tls-key-file',
      key,
      '--tls-ca-cert-file',
      cert,
      '--tls-auth-clients',
      'no',
    ];
    await server.kill();
    const secure = await start(['--tls-port', String(port), '--requirepass', secret, ...files]);
    for (const host of ['127.0.0.1', 'localhost']) {
      const url = `rediss://:${secret}@${host}:${port}`;
      expect(await doctor(url, { NODE_EXTRA_CA_CERTS: cert })).toMatchObject({ state: 'ok' });
      expect(await doctor(url)).toMatchObject({ state: 'fault', told: expect.stringMatching(/SELF_SIGNED/) });
    }
    const plain = await doctor(`redis://:${secret}@127.0.0.1:${port}`, { NODE_EXTRA_CA_CERTS: cert });
    expect(plain).toMatchObject({ state: 'fault' });
    expect(await doctor(`rediss://:${secret}@127.0.0.1:${secure.port}`)).toMatchObject({ state: 'fault' });
  });

  test('tells of a server that drops what is in use', async () => {
    const server = await start(['--maxmemory-policy', 'allkeys-lru']);
    expect(await doctor(server.url)).toMatchObject({ state: 'warning', told: expect.stringMatching(/allkeys-lru/) });
    harness = await Harness.start({ REDIS_URL: server.url });
    await eventually(() => harness.logged.some((line) => /allkeys-lru/.test(line)));
  });

  test('is made to all nodes of a cluster, of which one has to be named', async () => {
    const nodes = [];
    for (let n = 0; n < 3; n += 1)
      nodes.push(await start(['--cluster-enabled', 'yes', '--cluster-port', String(await freePort())]));
    const [first, second, third] = nodes as [RedisServer, RedisServer, RedisServer];
    const hosts = nodes.map(({ port }) => `127.0.0.1:${port}`);
    await first.ask(['--cluster', 'create', ...hosts, '--cluster-yes']);
    await eventually(async () => /cluster_state:ok/.test(await third.ask(['CLUSTER', 'INFO'])));
    const away = `127.0.0.1:${await freePort()}`;
    harness = await Harness.start({ ...limits, REDIS_URL: `redis://${away},${hosts[1]}` });
    await isUp();
    const single = await harness.another({ REDIS_URL: first.url });
    await eventually(() => single.services.redis?.isUp);
    for (const { services } of [harness.app, single])
      Reflect.set(services.redis as object, 'takenUpAt', Number.NEGATIVE_INFINITY);
    expect(await attempts(4)).toBe(4);
    const { codes } = await overHttp(single.url, {
      query: `mutation { ${[1, 2].map((n) => `a${n}: login(input: { identifier: "x", password: "y" }) { errors { code } }`).join(' ')} }`,
    });
    expect(codes).toEqual(['RATE_LIMITED']);
    // Keys are spread: each of many callers is counted on one of the nodes.
    await Promise.all(
      Array.from({ length: 30 }, (_, n) =>
        harness.app.services.redis?.run(counting, {
          keys: [harness.app.services.redis.key('rate', `spread${n}`)],
          arguments: [],
        }),
      ),
    );
    for (const node of [first, second, third]) expect((await node.keys()).length).toBeGreaterThan(0);
    expect(await doctor(`redis://${hosts.join(',')}`)).toMatchObject({ state: 'ok' });
    // A part of it is lost: all of it counts as lost until it is whole.
    await third.kill();
    await eventually(() => !harness.app.services.redis?.isUp);
    expect(await attempts(2)).toBeLessThanOrEqual(2);
    await third.resume();
    await eventually(() => harness.app.services.redis?.isUp);
  });

  test('to several servers that are no cluster is refused', async () => {
    const [one, other] = [await start(), await start()];
    expect(await doctor(`redis://127.0.0.1:${one.port},127.0.0.1:${other.port}`)).toMatchObject({
      state: 'fault',
      told: expect.stringMatching(/is no cluster/),
    });
  });
});
