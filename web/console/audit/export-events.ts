import { gatehouse } from '../../session';
import {
  type ConsoleEventFragment,
  ConsoleEventPagesDocument,
  type ConsoleEventPagesQuery,
  type SecurityEventFilter,
} from './operations';

export type ExportFormat = 'jsonl' | 'csv';

/** How many events a file holds at most, so that it fits into the memory of a browser. */
const mostExported = 200_000;
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

export interface AskedExport {
  readonly filter: SecurityEventFilter;
  readonly format: ExportFormat;
  readonly before: string;
}

export interface Exported {
  readonly content: Blob;
  readonly count: number;
  readonly isComplete: boolean;
}

/**
 * Reads the events that a filter leaves, page by page from the newest to the oldest.
 * @param asked `before` is where the export ends, by `beginSecurityEventExport`
 * @param onProgress is told how many were read
 * @returns the events in their order, the oldest first
 * @throws GatehouseError; AbortError when it is stopped
 */
export async function exportEvents(
  { filter, format, before }: AskedExport,
  onProgress: (count: number) => void,
  signal: AbortSignal,
): Promise<Exported> {
  const pages: string[] = [];
  const line = format === 'csv' ? asCsv : asJson;
  const head = format === 'csv' ? `${[...columns, 'details'].join(',')}\r\n` : '';
  let count = 0;
  for (let place = before; ; ) {
    const variables = { filter, last: pageSize, before: place };
    const { securityEvents }: ConsoleEventPagesQuery = await gatehouse.request(ConsoleEventPagesDocument, variables);
    signal.throwIfAborted();
    const { nodes, pageInfo } = securityEvents;
    pages.push(nodes.map(line).join(''));
    count += nodes.length;
    onProgress(count);
    const { hasPreviousPage, startCursor } = pageInfo;
    if (!hasPreviousPage || startCursor === null || count >= mostExported)
      return {
        content: new Blob([head, ...pages.reverse()], { type: types[format] }),
        count,
        isComplete: !hasPreviousPage,
      };
    place = startCursor;
  }
}

const types = { csv: 'text/csv;charset=utf-8', jsonl: 'application/x-ndjson' };

const asJson = (event: ConsoleEventFragment): string => `${JSON.stringify(event)}\n`;

/** RFC 4180. */
const asCsv = (event: ConsoleEventFragment): string =>
  `${[...columns.map((name) => event[name] ?? ''), JSON.stringify(event.details)].map(csvCell).join(',')}\r\n`;

/** A cell that a spreadsheet would take for a formula begins with an apostrophe (OWASP, CSV injection). */
function csvCell(value: string): string {
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
