import type { Client } from '../tests/support/client.js';
import { eventually } from '../tests/support/eventually.js';
import type { ResumingReader } from '../tests/support/resuming-reader.js';
import type { Count } from './audit.js';
import type { Ground } from './ground.js';

interface Place {
  readonly id: string;
  readonly cursor: string;
}

export async function newestEvent(admin: Client): Promise<Place> {
  const event = await eventually(async () => {
    const { data } = await admin.ask('{ securityEvents(last: 1) { nodes { id cursor } } }');
    return data['securityEvents']?.['nodes']?.[0];
  });
  return { id: String(event['id']), cursor: String(event['cursor']) };
}

const behind = `
  select e.id from security_events e
  where e.sequence > (select f.sequence from security_events f where f.id = $1) order by e.sequence`;

/**
 * Compares what a reader has received with the table, once everything has arrived.
 * @param from id of the event behind which it began
 */
export async function compare(
  ground: Ground,
  scenario: string,
  { seen }: Pick<ResumingReader, 'seen'>,
  from: string,
): Promise<Count[]> {
  const wanted = (await ground.rows<{ id: string }>(behind, [from])).map(({ id }) => id);
  const last = wanted.at(-1);
  await eventually(() => last === undefined || seen.includes(last), 60_000).catch(() => undefined);
  const distinct = [...new Set(seen)];
  const expected = wanted.filter((id) => distinct.includes(id));
  return [
    { scenario, what: 'events received by a reader', value: seen.length },
    { scenario, what: 'events missing', value: wanted.length - expected.length, atMost: 0 },
    { scenario, what: 'events doubled', value: seen.length - distinct.length, atMost: 0 },
    { scenario, what: 'events out of order', value: expected.filter((id, n) => id !== distinct[n]).length, atMost: 0 },
  ];
}
