import { after, days } from '../clock.js';
import type { Config } from '../config.js';
import { isConnectionFailure, isLockTimeout } from '../database/connection-failure.js';
import type { SqlValue } from '../database/sql.js';
import { traceOf } from '../operations/trace.js';
import type { Services } from '../services.js';
import { enrollmentLifetime } from './confirm-two-factor-enrollment.js';

/** Rows of a table that nothing needs any more. */
interface Leftover {
  readonly table: string;
  /** A condition with one parameter, which an index answers in the order of `by`. */
  readonly over: string;
  readonly by: string;
  /** How long ago `by` must lie, in milliseconds. */
  readonly age: number;
}

/** How long an ended session is kept: security events show it, and a sign-in from its device is not new. */
const endedSessionAge = days(90);
const endedTokenAge = days(90);
const setAsideAge = days(7);
const usedLinkAge = days(7);

/** The tokens of a session go before it does, so that no step takes more rows than it counts. */
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
  { table: 'mail_requests', over: 'set_aside_at <= $1', by: 'set_aside_at', age: setAsideAge },
  // No session lives longer, so none of these is one's current token, or says that one was stolen.
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

/** Rows of one statement: some milliseconds, and no lock that anybody waits for. */
const step = 1000;

/** Rows that somebody else holds, another sweep for one, are left to the next time. */
const remove = (table: string, over: string, by: string): string => `
  with gone as (
    delete from ${table} where ctid = any (array(
      select ctid from ${table} where ${over} order by ${by} limit ${step} for update skip locked
    )) returning 1
  ) select count(*)::int as count from gone`;

/** The limiter keeps time by the clocks of the machines, and the budget of costs by the database's; in milliseconds. */
const usedBudgets = remove('rate_limits', 'expire <= $1', 'expire');

/**
 * Takes one step of sweeping at each kind of what has run out. All of it is refused or ignored from the instant it runs
 * out, whether or not this has run.
 * @returns whether there may be more
 */
export async function sweep(services: Services): Promise<boolean> {
  const now = services.clock.now();
  let isMore = false;
  for (const { table, over, by, age } of leftoversOf(services.config))
    isMore = (await take(services, remove(table, over, by), [after(now, -age)])) || isMore;
  return (await take(services, usedBudgets, [Math.min(Date.now(), now.getTime())])) || isMore;
}

/** What cannot be swept now does not keep the rest from it. */
async function take({ database, log }: Services, statement: string, values: readonly SqlValue[]): Promise<boolean> {
  try {
    const row = await database.sql.row<{ count: number }>(statement, values);
    return row?.count === step;
  } catch (error) {
    // Without the database each step would wait for it in vain.
    if (isConnectionFailure(error) && !isLockTimeout(error)) throw error;
    log.warn(traceOf(error), 'A step of the sweep failed and will be tried again');
    return false;
  }
}
