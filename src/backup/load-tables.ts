import { createHash, type Hash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { isConnectionFailure } from '../database/connection-failure.js';
import type { ArchiveReader } from './archive.js';
import { type Contents, entryNames, type Header, UnusableBackupError } from './backup-format.js';
import { listed, measure, quoted, type Table, tablesIn } from './catalogue.js';
import { linesIn } from './lines.js';
import { altered } from './read-header.js';

type Tables = Header['tables'];

export interface Loading {
  readonly header: Header;
  /** The tables of the backup that are of this service. */
  readonly known: Tables;
}

type OnRows = (done: number, total: number) => void;

/**
 * Empties the tables of a new database and loads those of the backup, without its triggers.
 * @returns the checksums of what was read
 * @throws UnusableBackupError
 */
export async function loadTables(
  client: pg.Client,
  archive: ArchiveReader,
  { header: { tables, months, sequences }, known }: Loading,
  onRows: OnRows,
): Promise<Contents['tables']> {
  for (const { name } of known) await client.query(`alter table ${quoted(name)} disable trigger user`);
  await client.query(`truncate ${known.map(({ name }) => quoted(name)).join(', ')}`);
  for (const month of months)
    await client.query('select gatehouse_event_partition($1)', [`${month.replace('_', '-')}-15T00:00:00Z`]);
  const total = tables.reduce((sum, { rows }) => sum + Number(rows), 0);
  const read: Contents['tables'] = [];
  let done = 0;
  for (const table of tables) {
    const hash = createHash('sha256');
    const parts = partsOf(archive, table.name, hash, (rows) => {
      done += rows;
      onRows(done, total);
    });
    if (known.includes(table)) await copyInto(client, table, parts);
    else for await (const _part of parts);
    read.push({ name: table.name, sha256: hash.digest('hex') });
  }
  for (const { name, last, isCalled } of sequences)
    await client.query('select setval(to_regclass($1), $2, $3)', [quoted(name), last, isCalled]);
  return read;
}

/** Compares rows, and a hash of each, with the backup. @throws UnusableBackupError */
export async function compareTables(client: pg.Client, tables: Tables): Promise<void> {
  for (const table of tables) {
    const { rows, digest } = await measure(client, table);
    if (rows !== table.rows || digest !== table.digest) throw altered(`: table ${table.name} has other rows`);
  }
}

export async function enableTriggers(client: pg.Client, tables: Tables): Promise<void> {
  for (const { name } of tables) await client.query(`alter table ${quoted(name)} enable trigger user`);
}

/**
 * Names of the backup get into statements only if the database has them, too.
 * @returns the tables of the backup that are of this service
 * @throws UnusableBackupError when they are not those of the database
 */
export async function knownTables(client: pg.Client, { tables }: Header): Promise<Tables> {
  const columns = new Map((await tablesIn(client)).map((table) => [table.name, table.columns.join()]));
  const known = tables.filter(({ name }) => columns.has(name));
  if (known.length === columns.size && known.every((table) => table.columns.join() === columns.get(table.name)))
    return known;
  throw new UnusableBackupError(
    'The tables of the backup are not those of this program; restore it with the version that made it.',
  );
}

async function* partsOf(archive: ArchiveReader, table: string, hash: Hash, onRows: (rows: number) => void) {
  const prefix = entryNames.part(table, 0).replace(/[^/]*$/, '');
  while ((await archive.peek())?.name.startsWith(prefix)) {
    const { content } = await archive.take();
    for await (const part of content) {
      hash.update(part);
      onRows(linesIn(part));
      yield part;
    }
  }
}

/** Errors of the database quote values, so they are told by their code. */
async function copyInto(client: pg.Client, table: Table, parts: AsyncIterable<Buffer>): Promise<void> {
  const copy = client.query(copyFrom(`copy ${quoted(table.name)} (${listed(table)}) from stdin`));
  try {
    await pipeline(Readable.from(parts), copy);
  } catch (error) {
    if (error instanceof UnusableBackupError || isConnectionFailure(error)) throw error;
    if (!(error instanceof pg.DatabaseError)) throw error;
    throw /^2[23]/.test(String(error.code))
      ? altered(` (table ${table.name}, ${error.code})`)
      : new UnusableBackupError(
          `The database refused the rows of table ${table.name} (${error.code}); nothing was restored.`,
        );
  }
}
