import { after } from '../../clock.js';
import { takeAdvisoryLock } from '../../database/advisory-locks.js';
import type { Transaction } from '../../database/transaction.js';
import type { Services } from '../../services.js';
import { type Head, writeHead } from './event-heads.js';

/** Partitions whose month was over at an instant, the oldest first; never the one that is published to. */
const due = `
  select p.name from (
    select c.relname as name, to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month' as "end"
    from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'security_events'::regclass
  ) p where p."end" at time zone 'UTC' <= $1 order by p."end"`;

const startOfKept = `
  delete from event_heads where kind <> 'genesis' and sequence < $1::bigint`;

/**
 * Drops the security events of months that are over for longer than EVENT_RETENTION. The last event that is dropped stays
 * as a signed head, so that the chain can be verified from there.
 * @returns how many months were dropped
 */
export async function dropExpiredEvents(services: Services): Promise<number> {
  const { database, clock, config } = services;
  const keptFrom = after(clock.now(), -config.eventRetention);
  await database.sql.rows('delete from event_verifications where verified_at < $1', [keptFrom]);
  const expired = await database.sql.rows<{ name: string }>(due, [keptFrom]);
  for (const { name } of expired) await database.transaction((tx) => dropMonth(tx, services, name));
  return expired.length;
}

/** @param partition a name that the catalogue gave; it is an identifier in the statement */
async function dropMonth(tx: Transaction, services: Services, partition: string): Promise<void> {
  await takeAdvisoryLock(tx, 'publishing');
  const last = await tx.row<Head & { hash: Buffer | null }>(
    `select e.sequence::text, e.hash from "${partition}" e order by e.sequence desc limit 1`,
  );
  await tx.rows(`drop table "${partition}"`);
  // Events from before the chain have no hash; the chain begins behind them anyway.
  if (!last?.hash) return;
  await writeHead(tx, services, 'retention', last);
  await tx.rows(startOfKept, [last.sequence]);
}
