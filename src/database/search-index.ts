import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from '../operations/logging.js';
import { advisoryLocks } from './advisory-locks.js';
import { indexedText, type Searched, searchedTables, searchedTexts } from './search-text.js';
import { withoutLimits } from './time-limits.js';

declare module '../services.js' {
  interface Services {
    readonly searchIndex: SearchIndex;
  }
}

const lockPause = 50;

const state = `
  select i.indisvalid as "isValid" from pg_class c join pg_index i on i.indexrelid = c.oid
  where c.relname = $1 and i.indrelid = $2::regclass`;

const extensionSchema = `
  select quote_ident(n.nspname) as schema from pg_extension e join pg_namespace n on n.oid = e.extnamespace
  where e.extname = 'pg_trgm'`;

/**
 * The indexes of `users(search:)` and `posts(search:)`. They need the extension pg_trgm, which not every server has and
 * not every role may create, so they are not part of the schema: each start checks whether they can be created. Without
 * them, searches give the same results but read the whole table.
 */
export class SearchIndex {
  private readonly usable = new Set<Searched>();

  constructor(
    private readonly url: string,
    private readonly log: Pick<Logger, 'warn'>,
    /** As in `Database`. */
    private readonly keepsParameters = true,
  ) {}

  /** Whether statements can use the index of a table. */
  serves(table: Searched): boolean {
    return this.usable.has(table);
  }

  /**
   * Creates what is missing. Of several starting processes one does so while the others wait. Logs a warning if the
   * server refuses.
   * @throws when the connection is lost
   */
  async ensure(): Promise<void> {
    await this.connected((client) => this.ensureOn(client));
  }

  private async connected<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client({
      connectionString: withoutLimits(this.url),
      application_name: 'gatehouse-search-index',
      // Through a pooler the index is built with less memory, which takes longer.
      ...(this.keepsParameters && { options: '-c maintenance_work_mem=256MB' }),
    });
    // The next statement reports a lost connection.
    client.on('error', () => undefined);
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }

  private async ensureOn(client: pg.Client): Promise<void> {
    if (!(await areAllValid(client)))
      await this.connected(async (keeper) => {
        // Polls instead of waiting for the lock: a waiting statement would block `create index concurrently`, which waits
        // for all running statements. A transaction that is open without a statement does not.
        while (!(await tryLock(keeper))) await sleep(lockPause);
        await makeAll(client).catch((error) => this.explain(error));
      });
    this.usable.clear();
    for (const table of searchedTables) if (await isValid(client, table)) this.usable.add(table);
  }

  /** Only a refusal by the server may leave the search without its index; a lost connection fails the start. */
  private explain(error: unknown): void {
    if (!(error instanceof pg.DatabaseError)) throw error;
    this.log.warn(
      { code: error.code, reason: error.message },
      'No index for users(search:) and posts(search:): the PostgreSQL extension pg_trgm is missing. Searches work, but ' +
        'read every user or post, about a second per million. To mend it install PostgreSQL’s contrib modules if they are not there, run ' +
        '"create extension pg_trgm" in this database as its owner or a superuser, and restart.',
    );
  }
}

/**
 * The lock belongs to a transaction, which is left open: a pooler would leave a lock of the session to others. Without
 * parameters, the statement leaves no portal behind, which would keep a snapshot.
 */
async function tryLock(keeper: pg.Client): Promise<boolean> {
  await keeper.query('begin; set local idle_in_transaction_session_timeout = 0');
  const { rows } = await keeper.query(`select pg_try_advisory_xact_lock(${advisoryLocks.searchIndex}) as held`);
  if (!rows[0].held) await keeper.query('rollback');
  return rows[0].held;
}

/** Undefined: there is no index; false: its creation was interrupted. */
const isValid = async (client: pg.Client, table: Searched): Promise<boolean | undefined> =>
  (await client.query(state, [searchedTexts[table].index, table])).rows[0]?.isValid;

async function areAllValid(client: pg.Client): Promise<boolean> {
  for (const table of searchedTables) if (!(await isValid(client, table))) return false;
  return true;
}

async function makeAll(client: pg.Client): Promise<void> {
  await client.query('create extension if not exists pg_trgm');
  for (const table of searchedTables) await make(client, table);
}

async function make(client: pg.Client, table: Searched): Promise<void> {
  const { index } = searchedTexts[table];
  const found = await isValid(client, table);
  if (found) return;
  // The extension may be in a schema that is not on the search path.
  const { schema } = (await client.query(extensionSchema)).rows[0];
  if (found === false) await client.query(`drop index concurrently ${index}`);
  await client.query(
    `create index concurrently ${index} on ${table} using gin ((${indexedText(table)}) ${schema}.gin_trgm_ops)`,
  );
  // The planner estimates how often a term occurs only from statistics of the index expression.
  await client.query(`analyze ${table}`);
}
