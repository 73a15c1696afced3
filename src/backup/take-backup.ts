import { createHash } from 'node:crypto';
import type { Writable } from 'node:stream';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { migrationStates } from '../database/migrate.js';
import { UnusableDatabaseError } from '../database/prepare-database.js';
import { withoutLimits } from '../database/time-limits.js';
import type { SecretBox } from '../secrets.js';
import { openPrivateKey } from '../sessions/signing-key-material.js';
import { type ArchiveWriter, writeArchive } from './archive.js';
import { type Contents, entryNames, fingerprintOf, format, type Header, sealOf } from './backup-format.js';
import {
  listed,
  measure,
  monthsIn,
  noTimeLimit,
  plainSettings,
  quoted,
  sequencesIn,
  type Table,
  tablesIn,
} from './catalogue.js';
import { linesIn } from './lines.js';
import { isRestorable } from './restorable.js';

/** Size from which the rows that were read become an entry of the archive, in bytes. */
const partSize = 1024 ** 2;

export interface Taking {
  readonly url: string;
  readonly secrets: SecretBox;
  /** Version of this program. */
  readonly program: string;
  readonly output: Writable;
  /** Called with the number of rows written so far, and of all. */
  readonly onRows: (done: number, total: number) => void;
}

/**
 * Writes every table as of one snapshot, without holding up anybody who reads or writes meanwhile. Memory does not grow with
 * the number of rows.
 * @throws UnusableDatabaseError for a database without a service's tables; the error of the output
 */
export async function takeBackup(taking: Taking): Promise<Header> {
  const client = new pg.Client({ connectionString: withoutLimits(taking.url), application_name: 'gatehouse-backup' });
  client.on('error', () => undefined);
  await client.connect().catch((error: unknown) => {
    if (error instanceof pg.DatabaseError && error.code === '3D000') throw nothing();
    throw error;
  });
  try {
    const tables = await beginSnapshot(client);
    const header = await describe(client, tables, taking);
    const head = Buffer.from(`${JSON.stringify(header, null, 2)}\n`);
    await writeArchive(taking.output, async (archive) => {
      await archive.add(entryNames.header, head);
      const written = await copyTables(client, archive, header, taking.onRows);
      const contents: Contents = { tables: written, seal: sealOf(taking.secrets, head, written) };
      await archive.add(entryNames.contents, Buffer.from(`${JSON.stringify(contents, null, 2)}\n`));
    });
    return header;
  } finally {
    await client.end().catch(() => undefined);
  }
}

const nothing = () =>
  new UnusableDatabaseError(
    'there is nothing to back up: no service has used this database. Check DATABASE_URL and DATA_DIR.',
  );

/**
 * The locks conflict only with changes of the schema. They are taken before the snapshot, so that no table changes its shape
 * between the two.
 */
async function beginSnapshot(client: pg.Client): Promise<Table[]> {
  for (;;) {
    const tables = await tablesIn(client);
    if (tables.length === 0) throw nothing();
    await client.query(`begin isolation level repeatable read read only; ${plainSettings}`);
    await lock(client, tables);
    await client.query(noTimeLimit);
    // A migration ended meanwhile otherwise.
    if (JSON.stringify(await tablesIn(client)) === JSON.stringify(tables)) return tables;
    await client.query('rollback');
  }
}

async function lock(client: pg.Client, tables: readonly Table[]): Promise<void> {
  try {
    await client.query(`lock table ${tables.map(({ name }) => quoted(name)).join(', ')} in access share mode`);
  } catch (error) {
    // lock_not_available
    if (!(error instanceof pg.DatabaseError) || error.code !== '55P03') throw error;
    throw new UnusableDatabaseError(
      'something is changing the tables, such as a migration; try again when it has ended.',
    );
  }
}

const eventHead = `
  select e.sequence::text, encode(e.hash, 'hex') as hash from security_events e order by e.sequence desc limit 1`;

async function describe(client: pg.Client, tables: readonly Table[], { secrets, program }: Taking): Promise<Header> {
  const states = await migrationStates(client);
  const migrations = states.filter(({ isDone }) => isDone).map(({ name }) => name);
  if (migrations.length === 0) throw nothing();
  if (!isRestorable(migrations))
    throw new UnusableDatabaseError(
      'the tables are older than any that can be restored; run `gatehouse migrate up` first.',
    );
  await checkSecret(client, secrets);
  const measured: Header['tables'] = [];
  for (const table of tables)
    measured.push({ ...table, columns: [...table.columns], ...(await measure(client, table)) });
  const [head] = (await client.query(eventHead)).rows;
  const [now] = (await client.query<{ at: string }>('select now()::text as at')).rows;
  return {
    format,
    program,
    takenAt: new Date(String(now?.at)).toISOString(),
    migrations,
    secret: fingerprintOf(secrets),
    eventHead: head ?? null,
    months: await monthsIn(client),
    sequences: await sequencesIn(client),
    tables: measured,
  };
}

/** A backup under the wrong APP_SECRET would be refused under the right one. */
async function checkSecret(client: pg.Client, secrets: SecretBox): Promise<void> {
  const { rows } = await client.query<{ sealed: Buffer }>(
    'select sealed_private_jwk as sealed from signing_keys limit 1',
  );
  const [key] = rows;
  await (key && openPrivateKey(secrets, key.sealed))?.catch((error: Error) => {
    throw new UnusableDatabaseError(error.message);
  });
}

async function copyTables(
  client: pg.Client,
  archive: ArchiveWriter,
  { tables }: Header,
  onRows: Taking['onRows'],
): Promise<Contents['tables']> {
  const total = tables.reduce((sum, { rows }) => sum + Number(rows), 0);
  const written: Contents['tables'] = [];
  let done = 0;
  for (const table of tables) {
    const hash = createHash('sha256');
    let number = 0;
    for await (const part of partsOf(client, table)) {
      hash.update(part);
      await archive.add(entryNames.part(table.name, number++), part);
      done += linesIn(part);
      onRows(done, total);
    }
    written.push({ name: table.name, sha256: hash.digest('hex') });
  }
  return written;
}

/** The rows of a table as COPY writes them, in parts of a size that suits an archive. */
async function* partsOf(client: pg.Client, table: Table): AsyncGenerator<Buffer> {
  const rows = client.query(copyTo(`copy (select ${listed(table)} from ${quoted(table.name)}) to stdout`));
  let [waiting, size]: [Buffer[], number] = [[], 0];
  for await (const chunk of rows) {
    waiting.push(chunk);
    size += chunk.length;
    if (size < partSize) continue;
    yield Buffer.concat(waiting);
    [waiting, size] = [[], 0];
  }
  if (size > 0) yield Buffer.concat(waiting);
}
