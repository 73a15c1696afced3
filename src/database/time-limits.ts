import { seconds } from '../clock.js';

/** Names of PostgreSQL's settings, in milliseconds. */
export interface TimeLimits {
  readonly statement_timeout: number;
  readonly lock_timeout: number;
  readonly idle_in_transaction_session_timeout?: number;
}

/**
 * Lock timeout in milliseconds. Shorter than every statement timeout, so that waiting for a lock has its own SQLSTATE.
 */
const longestLockWait = seconds(10);

/** Of statements that are sent alone. */
export const limitsOfReads = { statement_timeout: seconds(15), lock_timeout: longestLockWait } as const;
/** Of transactions. A transaction that pauses for too long is ended, for the sake of its locks. */
export const limitsOfTransactions = {
  statement_timeout: seconds(30),
  lock_timeout: longestLockWait,
  idle_in_transaction_session_timeout: seconds(20),
} as const;

const names = ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout'];

/** The URL without its limits, for connections that have none: as parameters of their start a pooler refuses them. */
export function withoutLimits(url: string): string {
  if (!names.some((name) => url.includes(`${name}=`))) return url;
  const plain = new URL(url);
  for (const name of names) plain.searchParams.delete(name);
  return plain.href;
}

/** A select list that sets limits until the transaction ends. Those of the URL take precedence, as for the driver. */
export function settingLimits(limits: TimeLimits, url: string): string {
  const { searchParams } = new URL(url);
  return Object.entries(limits)
    .map(([name, limit]) => `set_config('${name}', '${limitIn(searchParams.get(name)) ?? limit}', true)`)
    .join(', ');
}

/** What the driver would make of it. */
function limitIn(text: string | null): number | undefined {
  const limit = Number.parseInt(text ?? '', 10);
  return Number.isNaN(limit) ? undefined : limit;
}
