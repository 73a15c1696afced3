import type { Services } from '../services.js';
import type { Finding } from './finding.js';

/** A difference of clocks that is worth telling, in milliseconds. */
const notableSkew = 2000;

export const extensionFinding = (hasTrigrams: boolean): Finding =>
  hasTrigrams
    ? { check: 'extensions', state: 'ok', told: 'pg_trgm is available, which makes searches fast.' }
    : {
        check: 'extensions',
        state: 'warning',
        told: 'pg_trgm is missing: searches read every user or post. Install contrib.',
      };

/** @param off difference between the clocks of this host and of the database, in milliseconds */
export function clockFinding(off: number): Finding {
  if (Math.abs(off) < notableSkew) return { check: 'clock', state: 'ok', told: 'This host and the database agree.' };
  const told = `This host and the database differ by ${(Math.abs(off) / 1000).toFixed(1)} s; the service goes by the database.`;
  return { check: 'clock', state: 'warning', told };
}

/** With REDIS_URL, when nobody needs notifications. */
const outboxFinding = (isRead: boolean): Finding =>
  isRead
    ? { check: 'signals', state: 'ok', told: 'Signals are read from the database, four times a second.' }
    : {
        check: 'signals',
        state: 'warning',
        told: `Signals are not read in time, or a transaction still runs that began before this process did: nothing is answered \
from memory. Look for it in pg_stat_activity.`,
      };

export const signalFinding = (isHeard: boolean): Finding =>
  isHeard
    ? { check: 'signals', state: 'ok', told: 'Notifications arrive.' }
    : {
        check: 'signals',
        state: 'warning',
        told: 'Notifications do not arrive, as through a pooler in transaction mode. Connect directly, or use REDIS_URL.',
      };

const facts = `
  select current_setting('server_version') as version, extract(epoch from clock_timestamp()) * 1000 as time,
    exists (select from pg_available_extensions where name = 'pg_trgm') as "hasTrigrams"`;

/** Checks the database from inside a running service. */
export async function databaseFindings({ database, signals, redisBus }: Services): Promise<Finding[]> {
  const asked = Date.now();
  const row = await database.sql.row<{ version: string; time: number; hasTrigrams: boolean }>(facts);
  const off = Number(row?.time) - (asked + Date.now()) / 2;
  return [
    { check: 'database', state: 'ok', told: `PostgreSQL ${row?.version} answers.` },
    extensionFinding(row?.hasTrigrams ?? false),
    clockFinding(off),
    redisBus ? outboxFinding(signals.isListening) : signalFinding(signals.isListening),
  ];
}
