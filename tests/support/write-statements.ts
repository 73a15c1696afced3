import type { PostgreSqlConnection } from '@mikro-orm/postgresql';
import type { App } from '../../src/app.js';

/** Counts the statements of transactions during the work, including those that begin and end them. */
export async function writesOf({ services }: App, work: () => Promise<unknown>): Promise<number> {
  const connection = services.database['orm'].em.getConnection() as PostgreSqlConnection;
  const knex = connection.getKnex();
  let count = 0;
  const note = () => {
    count += 1;
  };
  knex.on('query', note);
  try {
    await work();
  } finally {
    knex.removeListener('query', note);
  }
  return count;
}
