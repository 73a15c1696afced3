import type { Operation } from '../operation.js';
import { Session } from './session.entity.js';
import { endSession } from './sessions.js';

const batchSize = 100;

/**
 * Puts on record that sessions have run out, so that consoles see them go. A session is refused at
 * the instant of its end whether or not this has run.
 */
export async function expireSessions(operation: Operation): Promise<void> {
  const { database, clock } = operation.services;
  for (let ended = batchSize; ended === batchSize; ) {
    ended = await database.transaction(async (em) => {
      const due: { id: string }[] = await em.execute(
        'select id from sessions where ended_at is null and expires_at <= ? order by expires_at limit ? for update skip locked',
        [clock.now(), batchSize],
      );
      const sessions = await em.find(
        Session,
        due.map(({ id }) => id),
      );
      for (const session of sessions) await endSession(em, operation, session, 'EXPIRED');
      return sessions.length;
    });
  }
}
