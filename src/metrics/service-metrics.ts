import type { Replica } from '../database/replicas/replica.js';
import type { CacheUse } from '../database/signalled-cache.js';
import type { Services } from '../services.js';
import { type Metric, only } from './metric.js';

const pools = ['transactions', 'reads'] as const;

export function databaseMetrics({ database, signals }: Services): Metric[] {
  const times = { transactions: database.times, reads: database.sql.times };
  return [
    {
      name: 'gatehouse_sql_duration_seconds',
      type: 'histogram',
      help: 'Time of SQL statements, without the wait for a connection, with BEGIN and COMMIT',
      labels: ['pool'],
      read: () => pools.map((pool) => [[pool], times[pool].durations]),
    },
    {
      name: 'gatehouse_sql_errors_total',
      type: 'counter',
      help: 'SQL statements that were refused or cancelled, or whose connection broke',
      labels: ['pool'],
      read: () => pools.map((pool) => [[pool], times[pool].errors]),
    },
    {
      name: 'gatehouse_pool_connections',
      type: 'gauge',
      help: 'Open connections of a pool, by whether a statement or transaction uses them',
      labels: ['pool', 'state'],
      read: () =>
        Object.entries(database.pools).flatMap(([pool, { size, idle }]) => [
          [[pool, 'used'], size - idle],
          [[pool, 'idle'], idle],
        ]),
    },
    {
      name: 'gatehouse_pool_waiting',
      type: 'gauge',
      help: 'Statements and transactions that wait for a connection',
      labels: ['pool'],
      read: () => Object.entries(database.pools).map(([pool, { waiting }]) => [[pool], waiting]),
    },
    {
      name: 'gatehouse_signals_silence_seconds',
      type: 'gauge',
      help: 'Time since a heartbeat of the signal connection came back; caches are not used from 0.75 on',
      read: () => only(signals.silence / 1000),
    },
  ];
}

export function cacheMetrics({ principals, roleCatalogue, publicPosts, statistics }: Services): Metric[] {
  const caches = { principals, roles: roleCatalogue, posts: publicPosts, statistics };
  const readings = (which: keyof CacheUse) => () =>
    Object.entries(caches).map(([cache, { cacheUse }]) => [[cache], cacheUse[which]] as const);
  return [
    {
      name: 'gatehouse_cache_hits_total',
      type: 'counter',
      help: 'Values found in a cache',
      labels: ['cache'],
      read: readings('hits'),
    },
    {
      name: 'gatehouse_cache_misses_total',
      type: 'counter',
      help: 'Values read from the database because a cache did not have them',
      labels: ['cache'],
      read: readings('misses'),
    },
  ];
}

export const passwordMetrics = ({ passwords: { verifications, queue } }: Services): Metric[] => [
  {
    name: 'gatehouse_password_verification_duration_seconds',
    type: 'histogram',
    help: 'Time to verify a password, without the wait in the hashing queue',
    read: () => only(verifications),
  },
  {
    name: 'gatehouse_hashing_wait_seconds',
    type: 'histogram',
    help: 'Time that password hashes waited for their turn',
    read: () => only(queue.waits),
  },
  {
    name: 'gatehouse_hashing_waiting',
    type: 'gauge',
    help: 'Password hashes that wait for their turn',
    read: () => only(queue.waiting),
  },
  {
    name: 'gatehouse_hashing_refused_total',
    type: 'counter',
    help: 'Password hashes refused because too many waited, or for too long',
    read: () => only(queue.refused),
  },
];

/** Without REDIS_URL there are no readings. */
export const redisMetrics = ({ redis, redisBus }: Services): Metric[] => [
  {
    name: 'gatehouse_redis_up',
    type: 'gauge',
    help: 'Whether Redis takes writes from this process; 0: PostgreSQL counts',
    read: () => (redis ? only(redis.isUp ? 1 : 0) : []),
  },
  {
    name: 'gatehouse_redis_signals_up',
    type: 'gauge',
    help: 'Whether Redis passes on signals to this process; 0: they are read from PostgreSQL alone',
    read: () => (redisBus ? only(redisBus.isUp ? 1 : 0) : []),
  },
  {
    name: 'gatehouse_redis_command_duration_seconds',
    type: 'histogram',
    help: 'Time until Redis has answered a command',
    read: () => (redis ? only(redis.figures.durations) : []),
  },
  {
    name: 'gatehouse_redis_failures_total',
    type: 'counter',
    help: 'Commands to Redis and attempts to connect that failed, by reason',
    labels: ['reason'],
    read: () => [...(redis?.figures.failures ?? [])].map(([reason, count]) => [[reason], count]),
  },
];

/** Without DATABASE_REPLICA_URLS there are no readings. */
export function replicaMetrics({ replicas }: Services): Metric[] {
  const readings = (read: (replica: Replica) => number) => () =>
    (replicas?.all ?? []).map((replica) => [[replica.name], read(replica)] as const);
  const labels = ['replica'];
  return [
    {
      name: 'gatehouse_replica_used',
      type: 'gauge',
      help: 'Whether this process reads lists from the replica; 0: it is away, too far behind, or not to be used',
      labels,
      read: readings(({ isUsed }) => (isUsed ? 1 : 0)),
    },
    {
      name: 'gatehouse_replica_lag_seconds',
      type: 'gauge',
      help: 'Time since the primary was where the replica is; infinite while that is not known',
      labels,
      read: readings(({ lag }) => lag / 1000),
    },
    {
      name: 'gatehouse_replica_behind_bytes',
      type: 'gauge',
      help: 'What the primary has written to its log beyond where the replica was last seen',
      labels,
      read: readings(({ bytesBehind }) => bytesBehind),
    },
    {
      name: 'gatehouse_replica_statements_total',
      type: 'counter',
      help: 'SQL statements of lists and searches sent to the replica',
      labels,
      read: readings(({ sql }) => sql.sent),
    },
    {
      name: 'gatehouse_replica_repeated_total',
      type: 'counter',
      help: 'SQL statements that failed on the replica and were sent to the primary',
      labels,
      read: readings(({ repeated }) => repeated),
    },
  ];
}

/** @param sockets how many websockets are open */
export const streamMetrics = ({ eventFeed }: Services, sockets: () => number): Metric[] => [
  { name: 'gatehouse_websockets', type: 'gauge', help: 'Open websockets', read: () => only(sockets()) },
  { name: 'gatehouse_streams', type: 'gauge', help: 'Running subscriptions', read: () => only(eventFeed.size) },
];
