import { Readable as Stream } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { type Found, problem, type Readable } from './found.js';
import { longestLine } from './lines.js';

interface Parsed {
  readonly record: Readonly<Record<string, string>>;
  readonly info: { readonly lines: number };
}

/** Columns whose text is not taken as it is. Empty cells are absent fields. */
const flags: ReadonlySet<string> = new Set(['verified', 'active', 'admin', 'emailNotifications']);
const truths: Readonly<Record<string, boolean>> = {
  true: true,
  t: true,
  yes: true,
  '1': true,
  false: false,
  f: false,
  no: false,
  '0': false,
};

/**
 * Reads CSV (RFC 4180) whose first line names the fields of JSON Lines. `roles` are separated by `;`, and `totpSecret` is the
 * seed of a confirmed authenticator. What is behind a quote that is never closed is not read.
 */
export async function* csv(file: Readable): AsyncIterable<Found> {
  const skipped: Found[] = [];
  const options = {
    bom: true,
    columns: (names: string[]) => names.map((name) => name.trim()),
    info: true,
    max_record_size: longestLine,
    skip_empty_lines: true,
    skip_records_with_error: true,
    on_skip: (error: CsvError | undefined) => void skipped.push(...faultsOf(error)),
  } as const;
  const parser = Stream.from(file.chunks()).pipe(parse(options));
  try {
    for await (const { record, info } of parser as AsyncIterable<Parsed>) {
      yield* skipped.splice(0);
      yield { at: info.lines, value: recordIn(record) };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    skipped.push(...faultsOf(error));
  }
  yield* skipped;
}

/** The parser's message quotes the line. */
function faultsOf(error: CsvError | undefined): Found[] {
  if (!error) return [];
  const at = Number(error['lines'] ?? 1);
  const isTooLong = error.code === 'CSV_MAX_RECORD_SIZE';
  return [
    isTooLong
      ? { at, problem: problem('LINE_TOO_LONG', `The record is longer than ${longestLine} bytes.`) }
      : { at, problem: problem('MALFORMED', `The line is not CSV with the fields of the first line (${error.code}).`) },
  ];
}

function recordIn(cells: Readonly<Record<string, string>>): Record<string, unknown> {
  const fields = Object.entries(cells).filter(([, text]) => text !== '');
  return Object.fromEntries(fields.map(([name, text]) => fieldOf(name, text)));
}

function fieldOf(name: string, text: string): [string, unknown] {
  if (name === 'roles') return [name, text.split(';').filter((role) => role.trim() !== '')];
  if (name === 'totpSecret') return ['twoFactor', { secret: text }];
  return [name, flags.has(name) ? (truths[text.trim().toLowerCase()] ?? text) : text];
}
