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
 * The index behind `users(search:)`. It needs the extension pg_trgm, which not every server has and not every role
 * may create, so it is no part of the schema: each start looks whether it can be had now. Without it the search
 * answers the same and reads the whole table.
 */
export class SearchIndex {
  private isThere = false;

  constructor(
    private readonly url: string,
    private readonly log: Pick<Logger, 'warn'>,
  ) {}

  /** Whether statements may count on it. */
  get isUsable(): boolean {
    return this.isThere;
  }

  /** Makes what is missing; of several processes starting at once one does and the others wait. Says so when it cannot be. */
  async ensure(): Promise<void> {
    const client = new pg.Client({ connectionString: this.url, application_name: 'gatehouse-search-index' });
    // A connection that is lost between two statements is reported by the next.
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
      // Not a waiting lock: an index that is made beside writers waits for every statement under way, that one too.
      while (!(await tryLock(client))) await sleep(lockPause);
      await make(client).catch((error) => this.explain(error));
    }
    this.isThere = (await isValid(client)) === true;
  }

  /** Only what the server has to say may leave the search without its index; a lost connection is a failed start. */
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

/** Undefined when there is none; false when making it was interrupted. */
const isValid = async (client: pg.Client): Promise<boolean | undefined> => (await client.query(state)).rows[0]?.isValid;

async function make(client: pg.Client): Promise<void> {
  const found = await isValid(client);
  if (found) return;
  await client.query('create extension if not exists pg_trgm');
  // The extension may have been put where names are not looked for.
  const { schema } = (await client.query(extensionSchema)).rows[0];
  if (found === false) await client.query('drop index concurrently users_search_index');
  await client.query(`set maintenance_work_mem = '256MB'`);
  await client.query(
    `create index concurrently users_search_index on users using gin ((${indexedText}) ${schema}.gin_trgm_ops)`,
  );
  // The planner knows how often a term is found only from statistics of the index's own expression.
  await client.query('analyze users');
}
