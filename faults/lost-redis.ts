import { setTimeout as sleep } from 'node:timers/promises';
import { isServedAgain } from './asking.js';
import { audit } from './audit.js';
import { none } from './count.js';
import { Fleet } from './fleet.js';
import { followersOf, peopleOf } from './followers.js';
import { budget, LimitedAttempts, loginLimit } from './limited-attempts.js';
import { compare, newestCursor } from './received.js';
import { RedisServer } from './redis-server.js';
import { Revocations } from './revocations.js';
import type { Scenario, Size } from './scenario.js';
import { Writers } from './writers.js';

const names = ['person.one', 'person.two'];

/** What happens to Redis, and how it ends. */
interface Fault {
  readonly begin: () => Promise<void> | void;
  readonly end: () => Promise<void> | void;
}

/**
 * Three processes with Redis, which is killed, frozen, emptied and cut off in turn. Meanwhile people sign in and out, and
 * somebody tries to sign in more often than allowed.
 */
export const lostRedis: Scenario = async (ground, size) => {
  const redis = await RedisServer.start();
  try {
    const variables = { REDIS_URL: redis.url, RATE_LIMIT_LOGIN: loginLimit, TRUSTED_PROXIES: '127.0.0.1' };
    const fleet = await Fleet.start(ground, variables);
    const admin = await fleet.services[0].administrator();
    const people = await peopleOf(admin, names);
    const after = await newestCursor(admin);
    const followers = followersOf(fleet, admin, people, after);
    const writers = new Writers(fleet.anyUrl, 'redis', size.writers, size.pause);
    const revocations = new Revocations(fleet.urls, fleet.anyUrl);
    let isOver = false;
    const visits = names.map((name) => revocations.repeat(name, size.pause, () => isOver));
    const disturbed = await disturb(fleet, redis, size);
    isOver = true;
    await Promise.all([writers.stop(), ...visits]);
    const audited = await audit(ground, writers, size);
    const compared = await compare(ground, followers, after);
    for (const { reader } of followers) await reader.stop();
    return {
      title: `Redis killed, frozen, emptied${redis.network ? ' and cut off' : ''} under ${writers.count} writers`,
      counts: [
        ...disturbed,
        { what: 'sessions ended', value: revocations.ended },
        none('ended sessions that a process still accepted', revocations.accepted),
        ...audited,
        ...compared,
      ],
    };
  } finally {
    await redis.close();
  }
};

const faultsOf = (redis: RedisServer): readonly Fault[] => [
  { begin: () => redis.kill(), end: () => redis.resume() },
  { begin: () => redis.signal('SIGSTOP'), end: () => redis.signal('SIGCONT') },
  { begin: () => redis.forget(), end: () => undefined },
  ...(redis.network ? [cutOff(redis.network)] : []),
];

const cutOff = (network: NonNullable<RedisServer['network']>): Fault => ({
  begin: () => network.cut(),
  end: () => network.mend(),
});

/** Goes through the faults, and counts what the service did meanwhile. */
async function disturb(fleet: Fleet, redis: RedisServer, { redisRounds, redisOutage, slowness }: Size) {
  let [faults, silent, tooMany, through] = [0, 0, 0, 0];
  const lookAtAll = async () => {
    const served = await Promise.all(fleet.services.map((service) => isServedAgain(service, slowness)));
    silent += served.filter((isServed) => !isServed).length;
  };
  for (let round = 0; round < redisRounds; round += 1)
    for (const { begin, end } of faultsOf(redis)) {
      const attempts = new LimitedAttempts(fleet.anyUrl);
      await sleep(redisOutage);
      await begin();
      await lookAtAll();
      await sleep(redisOutage);
      await end();
      await lookAtAll();
      await sleep(redisOutage);
      await attempts.stop();
      faults += 1;
      through += attempts.through;
      tooMany += Math.max(0, attempts.through - 2 * budget);
    }
  return [
    { what: 'faults of Redis', value: faults },
    { what: `attempts let through, with a budget of ${budget}`, value: through },
    none('attempts let through beyond two budgets', tooMany),
    none('processes that did not answer in time', silent),
  ];
}
