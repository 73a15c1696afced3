import { gatehouse } from '../../session';
import {
  type ConsoleEventFragment,
  ConsoleEventPagesDocument,
  type ConsoleEventPagesQuery,
  type SecurityEventFilter,
} from './operations';

export type ExportFormat = 'jsonl' | 'csv';

/** How many events a file holds at most, so that it fits into the memory of a browser. */
export const mostExported = 200_000;
const pageSize = 100;

const columns = [
  'occurredAt',
  'type',
  'actorId',
  'actorName',
  'subjectId',
  'subjectName',
  'ipAddress',
  'device',
  'userAgent',
  'requestId',
  'id',
] as const satisfies readonly (keyof ConsoleEventFragment)[];

export interface Exported {
  readonly content: Blob;
  readonly count: number;
  readonly isComplete: boolean;
}

/**
 * Reads the events that a filter leaves, page by page, the oldest first. What arrives while it reads is not part of it.
 * @param onProgress is told how many were read
 * @throws GatehouseError; AbortError when it is stopped
 */
export async function exportEvents(
  {
    filter,
    format,
    until,
  }: { readonly filter: SecurityEventFilter; readonly format: ExportFormat; readonly until: Date },
  onProgress: (count: number) => void,
  signal: AbortSignal,
): Promise<Exported> {
  const parts: string[] = format === 'csv' ? [`${[...columns, 'details'].join(',')}\r\n`] : [];
  const line = format === 'csv' ? asCsv : asJson;
  const bounded = { ...filter, until: filter.until ?? until.toISOString() };
  let count = 0;
  for (let after: string | null = null; ; ) {
    const { securityEvents }: ConsoleEventPagesQuery = await gatehouse.request(ConsoleEventPagesDocument, {
      filter: bounded,
      first: pageSize,
      after,
    });
    signal.throwIfAborted();
    parts.push(securityEvents.nodes.map(line).join(''));
    count += securityEvents.nodes.length;
    onProgress(count);
    const isComplete: boolean = !securityEvents.pageInfo.hasNextPage;
    if (isComplete || count >= mostExported)
      return { content: new Blob(parts, { type: types[format] }), count, isComplete };
    after = securityEvents.pageInfo.endCursor;
  }
}

const types = { csv: 'text/csv;charset=utf-8', jsonl: 'application/x-ndjson' };

const asJson = (event: ConsoleEventFragment): string => `${JSON.stringify(event)}\n`;

/** RFC 4180. */
export const asCsv = (event: ConsoleEventFragment): string =>
  `${[...columns.map((name) => event[name] ?? ''), JSON.stringify(event.details)].map(csvCell).join(',')}\r\n`;

/** A cell that a spreadsheet would take for a formula begins with an apostrophe (OWASP, CSV injection). */
function csvCell(value: string): string {
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
