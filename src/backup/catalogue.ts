import type pg from 'pg';
import type { Header } from './backup-format.js';

/** A table whose rows are backed up. */
export interface Table {
  readonly name: string;
  readonly columns: readonly string[];
}

/**
 * Every table of the schema but the migrator's own. Rows of partitions are those of the partitioned table. Left out are
 * tables of extensions, and unlogged ones, which a crash empties anyway. Columns of type xid8 are left out, too: ids of
 * transactions mean nothing to another server, and their default is the id of the transaction that restores.
 */
const tables = `
  select c.relname::text as name,
    array(
      select a.attname::text from pg_attribute a
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
        and a.atttypid <> 'xid8'::regtype
      order by a.attnum
    ) as columns,
    array(
      select distinct t.relname::text from pg_constraint f join pg_class t on t.oid = f.confrelid
      where f.conrelid = c.oid and f.contype = 'f' and f.confrelid <> c.oid
    ) as needs
  from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = current_schema()
  where c.relkind in ('r', 'p') and not c.relispartition and c.relpersistence = 'p' and c.relname <> 'mikro_orm_migrations'
    and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
  order by c.relname`;

/** @returns the tables in an order in which each comes after those that its foreign keys refer to */
export async function tablesIn(client: pg.Client): Promise<Table[]> {
  const { rows } = await client.query<Table & { needs: string[] }>(tables);
  const names = new Set(rows.map(({ name }) => name));
  const ordered = new Map<string, Table>();
  while (ordered.size < rows.length) {
    const ready = rows.filter(
      ({ name, needs }) => !ordered.has(name) && needs.every((other) => ordered.has(other) || !names.has(other)),
    );
    if (ready.length === 0)
      throw new Error('Foreign keys of tables go round in a circle, so none can be loaded first.');
    for (const { name, columns } of ready) ordered.set(name, { name, columns });
  }
  return [...ordered.values()];
}

const sequences = `
  select c.relname::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = current_schema()
  where c.relkind = 'S' and not exists (
    select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid
      and (d.deptype = 'e' or d.refobjid = to_regclass('mikro_orm_migrations'))
  ) order by c.relname`;

/** Sequences are not part of a snapshot: asked for after it was taken, they are never behind the rows in it. */
export async function sequencesIn(client: pg.Client): Promise<Header['sequences']> {
  const found: Header['sequences'] = [];
  for (const { name } of (await client.query<{ name: string }>(sequences)).rows) {
    const text = `select last_value::text as last, is_called as "isCalled" from ${quoted(name)}`;
    found.push({ name, ...(await client.query(text)).rows[0] });
  }
  return found;
}

const months = `
  select right(c.relname, 7) as month from pg_inherits i join pg_class c on c.oid = i.inhrelid
  where i.inhparent = to_regclass('security_events') and c.relname ~ '^security_events_\\d{4}_\\d\\d$' order by c.relname`;

export async function monthsIn(client: pg.Client): Promise<string[]> {
  return (await client.query<{ month: string }>(months)).rows.map(({ month }) => month);
}

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const listed = ({ columns }: Table): string => columns.map(quoted).join(', ');

/**
 * Values look the same in each connection with these settings, whatever those of the server are; and nothing is cut short.
 * For one transaction.
 */
export const plainSettings = `
  set local timezone = 'UTC'; set local datestyle = 'ISO, YMD'; set local intervalstyle = 'postgres';
  set local extra_float_digits = 1; set local bytea_output = 'hex'; set local client_encoding = 'UTF8';
  set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0; set local lock_timeout = '10s'`;

/** PostgreSQL from 17 on may limit whole transactions. */
export const noTimeLimit = `
  select set_config('transaction_timeout', '0', true) from pg_settings where name = 'transaction_timeout'`;

interface Measured {
  readonly rows: string;
  readonly digest: string;
}

/** Counts the rows of a table and adds up a hash of each, of its text, which is the same in every version of PostgreSQL. */
export async function measure(client: pg.Client, table: Table): Promise<Measured> {
  const { rows } = await client.query<Measured>(`
    select count(*)::text as rows, coalesce(sum(hash), 0)::text as digest from (
      select ('x' || encode(substr(sha256(convert_to(row(${listed(table)})::text, 'UTF8')), 1, 8), 'hex'))::bit(64)::bigint as hash
      from ${quoted(table.name)}
    ) hashed`);
  return rows[0] as Measured;
}
