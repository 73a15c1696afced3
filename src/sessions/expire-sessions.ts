import { isConnectionFailure } from '../database/connection-failure.js';
import type { Transaction } from '../database/transaction.js';
import type { Operation } from '../operation.js';
import { traceOf } from '../operations/trace.js';
import { PartlyFailed } from '../queue/partly-failed.js';
import { endExpired } from './end-sessions.js';

/** Sessions per transaction: limits how long other transactions wait for its locks and signals. */
const batchSize = 500;

/**
 * Marks expired sessions as ended and records the events, so that consoles are updated. An expired session is refused
 * anyway, whether or not this has run. When a batch fails, its sessions are ended one by one, so a faulty one does not
 * block the others; it is logged and tried again in the next run.
 * @param signal looked at before each batch
 * @throws PartlyFailed when there were faulty ones; the signal's reason
 */
export async function expireSessions(operation: Operation, signal?: AbortSignal): Promise<void> {
  const { database } = operation.services;
  try {
    for (let checked = batchSize; checked === batchSize; ) {
      signal?.throwIfAborted();
      checked = await database.transaction((tx) => checkExpiry(tx, operation));
    }
  } catch (error) {
    if (isConnectionFailure(error) || signal?.aborted) throw error;
    await checkOneByOne(operation, signal);
  }
}

async function checkOneByOne(operation: Operation, signal: AbortSignal | undefined): Promise<void> {
  const { database, log, clock } = operation.services;
  const failures: unknown[] = [];
  for (const { id: session } of await database.sql.rows<{ id: string }>(dueSessions(), [clock.now(), batchSize])) {
    signal?.throwIfAborted();
    await database
      .transaction((tx) => checkExpiry(tx, operation, session))
      .catch((error: unknown) => {
        if (isConnectionFailure(error)) throw error;
        failures.push(error);
        log.warn({ session, ...traceOf(error) }, 'An expired session could not be ended');
      });
  }
  if (failures.length > 0) throw new PartlyFailed(failures);
}

interface Due {
  readonly id: string;
  readonly isOver: boolean;
}

/** The sessions to look at, those due first at first: `$1` now, `$2` how many at most. */
const dueSessions = (condition = ''): string => `
  select id, expires_at <= $1 as "isOver" from sessions where ended_at is null and expiry_check_at <= $1 ${condition}
  order by expiry_check_at limit $2`;

const postponed = 'update sessions set expiry_check_at = expires_at where id = any($1::uuid[])';

/**
 * Looks at some sessions that are due and skips locked ones. Ends those that have expired, and puts off the look at those that
 * were refreshed since.
 * @param only id of the one session to look at; null: any
 * @returns how many it has looked at
 */
async function checkExpiry(tx: Transaction, operation: Operation, only: string | null = null): Promise<number> {
  const text = `${dueSessions(only === null ? '' : 'and id = $3::uuid')} for no key update skip locked`;
  const due = await tx.rows<Due>(text, [operation.services.clock.now(), batchSize, ...(only === null ? [] : [only])]);
  const idsOf = (isOver: boolean) => due.filter((one) => one.isOver === isOver).map(({ id }) => id);
  const [over, prolonged] = [idsOf(true), idsOf(false)];
  if (prolonged.length > 0) await tx.rows(postponed, [prolonged]);
  if (over.length > 0) await endExpired(tx, operation, over);
  return due.length;
}
