import type { Operation } from '../operation.js';
import { endExpired } from './end-sessions.js';

/** Sessions per transaction: limits how long other transactions wait for its locks and signals. */
const batchSize = 500;

/**
 * Marks expired sessions as ended and records the events, so that consoles are updated. An expired session is refused
 * anyway, whether or not this has run.
 */
export async function expireSessions(operation: Operation): Promise<void> {
  const { database } = operation.services;
  for (let ended = batchSize; ended === batchSize; )
    ended = await database.transaction((tx) => endExpired(tx, operation, batchSize));
}
