import { wordsFor } from '../redis/redis-failure.js';
import { evictsAll, type ServerFacts } from '../redis/server-facts.js';
import type { Services } from '../services.js';
import type { Finding } from './finding.js';

const check = 'redis';

export const noRedis: Finding = { check, state: 'ok', told: 'REDIS_URL is not set: PostgreSQL counts.' };

export function answeringFinding(facts: ServerFacts): Finding {
  const { version, evictionPolicy } = facts;
  const told = `${version} answers and takes writes.`;
  if (!evictsAll(facts)) return { check, state: 'ok', told };
  const advice = `its maxmemory-policy ${evictionPolicy} drops counts when it is full: use noeviction or volatile-ttl.`;
  return { check, state: 'warning', told: `${version} answers, but ${advice}` };
}

/** @param reason see `reasonOf` */
export const unusableFinding = (reason: string): Finding => ({
  check,
  state: 'fault',
  told: `REDIS_URL: Redis ${wordsFor(reason)}. PostgreSQL counts.`,
});

/** Checks Redis from inside a running service. */
export function redisFinding({ redis }: Services): Finding {
  if (!redis) return noRedis;
  return redis.facts ? answeringFinding(redis.facts) : unusableFinding(redis.whyAway);
}
