import { MikroORM } from '@mikro-orm/postgresql';
import { migratingOptions } from '../src/database/run-migrations.js';
import { SearchIndex } from '../src/database/search-index.js';
import { entities } from '../src/entities.js';
import { onScratchDatabase, silent } from './scratch-database.js';

/**
 * Runs all migrations up, down and up again on an empty database; each time the tables must match the entities, and
 * "down" must leave nothing behind. The second time with the search index, which the service creates outside the schema
 * and which must not get in the way.
 */
export function migrationsFit(): Promise<string[]> {
  return onScratchDatabase(async (url) => {
    const orm = await MikroORM.init({ ...migratingOptions(url, entities), logger: () => undefined });
    try {
      return await upDownUp(orm, url);
    } finally {
      await orm.close(true);
    }
  });
}

async function upDownUp(orm: MikroORM, url: string): Promise<string[]> {
  const migrator = orm.getMigrator();
  await migrator.up();
  const drift = await driftOf(orm);
  await migrator.down({ to: 0 });
  const remains = await objectsIn(orm);
  // Leftovers would make the next "up" fail.
  if (drift.length + remains.length > 0)
    return [
      ...drift.map((statement) => `the entities want: ${statement}`),
      ...remains.map((name) => `down leaves behind: ${name}`),
    ];
  await migrator.up();
  await new SearchIndex(url, silent).ensure();
  const again = (await driftOf(orm)).map((statement) => `up after down lacks: ${statement}`);
  await migrator.down({ to: 0 });
  return [...again, ...(await objectsIn(orm)).map((name) => `down beside the search's index leaves behind: ${name}`)];
}

/**
 * Statements that are no difference: session settings, and dropping the indexes of searches, which are not part of the schema.
 */
const expected = /^set (names|session_replication_role)\b|^drop index "(users|posts)_search_index";$/;

/** Statements that would change the tables to match the entities, without session settings. */
async function driftOf(orm: MikroORM): Promise<string[]> {
  const statements = await orm.schema.getUpdateSchemaSQL();
  return statements.split('\n').filter((line) => line.trim() !== '' && !expected.test(line));
}

const ofNoExtension = (table: string): string =>
  `not exists (select from pg_depend d where d.classid = '${table}'::regclass and d.objid = ${table}.oid and d.deptype = 'e')`;

const everything = `
  select relname as name from pg_class where relnamespace = 'public'::regnamespace
  union all select proname from pg_proc where pronamespace = 'public'::regnamespace and ${ofNoExtension('pg_proc')}
  union all select typname from pg_type where typnamespace = 'public'::regnamespace and typtype in ('e', 'd')`;

/** Names of all objects in the database except the migrator's own table. */
async function objectsIn(orm: MikroORM): Promise<string[]> {
  const rows: { name: string }[] = await orm.em.fork().execute(everything);
  return rows.map(({ name }) => name).filter((name) => !name.startsWith('mikro_orm_migrations'));
}
