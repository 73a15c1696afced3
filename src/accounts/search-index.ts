import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { advisoryLocks } from '../database/advisory-locks.js';
import type { Logger } from '../operations/logging.js';
import { indexedText } from './search-text.js';

declare module '../services.js' {
  interface Services {
    readonly searchIndex: SearchIndex;
  }
}

const lockPause = 50;

const state = `
  select i.indisvalid as "isValid" from pg_class c join pg_index i on i.indexrelid = c.oid
  where c.relname = 'users_search_index' and i.indrelid = 'users'::regclass`;

const extensionSchema = `
  select quote_ident(n.nspname) as schema from pg_extension e join pg_namespace n on n.oid = e.extnamespace
  where e.extname = 'pg_trgm'`;

/**
 * The index of `users(search:)`. It needs the extension pg_trgm, which not every server has and not every role may
 * create, so it is not part of the schema: each start checks whether it can be created. Without it, searches give the
 * same results but read the whole table.
 */
export class SearchIndex {
  private isThere = false;

  constructor(
    private readonly url: string,
    private readonly log: Pick<Logger, 'warn'>,
  ) {}

  /** Whether statements can use the index. */
  get isUsable(): boolean {
    return this.isThere;
  }

  /**
   * Creates what is missing. Of several starting processes one does so while the others wait. Logs a warning if the
   * server refuses.
   * @throws when the connection is lost
   */
  async ensure(): Promise<void> {
    const client = new pg.Client({ connectionString: this.url, application_name: 'gatehouse-search-index' });
    // The next statement reports a lost connection.
    client.on('error', () => undefined);
    await client.connect();
    try {
      await this.ensureAlone(client);
    } finally {
      await client.end();
    }
  }

  private async ensureAlone(client: pg.Client): Promise<void> {
    if (!(await isValid(client))) {
      // Polls instead of waiting for the lock: a waiting statement would block `create index concurrently`, which waits
      // for all running transactions.
      while (!(await tryLock(client))) await sleep(lockPause);
      await make(client).catch((error) => this.explain(error));
    }
    this.isThere = (await isValid(client)) === true;
  }

  /** Only a refusal by the server may leave the search without its index; a lost connection fails the start. */
  private explain(error: unknown): void {
    if (!(error instanceof pg.DatabaseError)) throw error;
    this.log.warn(
      { code: error.code, reason: error.message },
      'No index for users(search:): the PostgreSQL extension pg_trgm is missing. Searches work, but read every user, ' +
        'about a second per million. To mend it install PostgreSQL’s contrib modules if they are not there, run ' +
        '"create extension pg_trgm" in this database as its owner or a superuser, and restart.',
    );
  }
}

const tryLock = async (client: pg.Client): Promise<boolean> =>
  (await client.query('select pg_try_advisory_lock($1) as held', [advisoryLocks.searchIndex])).rows[0].held;

/** Undefined: there is no index; false: its creation was interrupted. */
const isValid = async (client: pg.Client): Promise<boolean | undefined> => (await client.query(state)).rows[0]?.isValid;

async function make(client: pg.Client): Promise<void> {
  const found = await isValid(client);
  if (found) return;
  await client.query('create extension if not exists pg_trgm');
  // The extension may be in a schema that is not on the search path.
  const { schema } = (await client.query(extensionSchema)).rows[0];
  if (found === false) await client.query('drop index concurrently users_search_index');
  await client.query(`set maintenance_work_mem = '256MB'`);
  await client.query(
    `create index concurrently users_search_index on users using gin ((${indexedText}) ${schema}.gin_trgm_ops)`,
  );
  // The planner estimates how often a term occurs only from statistics of the index expression.
  await client.query('analyze users');
}
