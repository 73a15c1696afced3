import { type CodedError, timedOut, unavailable } from '../errors.js';

/**
 * SQLSTATEs that say the database cannot do this now, whatever is asked of it: connection exception (08), no room for
 * data or connections (53), it is being stopped or started (57P), it takes no writes (25006), it has ended a
 * transaction that stood idle (25P03), somebody else held a lock for too long (55P03).
 */
const awayStates = /^(08|53|57P|25006|25P03|55P03)/;
const awaySockets =
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN)$/;
const awayMessages =
  /Connection terminated|Transaction query already complete|not queryable|timeout exceeded when trying to connect|Timeout acquiring a connection|timeout expired|Client has encountered a connection error/;
/** Its own: statement_timeout or a cancellation (57014), transaction_timeout (25P04). */
const limitStates = /^(57014|25P04)$/;

const codeOf = (error: Error): string => ('code' in error && typeof error.code === 'string' ? error.code : '');

/** Whether an error, or what has caused it, has something about it. */
function some(error: unknown, holds: (error: Error) => boolean): boolean {
  if (!(error instanceof Error)) return false;
  if (holds(error)) return true;
  return error instanceof AggregateError ? error.errors.some((one) => some(one, holds)) : some(error.cause, holds);
}

/** Whether an error says that the database cannot be reached or cannot serve now, rather than that a statement was wrong. */
export const isConnectionFailure = (error: unknown): boolean =>
  some(error, (one) => awayStates.test(codeOf(one)) || awaySockets.test(codeOf(one)) || awayMessages.test(one.message));

/** Whether a statement gave up because somebody else held a lock for too long: the database itself is there. */
export const isLockTimeout = (error: unknown): boolean => some(error, (one) => codeOf(one) === '55P03');

/** Whether a statement took longer than it may: the database is there, and the same statement would take as long again. */
export const isTimeLimit = (error: unknown): boolean => some(error, (one) => limitStates.test(codeOf(one)));

/** Whether the database gave no answer, for whichever reason: what depends on it has to wait. */
export const isUnanswered = (error: unknown): boolean => isConnectionFailure(error) || isTimeLimit(error);

/** What clients are told of a database that gave no answer; undefined for any other error. */
export function unansweredError(error: unknown): CodedError | undefined {
  if (isTimeLimit(error)) return timedOut();
  return isConnectionFailure(error) ? unavailable() : undefined;
}

/** Why the database takes no changes, if that is what an error says. */
export function writeRefusal(error: unknown): 'full' | 'read-only' | undefined {
  if (some(error, (one) => codeOf(one) === '53100')) return 'full';
  return some(error, (one) => codeOf(one) === '25006') ? 'read-only' : undefined;
}

/** The name of the unique constraint an error reports as violated, if that is what it is. */
export function violatedConstraint(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || error.code !== '23505') return undefined;
  return 'constraint' in error && typeof error.constraint === 'string' ? error.constraint : undefined;
}

/** Whether PostgreSQL undid it because two transactions waited for each other. */
export const isDeadlock = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === '40P01';
