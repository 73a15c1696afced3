import { isConnectionFailure } from '../database/connection-failure.js';
import type { Operation } from '../operation.js';
import { traceOf } from '../operations/trace.js';
import { PartlyFailed } from '../queue/partly-failed.js';
import { endExpired, expiredIds } from './end-sessions.js';

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
    for (let ended = batchSize; ended === batchSize; ) {
      signal?.throwIfAborted();
      ended = await database.transaction((tx) => endExpired(tx, operation, batchSize));
    }
  } catch (error) {
    if (isConnectionFailure(error) || signal?.aborted) throw error;
    await endOneByOne(operation, signal);
  }
}

async function endOneByOne(operation: Operation, signal: AbortSignal | undefined): Promise<void> {
  const { database, log } = operation.services;
  const failures: unknown[] = [];
  for (const session of await expiredIds(operation, batchSize)) {
    signal?.throwIfAborted();
    await database
      .transaction((tx) => endExpired(tx, operation, 1, session))
      .catch((error: unknown) => {
        if (isConnectionFailure(error)) throw error;
        failures.push(error);
        log.warn({ session, ...traceOf(error) }, 'An expired session could not be ended');
      });
  }
  if (failures.length > 0) throw new PartlyFailed(failures);
}
