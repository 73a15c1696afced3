import { setTimeout as sleep } from 'node:timers/promises';
import { seconds } from '../clock.js';
import type { Sql } from './sql.js';

const outcome = 'select pg_xact_status($1::text::xid8) as status';
/** How long, and at which interval, the outcome of a COMMIT without an answer is queried; both in milliseconds. */
const outcomePatience = seconds(10);
const outcomePause = 100;

/**
 * Whether a transaction was committed although the answer to COMMIT was lost. Queries the outcome over other connections for
 * up to 10 seconds. Without this, the caller would be told to retry and would then conflict with their own change.
 * @param id of the transaction
 */
export async function wasCommitted(sql: Sql, id: string): Promise<boolean> {
  for (const end = performance.now() + outcomePatience; performance.now() < end; await sleep(outcomePause)) {
    const row = await sql.row<{ status: string | null }>(outcome, [id]).catch(() => undefined);
    if (row && row.status !== 'in progress') return row.status === 'committed';
  }
  return false;
}
