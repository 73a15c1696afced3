import pg from 'pg';

export interface TableSize {
  readonly name: string;
  /** With its partitions, or of its indexes. */
  readonly bytes: number;
}

/** Tables and indexes, partitions added up; the largest first, smaller than 100 kB left out. */
const sizes = `
  with tables as (
    select coalesce(i.inhparent, c.oid)::regclass::text as name, pg_table_size(c.oid) as heap, pg_indexes_size(c.oid) as indexes
    from pg_class c left join pg_inherits i on i.inhrelid = c.oid
    where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
  ), sums as (select name, sum(heap) as heap, sum(indexes) as indexes from tables group by name)
  select name, heap::float8 as bytes from sums where heap > 1e5
  union all select name || ', indexes', indexes::float8 from sums where indexes > 1e5
  order by bytes desc`;

export const sizesOf = (databaseUrl: string): Promise<TableSize[]> =>
  connected(databaseUrl, async (client) => (await client.query<TableSize>(sizes)).rows);

/** A hundredth of the rows is changed before each. */
const changes: Readonly<Record<string, string>> = {
  users: `update users set bio = 'changed' where hashtext(id::text) % 100 = 0`,
  sessions: 'update sessions set last_used_at = now() where hashtext(id::text) % 100 = 0',
};

/** @returns how many seconds vacuum took, by table */
export const vacuumed = (databaseUrl: string): Promise<Map<string, number>> =>
  connected(databaseUrl, async (client) => {
    const took = new Map<string, number>();
    await client.query('set session_replication_role = replica');
    for (const [table, change] of Object.entries(changes)) {
      await client.query(change);
      const start = performance.now();
      await client.query(`vacuum ${table}`);
      took.set(table, (performance.now() - start) / 1000);
    }
    return took;
  });

async function connected<T>(databaseUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

export const asMegabytes = (bytes: number): string =>
  bytes >= 1e11
    ? `${(bytes / 1e12).toFixed(2)} TB`
    : bytes >= 1e9
      ? `${(bytes / 1e9).toFixed(1)} GB`
      : `${(bytes / 1e6).toFixed(1)} MB`;
