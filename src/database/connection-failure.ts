/** SQLSTATE classes: 08 connection exception, 53 insufficient resources, 57 operator intervention. */
const awayStates = /^(08|53|57)/;
const awaySockets = /^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN)$/;
const awayMessages =
  /Connection terminated|Transaction query already complete|not queryable|timeout exceeded when trying to connect|Timeout acquiring a connection|Client has encountered a connection error/;

/** Whether an error says that the database cannot be reached now, rather than that a statement was wrong. */
export function isConnectionFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (awayStates.test(code) || awaySockets.test(code) || awayMessages.test(error.message)) return true;
  if (error instanceof AggregateError) return error.errors.some(isConnectionFailure);
  return isConnectionFailure(error.cause);
}

/** The name of the unique constraint an error reports as violated, if that is what it is. */
export function violatedConstraint(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || error.code !== '23505') return undefined;
  return 'constraint' in error && typeof error.constraint === 'string' ? error.constraint : undefined;
}

/** Whether PostgreSQL undid it because two transactions waited for each other. */
export const isDeadlock = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === '40P01';
