import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../tests/support/eventually.js';
import { RawSocket } from '../tests/support/raw-socket.js';
import { audit, type Count } from './audit.js';
import { Console } from './console.js';
import type { Ground } from './ground.js';
import type { Service } from './service.js';
import { Writers } from './writers.js';

/** How much is done: small in CI. */
export interface Size {
  readonly kills: number;
  readonly writers: number;
  readonly resets: number;
}

export type Scenario = (ground: Ground, size: Size) => Promise<Count[]>;

/** Longest time in which the service has to answer again once the database is back, in milliseconds. */
const longestReturn = 5000;

/** kill -9 of the service, again and again, while writers note down what it has acknowledged. */
export const killedService: Scenario = async (ground, { kills, writers: count }) => {
  const service = await ground.service();
  const writers = new Writers(() => service.url, 'killed', count);
  for (let n = 0; n < kills; n += 1) {
    await sleep(300 + Math.random() * 700);
    await service.stop('SIGKILL');
    await service.run();
  }
  await writers.stop();
  const scenario = `kill -9 of the service, ${kills} times under ${count} writers`;
  const counts = await audit(ground, scenario, 'killed', writers.acknowledged);
  await service.stop('SIGTERM');
  return counts;
};

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
    if (!(await isServedWithin(service, longestReturn))) late += 1;
  }
  await writers.stop();
  const scenario = `PostgreSQL killed or restarted, ${times} times under ${count} writers`;
  const counts = await audit(ground, scenario, 'outage', writers.acknowledged);
  await service.stop('SIGTERM');
  return [...counts, { scenario, what: 'not served again by the same process within 5 s', value: late, atMost: 0 }];
};

/** Whether the service answers something that it has to ask the database for. */
async function isServedWithin(service: Service, time: number): Promise<boolean> {
  const answers = async () => {
    const query = '{ posts(first: 1) { totalCount } }';
    const reply = await fetch(`${service.url}/graphql?${new URLSearchParams({ query })}`, {
      headers: { 'apollo-require-preflight': 'true' },
    });
    return !((await reply.json()) as { errors?: unknown }).errors;
  };
  return eventually(() => answers().catch(() => false), time).then(
    () => true,
    () => false,
  );
}

/** Three processes: one is killed, one stands still for three seconds, one loses its LISTEN connection. */
export const threeProcesses: Scenario = async (ground, { kills, writers: count }) => {
  const services = [await ground.service(), await ground.service(), await ground.service()] as const;
  const up = new Set<Service>(services);
  const anyUp = () => [...up][Math.floor(Math.random() * up.size)]?.url ?? services[0].url;
  const admin = await services[0].administrator();
  const console = await Console.open(anyUp, admin);
  const writers = new Writers(anyUp, 'three', count);
  const times = Math.ceil(kills / 4);
  for (let n = 0; n < times; n += 1) {
    const victim = services[n % services.length] as Service;
    up.delete(victim);
    await [kill, freeze, deafen][n % 3]?.(ground, victim);
    up.add(victim);
    console.cut();
    await sleep(500);
  }
  await writers.stop();
  const scenario = `three processes: killed, frozen or deaf, ${times} times under ${count} writers`;
  const counts = await audit(ground, scenario, 'three', writers.acknowledged);
  counts.push(...(await console.compare(ground, scenario)));
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

/** SIGTERM with requests in flight and open sockets. */
export const stopped: Scenario = async (ground) => {
  const service = await ground.service();
  const admin = await service.administrator();
  const sockets = await Promise.all(Array.from({ length: 90 }, () => RawSocket.open(service.url, admin.token)));
  const begun = new Writers(() => service.url, 'stopped', 50);
  await sleep(400);
  const at = performance.now();
  const ended = service.stop('SIGTERM');
  const code = await ended;
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
  const served = await isServedWithin(service, longestReturn);
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

async function ask(service: Service, query: string): Promise<string> {
  const reply = await fetch(`${service.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const { errors } = (await reply.json()) as { errors?: { extensions: { code: string } }[] };
  return errors?.[0]?.extensions.code ?? 'answered';
}

/** A mail server that refuses, hangs and drops while resets are asked for; every mail arrives once it is well. */
export const sickMailServer: Scenario = async (ground, { resets }) => {
  const service = await ground.service();
  const scenario = `a mail server that is sick while ${resets} resets are asked for`;
  const admin = await service.administrator();
  const people = Array.from(
    { length: resets },
    (_, n) => `reset.${String.fromCharCode(97 + (n % 26))}${'x'.repeat(Math.floor(n / 26))}`,
  );
  for (const username of people)
    await admin.mutate(
      'createUser',
      { username, email: `${username}@example.com`, password: 'a long enough passphrase' },
      'user { id }',
    );
  await eventually(async () => (await ground.rows('select from security_event_outbox limit 1')).length === 0);
  ground.mailbox.refusals = resets;
  const before = ground.mailbox.mails.length;
  for (const username of people)
    await ask(service, `mutation { requestPasswordReset(input: { email: "${username}@example.com" }) { email } }`);
  const arrived = () => ground.mailbox.mails.slice(before).filter(({ subject }) => /password/i.test(subject));
  await eventually(() => new Set(arrived().map(({ to }) => to)).size === people.length, 180_000).catch(() => undefined);
  const reached = new Set(arrived().map(({ to }) => to)).size;
  await service.stop('SIGTERM');
  return [
    { scenario, what: 'mails missing', value: people.length - reached, atMost: 0 },
    { scenario, what: 'mails doubled', value: arrived().length - reached, atMost: 0 },
  ];
};
