import { decodeCursor } from '../src/database/keyset.js';
import { cursorOf } from '../src/security-events/event-rows.js';
import type { Client } from '../tests/support/client.js';
import { eventually } from '../tests/support/eventually.js';
import type { ResumingReader } from '../tests/support/resuming-reader.js';
import { type Count, none } from './count.js';
import type { Ground } from './ground.js';

/** A reader, and which events it has to receive. */
export interface Follower {
  readonly reader: ResumingReader;
  /** On `security_events e`; its parameters begin with $2. */
  readonly condition: string;
  readonly values: readonly unknown[];
}

export async function newestCursor(admin: Client): Promise<string> {
  const event = await eventually(async () => {
    const { data } = await admin.ask('{ securityEvents(last: 1) { nodes { cursor } } }');
    return data['securityEvents']?.['nodes']?.[0];
  }, 60_000);
  return String(event['cursor']);
}

/**
 * Compares what readers have received with the table, once everything has arrived.
 * @param after cursor of the event behind which they began
 */
export async function compare(ground: Ground, followers: readonly Follower[], after: string): Promise<Count[]> {
  const findings = await Promise.all(followers.map((follower) => findingsOf(ground, follower, after)));
  const sum = (what: keyof (typeof findings)[number]) => findings.reduce((total, finding) => total + finding[what], 0);
  return [
    { what: `events received by ${followers.length} readers`, value: sum('received') },
    none('events missing', sum('missing')),
    none('events doubled', sum('doubled')),
    none('events out of order', sum('disordered')),
    none('events that were not for the reader', sum('foreign')),
  ];
}

async function findingsOf(ground: Ground, { reader: { cursors }, condition, values }: Follower, after: string) {
  const text = `select e.id, e.sequence::text from security_events e
    where e.sequence > $1 and (${condition}) order by e.sequence`;
  const rows = await ground.rows<{ id: string; sequence: string }>(text, [decodeCursor(after)?.value, ...values]);
  const wanted = rows.map(cursorOf);
  await eventually(() => cursors.length >= wanted.length, 60_000, 50).catch(() => undefined);
  const [got, meant] = [new Set(cursors), new Set(wanted)];
  const expected = wanted.filter((cursor) => got.has(cursor));
  const known = [...got].filter((cursor) => meant.has(cursor));
  return {
    received: cursors.length,
    missing: wanted.length - expected.length,
    doubled: cursors.length - got.size,
    disordered: expected.filter((cursor, n) => cursor !== known[n]).length,
    foreign: got.size - known.length,
  };
}
