import { MikroORM } from '@mikro-orm/postgresql';
import { ormOptions } from '../src/database/orm.js';
import { onScratchDatabase } from './scratch-database.js';

/** On an empty database: all migrations up, down to nothing and up again; each time up, entities and tables agree. */
export function migrationsFit(): Promise<string[]> {
  return onScratchDatabase(async (url) => {
    const orm = await MikroORM.init({ ...ormOptions(url, 2), logger: () => undefined });
    try {
      return await upDownUp(orm);
    } finally {
      await orm.close(true);
    }
  });
}

async function upDownUp(orm: MikroORM): Promise<string[]> {
  const migrator = orm.getMigrator();
  await migrator.up();
  const drift = await driftOf(orm);
  await migrator.down({ to: 0 });
  const remains = await objectsIn(orm);
  // What is left behind would be in the way of the next up.
  if (drift.length + remains.length > 0)
    return [
      ...drift.map((statement) => `the entities want: ${statement}`),
      ...remains.map((name) => `down leaves behind: ${name}`),
    ];
  await migrator.up();
  return (await driftOf(orm)).map((statement) => `up after down lacks: ${statement}`);
}

/** Statements that would make the tables what the entities say, without the session settings around them. */
async function driftOf(orm: MikroORM): Promise<string[]> {
  const statements = await orm.schema.getUpdateSchemaSQL();
  return statements
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^set (names|session_replication_role)\b/.test(line));
}

const everything = `
  select relname as name from pg_class where relnamespace = 'public'::regnamespace
  union all select proname from pg_proc where pronamespace = 'public'::regnamespace
  union all select typname from pg_type where typnamespace = 'public'::regnamespace and typtype in ('e', 'd')`;

/** What is in the database beside the migrator's own table. */
async function objectsIn(orm: MikroORM): Promise<string[]> {
  const rows: { name: string }[] = await orm.em.fork().execute(everything);
  return rows.map(({ name }) => name).filter((name) => !name.startsWith('mikro_orm_migrations'));
}
