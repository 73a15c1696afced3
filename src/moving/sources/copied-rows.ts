import type { Readable } from './found.js';
import { linesOf } from './lines.js';

/** A row of a table, by column; null where the database has none. */
export type Row = ReadonlyMap<string, string | null>;

export interface CopiedRow {
  /** Line of the dump, from 1. */
  readonly at: number;
  /** Without its schema. */
  readonly table: string;
  /** Undefined: the line is too long, not UTF-8, or has another number of columns than the table. */
  readonly row: Row | undefined;
}

const heading = /^COPY (?:"?[\w$]+"?\.)?"?([\w$]+)"? \((.*)\) FROM stdin;$/;

/** Reads the blocks `COPY table (columns) FROM stdin;` of a dump in plain text, as `pg_dump` writes it. */
export async function* copiedRows(file: Readable): AsyncIterable<CopiedRow> {
  let table: string | undefined;
  let columns: string[] = [];
  for await (const { at, text } of linesOf(file)) {
    if (table === undefined) {
      const found = text === undefined ? null : heading.exec(text);
      [table, columns] = [found?.[1], (found?.[2] ?? '').split(',').map((name) => name.trim().replaceAll('"', ''))];
    } else if (text === '\\.') table = undefined;
    else yield { at, table, row: text === undefined ? undefined : rowOf(text, columns) };
  }
}

function rowOf(text: string, columns: readonly string[]): Row | undefined {
  const cells = text.split('\t');
  if (cells.length !== columns.length) return undefined;
  return new Map(columns.map((name, place) => [name, cellOf(cells[place] ?? '')]));
}

const escapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** See "Text Format" in PostgreSQL's documentation of COPY; pg_dump writes no octal and hexadecimal digits. */
const cellOf = (text: string): string | null =>
  text === '\\N' ? null : text.replaceAll(/\\(.)/g, (_, letter: string) => escapes[letter] ?? letter);
