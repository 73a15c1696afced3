import { encodeCursor } from '../database/keyset.js';
import type { Operation } from '../operation.js';
import { assertRecentProof } from '../recent-proof.js';
import type { EventFilter } from './event-rows.js';
import { soughtWords } from './event-words.js';
import { record } from './record.js';

/** Also the values of the GraphQL enum `SecurityEventExportFormat`. */
export enum ExportFormat {
  JSON_LINES = 'JSON_LINES',
  CSV = 'CSV',
}

export interface EventExport {
  readonly format: ExportFormat;
  readonly filter: EventFilter | null | undefined;
}

const nextNumber = 'select (coalesce(max(e.sequence), 0) + 1)::text as next from security_events e';
const noId = '00000000-0000-0000-0000-000000000000';

/**
 * Records that the caller exports events. The events themselves are read as any list is.
 * @returns the cursor behind the events that are published by now, which the list takes as `before`
 * @throws Refusal REAUTHENTICATION_REQUIRED; BAD_USER_INPUT for a text that `soughtWords` refuses
 */
export async function beginExport(operation: Operation, { format, filter }: EventExport): Promise<string> {
  if (filter?.text != null) soughtWords(filter.text);
  const { database } = operation.services;
  const given = Object.entries(filter ?? {}).filter(([, value]) => value != null);
  const details = { format, ...(given.length > 0 && { filter: Object.fromEntries(given) }) };
  const row = await database.transaction(async (tx) => {
    await assertRecentProof(tx, operation);
    record(tx, operation, { type: 'EVENTS_EXPORTED', details });
    return tx.row<{ next: string }>(nextNumber);
  });
  return encodeCursor({ value: row?.next ?? '1', id: noId });
}
