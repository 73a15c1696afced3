import pg from 'pg';

/** A database whose past is made up. The comment on it tells that it is finished, and survives the renaming. */
const mark = 'Gatehouse demo';

const state = `
  select to_regclass('public.users') is null as "isEmpty",
    shobj_description(oid, 'pg_database') is not distinct from '${mark}' as "isDemo"
  from pg_database where datname = current_database()`;

export type DemoState = 'empty' | 'demo' | 'other';

/** @returns `other` for a database that holds something else than a finished demo */
export async function stateOf(url: string): Promise<DemoState> {
  const [row] = await run(url, [state]);
  if (row?.['isDemo']) return 'demo';
  return row?.['isEmpty'] ? 'empty' : 'other';
}

/**
 * Makes a demo in a database beside this empty one, which it replaces when it is finished. So the demo is there as a whole or
 * not at all: what an interrupted start has left is dropped by the next.
 * @param make fills the database of that URL and leaves no connection to it
 */
export async function replaceByDemo(url: string, make: (url: string) => Promise<void>): Promise<void> {
  const [name, unfinished] = [pg.escapeIdentifier(nameIn(url)), pg.escapeIdentifier(unfinishedOf(url))];
  const server = withName(url, 'postgres');
  await run(server, [`drop database if exists ${unfinished} with (force)`, `create database ${unfinished}`]);
  await make(withName(url, unfinishedOf(url)));
  await run(server, [
    `comment on database ${unfinished} is '${mark}'`,
    `drop database ${name} with (force)`,
    `alter database ${unfinished} rename to ${name}`,
  ]);
}

const nameIn = (url: string): string => decodeURIComponent(new URL(url).pathname.slice(1));
const unfinishedOf = (url: string): string => `${nameIn(url)}_unfinished_demo`;

function withName(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${encodeURIComponent(name)}`;
  return changed.href;
}

/** @returns the rows of the last statement */
async function run(connectionString: string, statements: readonly string[]): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString, application_name: 'gatehouse-demo' });
  // An error between two statements is reported by the next one.
  client.on('error', () => undefined);
  await client.connect();
  try {
    let rows: Record<string, unknown>[] = [];
    for (const statement of statements) ({ rows } = await client.query(statement));
    return rows;
  } finally {
    await client.end();
  }
}
