import { type CodedError, timedOut, unavailable } from '../errors.js';

/**
 * SQLSTATEs for a database that cannot serve at present, whatever the statement: connection exception (08), out of
 * resources such as disk space or connections (53), shutting down or starting up (57P), read-only transaction (25006),
 * idle-in-transaction timeout (25P03), lock timeout (55P03).
 */
const awayStates = /^(08|53|57P|25006|25P03|55P03)/;
const awaySockets =
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN)$/;
const awayMessages =
  /Connection terminated|Transaction query already complete|not queryable|timeout exceeded when trying to connect|Timeout acquiring a connection|timeout expired|Client has encountered a connection error/;
/** SQLSTATEs of time limits: statement_timeout or a cancel request (57014), transaction_timeout (25P04). */
const limitStates = /^(57014|25P04)$/;

const codeOf = (error: Error): string => ('code' in error && typeof error.code === 'string' ? error.code : '');

/** Applies the predicate to an error, to its causes and to the parts of an AggregateError. */
function some(error: unknown, holds: (error: Error) => boolean): boolean {
  if (!(error instanceof Error)) return false;
  if (holds(error)) return true;
  return error instanceof AggregateError ? error.errors.some((one) => some(one, holds)) : some(error.cause, holds);
}

/** True when an error says that the database is unreachable or cannot serve at present; false for a wrong statement. */
export const isConnectionFailure = (error: unknown): boolean =>
  some(error, (one) => awayStates.test(codeOf(one)) || awaySockets.test(codeOf(one)) || awayMessages.test(one.message));

/** Whether a statement gave up because somebody else held a lock for too long: the database itself is there. */
export const isLockTimeout = (error: unknown): boolean => some(error, (one) => codeOf(one) === '55P03');

/** True when a statement exceeded its time limit. The database is up, and a retry would take as long again. */
export const isTimeLimit = (error: unknown): boolean => some(error, (one) => limitStates.test(codeOf(one)));

/** True when the database gave no answer, for any reason. Work that depends on the answer has to be retried later. */
export const isUnanswered = (error: unknown): boolean => isConnectionFailure(error) || isTimeLimit(error);

/** The error for clients when the database gave no answer; undefined for any other error. */
export function unansweredError(error: unknown): CodedError | undefined {
  if (isTimeLimit(error)) return timedOut();
  return isConnectionFailure(error) ? unavailable() : undefined;
}

/** Why the database refuses writes, if the error says so: disk full (SQLSTATE 53100) or read-only (25006). */
export function writeRefusal(error: unknown): 'full' | 'read-only' | undefined {
  if (some(error, (one) => codeOf(one) === '53100')) return 'full';
  return some(error, (one) => codeOf(one) === '25006') ? 'read-only' : undefined;
}

/** The name of the violated unique constraint (SQLSTATE 23505); undefined for any other error. */
export function violatedConstraint(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || error.code !== '23505') return undefined;
  return 'constraint' in error && typeof error.constraint === 'string' ? error.constraint : undefined;
}

/**
 * True when a statement was not executed because the connection does not know the name under which it was prepared (SQLSTATE
 * 26000), or knows it already (42P05): a pooler has connected it with another session of the server. Newer versions of PgBouncer
 * say the former as a violation of the protocol (08P01).
 */
export const isNameLost = (error: unknown): boolean =>
  error instanceof Error &&
  (/^(26000|42P05)$/.test(codeOf(error)) || (codeOf(error) === '08P01' && /prepared statement/.test(error.message)));

/** True when PostgreSQL rolled a transaction back to resolve a deadlock (SQLSTATE 40P01). */
export const isDeadlock = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === '40P01';

/** True when a replica ended a statement because of what it was to replay (SQLSTATE 40001), also by a deadlock with it. */
export const isConflict = (error: unknown): boolean => some(error, (one) => /^(40001|40P01)$/.test(codeOf(one)));

/** True when a statement that a replica refused would be refused by the primary, too: for its values, or its time limit. */
export const isRefusedAnywhere = (error: unknown): boolean =>
  isTimeLimit(error) || some(error, (one) => codeOf(one).startsWith('22'));
