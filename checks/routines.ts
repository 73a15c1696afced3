import { MikroORM } from '@mikro-orm/postgresql';
import { routines, triggers } from '../migrations/routines/all.js';
import { migratingOptions } from '../src/database/run-migrations.js';
import { onScratchDatabase } from './scratch-database.js';

/** What PostgreSQL says of a trigger or function. */
interface Definition {
  readonly name: string;
  /** Of a trigger. */
  readonly table: string | null;
  readonly definition: string;
}

/**
 * Compares the triggers and functions that the migrations leave with what `migrations/routines` describes, and prints the
 * list by table. A migration that changes one without its file, or the other way round, fails here.
 */
export function routinesFit(): Promise<string[]> {
  return onScratchDatabase(async (url) => {
    const orm = await MikroORM.init({ ...migratingOptions(url), logger: () => undefined });
    try {
      await orm.getMigrator().up();
      const migrated = await definitionsIn(orm);
      await makeAgain(orm);
      return differences(migrated, await definitionsIn(orm));
    } finally {
      await orm.close(true);
    }
  });
}

/** The list as it is printed: triggers by table, then functions. */
export const listOfRoutines = (): string[] => [
  ...[...triggers]
    .sort((one, other) => one.table.localeCompare(other.table))
    .map(({ table, name, purpose }) => `${table.padEnd(16)} ${name}: ${purpose}`),
  ...routines.map(({ name, purpose }) => `${'function'.padEnd(16)} ${name}: ${purpose}`),
];

/** From the files alone. */
async function makeAgain(orm: MikroORM): Promise<void> {
  const statements = [
    ...triggers.map(({ name, table }) => `drop trigger if exists "${name}" on "${table}"`),
    ...routines.map(({ name }) => `drop function if exists "${name}" cascade`),
    ...[...routines, ...triggers].map(({ create }) => create),
  ];
  const em = orm.em.fork();
  for (const statement of statements) await em.execute(statement);
}

export function differences(migrated: readonly Definition[], described: readonly Definition[]): string[] {
  const names = new Set([...triggers, ...routines].map(({ name }) => name));
  const strangers = migrated.filter(({ name }) => !names.has(name));
  const wrong = described.filter((one) => names.has(one.name) && !migrated.some((other) => isSame(one, other)));
  return [
    ...strangers.map(({ name }) => `${name} is in the database, but no file in migrations/routines describes it`),
    ...wrong.map(({ name }) => `${name} is not in the database as migrations/routines describes it`),
  ];
}

const isSame = (one: Definition, other: Definition): boolean =>
  one.name === other.name && one.table === other.table && one.definition === other.definition;

const definitions = `
  select tgname as name, tgrelid::regclass::text as table, pg_get_triggerdef(oid) as definition
    from pg_trigger where not tgisinternal
  union all select proname, null, pg_get_functiondef(p.oid) from pg_proc p
    where pronamespace = 'public'::regnamespace
      and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
  order by name`;

const definitionsIn = (orm: MikroORM): Promise<Definition[]> => orm.em.fork().execute(definitions);
