import type pg from 'pg';
import { quoted, type Table } from './catalogue.js';

interface Index {
  readonly name: string;
  /** The statement that makes it. */
  readonly definition: string;
}

/**
 * Those that no constraint needs, the oldest first: PostgreSQL numbers the names of like indexes of a partition as they are made. Of
 * a partitioned table without `only`, which would leave out its partitions.
 */
const indexes = `
  select c.relname::text as name, replace(pg_get_indexdef(c.oid), ' ON ONLY ', ' ON ') as definition
  from pg_index i join pg_class c on c.oid = i.indexrelid join pg_class t on t.oid = i.indrelid
  where t.relnamespace = current_schema()::regnamespace and t.relname = any ($1) and not c.relispartition
    and not exists (select from pg_constraint k where k.conindid = c.oid)
  order by c.oid`;

/**
 * Drops the indexes of tables until they are loaded: to make one of all rows takes a fraction of the time that it takes to
 * insert them one by one.
 * @returns makes them again
 */
export async function withoutIndexes(client: pg.Client, tables: readonly Table[]): Promise<() => Promise<void>> {
  const { rows } = await client.query<Index>(indexes, [tables.map(({ name }) => name)]);
  for (const { name } of rows) await client.query(`drop index ${quoted(name)}`);
  return async () => {
    await client.query(`set local maintenance_work_mem = '256MB'`);
    for (const { definition } of rows) await client.query(definition);
  };
}
