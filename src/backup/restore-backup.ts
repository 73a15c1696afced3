import type { Readable } from 'node:stream';
import { isDeepStrictEqual } from 'node:util';
import pg from 'pg';
import { advisoryLocks } from '../database/advisory-locks.js';
import { migrationStates } from '../database/migrate.js';
import { prepareDatabase, UnusableDatabaseError } from '../database/prepare-database.js';
import { migrateTo } from '../database/run-migrations.js';
import { withoutLimits } from '../database/time-limits.js';
import type { Logger } from '../operations/logging.js';
import type { SecretBox } from '../secrets.js';
import { type Aftermath, endWhatIsOver, type Keeping } from './after-restore.js';
import { ArchiveReader } from './archive.js';
import { type Header, sealOf } from './backup-format.js';
import { noTimeLimit, plainSettings } from './catalogue.js';
import { checkTarget } from './empty-target.js';
import { withoutIndexes } from './indexes.js';
import { compareTables, enableTriggers, knownTables, loadTables } from './load-tables.js';
import { altered, type ReadHeader, readContents, readHeader } from './read-header.js';

export interface Restored extends Aftermath {
  readonly header: Header;
  /** Tables of the backup that are not of this service. */
  readonly leftOut: readonly string[];
}

interface Into {
  readonly url: string;
  readonly log: Logger;
  readonly secrets: SecretBox;
  readonly keep: Keeping;
  /** Called with the number of rows loaded so far, and of all. */
  readonly onRows: (done: number, total: number) => void;
}

/** A backup whose header was read and found good. */
export class OpenBackup {
  private constructor(
    private readonly archive: ArchiveReader,
    private readonly read: ReadHeader,
  ) {}

  /** @throws UnusableBackupError for what cannot be restored by this program under this APP_SECRET */
  static async open(input: Readable, secrets: SecretBox): Promise<OpenBackup> {
    const archive = new ArchiveReader(input);
    return new OpenBackup(archive, await readHeader(archive, secrets));
  }

  /**
   * Loads the backup into an empty database, as of the migrations that it has; newer ones are left to the caller. All or
   * nothing, also when the process is killed: rows are loaded and checked in one transaction.
   * @throws UnusableBackupError; UnusableDatabaseError for a database that is not empty or has a running service
   */
  async restore(into: Into): Promise<Restored> {
    const keeper = await prepareDatabase(into.url, into.log);
    const client = new pg.Client({ connectionString: withoutLimits(into.url), application_name: 'gatehouse-restore' });
    client.on('error', () => undefined);
    try {
      // A service that starts, and each command, waits for this lock until the connection ends.
      await keeper.query('begin; set local lock_timeout = 0; set local statement_timeout = 0');
      await keeper.query('set local idle_in_transaction_session_timeout = 0');
      await keeper.query(noTimeLimit);
      await keeper.query('select pg_advisory_xact_lock($1)', [advisoryLocks.migration]);
      await client.connect();
      await checkTarget(client);
      await migrateLike(client, into.url, this.read.header);
      return await this.load(client, keeper, into);
    } finally {
      await Promise.allSettled([client.end(), keeper.end()]);
    }
  }

  private async load(client: pg.Client, keeper: pg.Client, { secrets, keep, onRows }: Into): Promise<Restored> {
    const { archive, read } = this;
    await client.query(`begin; ${plainSettings}`);
    await client.query(noTimeLimit);
    const { header } = read;
    const known = await knownTables(client, header);
    const makeIndexes = await withoutIndexes(client, known);
    const tables = await loadTables(client, archive, { header, known }, onRows);
    const contents = await readContents(archive);
    await archive.drain();
    if (!isDeepStrictEqual(tables, contents.tables) || contents.seal !== sealOf(secrets, read.bytes, contents.tables))
      throw altered();
    await compareTables(client, known);
    const aftermath = await endWhatIsOver(client, keep, header.takenAt);
    await makeIndexes();
    await enableTriggers(client, known);
    await keeper.query('select 1').catch(() => {
      throw new UnusableDatabaseError(
        'the connection that keeps services away was lost; nothing was restored. Try again.',
      );
    });
    await client.query('commit');
    // Otherwise the first minutes would be slow; nothing else depends on it.
    await client.query('analyze').catch(() => undefined);
    const leftOut = header.tables.filter((table) => !known.includes(table)).map(({ name }) => name);
    return { ...aftermath, header, leftOut };
  }
}

/** Brings the schema to that of the backup, also from a later one. */
async function migrateLike(client: pg.Client, url: string, { migrations }: Header): Promise<void> {
  await migrateTo(url, String(migrations.at(-1)));
  const done = (await migrationStates(client)).filter(({ isDone }) => isDone).map(({ name }) => name);
  if (!isDeepStrictEqual(done, migrations)) throw new Error('The schema did not become that of the backup.');
}
