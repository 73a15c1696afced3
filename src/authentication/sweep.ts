import { after, days } from '../clock.js';
import type { Config } from '../config.js';
import { isConnectionFailure, isLockTimeout } from '../database/connection-failure.js';
import type { SqlValue } from '../database/sql-values.js';
import { traceOf } from '../operations/trace.js';
import { PartlyFailed } from '../queue/partly-failed.js';
import type { Services } from '../services.js';
import { enrollmentLifetime } from './confirm-two-factor-enrollment.js';

/** Rows of a table that are no longer needed. */
interface Leftover {
  readonly table: string;
  /** A condition with one parameter, for which an index gives rows in the order of `by`. */
  readonly over: string;
  readonly by: string;
  /** How far `by` must lie in the past, in milliseconds. */
  readonly age: number;
}

/**
 * How long an ended session is kept: security events refer to it, and sign-ins from its device are not reported as new.
 */
const endedSessionAge = days(90);
const endedTokenAge = days(90);
/** Long enough for an administrator to come back from a holiday. */
const failedJobAge = days(30);
const usedLinkAge = days(7);

const leftoversOf = ({ lifetimes }: Config): readonly Leftover[] => [
  { table: 'two_factor_challenges', over: 'expires_at <= $1', by: 'expires_at', age: 0 },
  {
    table: 'two_factors',
    over: 'confirmed_at is null and created_at <= $1',
    by: 'created_at',
    age: enrollmentLifetime,
  },
  { table: 'mailed_tokens', over: 'expires_at <= $1', by: 'expires_at', age: 0 },
  { table: 'mailed_tokens', over: 'used_at <= $1', by: 'used_at', age: usedLinkAge },
  { table: 'attempts', over: 'expires_at <= $1', by: 'expires_at', age: 0 },
  { table: 'jobs', over: 'failed_at <= $1 and not is_periodic', by: 'failed_at', age: failedJobAge },
  // Of before tokens named their session; none is added. No session lives longer than this. Before sessions, so that
  // deleting those cascades to few rows.
  { table: 'refresh_tokens', over: 'created_at <= $1', by: 'created_at', age: lifetimes.session },
  {
    table: 'sessions',
    over: 'ended_at <= $1',
    by: 'ended_at',
    age: Math.max(endedSessionAge, lifetimes.session),
  },
  {
    table: 'api_tokens',
    over: 'least(revoked_at, expires_at) <= $1',
    by: 'least(revoked_at, expires_at)',
    age: endedTokenAge,
  },
];

/** Rows per statement. It takes some milliseconds and no lock that others wait for. */
const batchSize = 1000;

/** Skips locked rows, for example those of another sweep; the next run deletes them. */
const remove = (table: string, over: string, by: string): string => `
  with gone as (
    delete from ${table} where ctid = any (array(
      select ctid from ${table} where ${over} order by ${by} limit ${batchSize} for update skip locked
    )) returning 1
  ) select count(*)::int as count from gone`;

/** `expire` is in milliseconds since 1970. The rate limiter uses the host's clock, the cost budget the service's. */
const usedCounters = remove('rate_limits', 'expire <= $1', 'expire');

/** Deletes one batch of a kind. @returns whether there may be more rows to delete */
type Step = () => Promise<boolean>;

/**
 * Deletes one batch of each kind of expired rows. Expired data is refused or ignored anyway, whether or not this has
 * run. A kind that fails is logged, and the others are deleted to the end.
 * @param signal looked at before each batch
 * @returns whether there may be more rows to delete
 * @throws PartlyFailed when a kind failed; the database's error when it is away; the signal's reason
 */
export async function sweep(services: Services, signal?: AbortSignal): Promise<boolean> {
  const failures: unknown[] = [];
  for (let steps = stepsOf(services); ; ) {
    steps = await fullOnes(steps, signal, (error) => {
      failures.push(error);
      services.log.warn(traceOf(error), 'A step of the sweep failed and will be tried again');
    });
    if (failures.length === 0) return steps.length > 0;
    if (steps.length === 0) throw new PartlyFailed(failures);
  }
}

/** Runs each step once. @returns those that may have more to delete */
async function fullOnes(
  steps: readonly Step[],
  signal: AbortSignal | undefined,
  onFailure: (error: unknown) => void,
): Promise<Step[]> {
  const full: Step[] = [];
  for (const step of steps) {
    signal?.throwIfAborted();
    try {
      if (await step()) full.push(step);
    } catch (error) {
      // Without the database each step would wait for it in vain.
      if (isConnectionFailure(error) && !isLockTimeout(error)) throw error;
      onFailure(error);
    }
  }
  return full;
}

function stepsOf({ database, clock, config }: Services): Step[] {
  const now = clock.now();
  const step = (statement: string, value: SqlValue) => async () => {
    const row = await database.sql.row<{ count: number }>(statement, [value]);
    return row?.count === batchSize;
  };
  return [
    ...leftoversOf(config).map(({ table, over, by, age }) => step(remove(table, over, by), after(now, -age))),
    step(usedCounters, Math.min(Date.now(), now.getTime())),
  ];
}
