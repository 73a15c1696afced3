import type { Operation } from '../operation.js';
import { endExpired } from './end-sessions.js';

/** Ended in one transaction: others wait for its rows and its signals no longer than for this many. */
const batchSize = 500;

/**
 * Puts on record that sessions have run out, so that consoles see them go. A session is refused at
 * the instant of its end whether or not this has run.
 */
export async function expireSessions(operation: Operation): Promise<void> {
  const { database } = operation.services;
  for (let ended = batchSize; ended === batchSize; )
    ended = await database.transaction((em) => endExpired(em, operation, batchSize));
}
