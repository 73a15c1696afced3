import { lockedIds } from '../accounts/locked-ids.js';
import { after, days } from '../clock.js';
import { type BoundedCount, boundedCount } from '../database/bounded-count.js';
import { mailTask } from '../mail/outbox.js';
import type { Operation } from '../operation.js';
import { endingGrants } from './ending-grants.js';

/** Until when a grant ends that is counted, in milliseconds from now. */
const soon = days(7);

const now = ({ services }: Operation): Date => services.clock.now();

/** Neither ended nor expired. */
export const countOpenSessions = (operation: Operation): Promise<BoundedCount> =>
  boundedCount(operation.services.database.sql, 'from sessions s where s.ended_at is null and s.expires_at > $1', [
    now(operation),
  ]);

/** An account may be locked in several ways. */
const locked = `from (
  select distinct l.user_id from (${lockedIds('$1')}) l where exists (select from users u where u.id = l.user_id)
) locked`;

export const countLockedAccounts = (operation: Operation): Promise<BoundedCount> =>
  boundedCount(operation.services.database.sql, locked, [now(operation)]);

export const countAccounts = (operation: Operation): Promise<BoundedCount> =>
  boundedCount(operation.services.database.sql, 'from users u');

/** Grants in force that end within a week. */
export const countEndingGrants = (operation: Operation): Promise<BoundedCount> =>
  boundedCount(operation.services.database.sql, `from ${endingGrants('$1', '$2')}`, [
    now(operation),
    after(now(operation), soon),
  ]);

/** Work of the queue. */
export interface WorkStanding {
  /** Not done yet, or running; without periodic work. */
  readonly waiting: BoundedCount;
  /** As `failedJobs` lists it, with periodic work. */
  readonly failed: BoundedCount;
}

/** Each half has an index. */
const unfinished = ['j.attempts = 0', 'j.attempts > 0']
  .map(
    (tries) => `select from jobs j where j.task = any($1) and ${tries} and j.due_at is not null and not j.is_periodic`,
  )
  .join(' union all ');

/** @param isMail whether mails are meant, or everything else */
export async function countWork({ services }: Operation, isMail: boolean): Promise<WorkStanding> {
  const { database, queue } = services;
  const tasks = queue.taskNames.filter((name) => (name === mailTask) === isMail);
  const [waiting, failed] = await Promise.all([
    boundedCount(database.sql, `from (${unfinished}) unfinished`, [tasks]),
    boundedCount(database.sql, 'from jobs j where j.failed_at is not null and (j.task = $1) = $2', [mailTask, isMail]),
  ]);
  return { waiting, failed };
}
