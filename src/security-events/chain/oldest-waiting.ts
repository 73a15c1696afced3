import type { Services } from '../../services.js';

const oldest = `
  select coalesce(greatest(0, extract(epoch from now() - min(occurred_at))), 0)::float8 as age from security_event_outbox`;

/** @returns the age of the oldest event that is not published yet, in seconds; 0 when there is none */
export async function oldestWaiting({ database }: Services): Promise<number> {
  return (await database.sql.row<{ age: number }>(oldest))?.age ?? 0;
}
