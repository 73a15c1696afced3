import { randomUUID } from 'node:crypto';
import { afterEach, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { explain } from '../../src/commands/command.js';
import { Database } from '../../src/database/database.js';
import { entities } from '../../src/entities.js';
import { administer, cloneDatabase, serverOf, withDatabase } from '../support/postgres.js';

const silent = pino({ level: 'silent' });
const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

/** A database that the test may change. */
async function cloned() {
  const database = await cloneDatabase();
  cleanUp.push(database.drop);
  return database.url;
}
const nameOf = (url: string) => new URL(url).pathname.slice(1);
const change = (url: string, statement: string) => administer(url, statement);

/** The message that an operator sees when the service starts on this database. */
async function started(url: string) {
  const failure = await Database.open(url, 2, silent, entities).then(
    (database) => database.close().then(() => undefined),
    (error: unknown) => error,
  );
  return explain(failure);
}

test('a database newer than the program stops the start with one line that names its migration', async () => {
  const url = await cloned();
  await change(url, `insert into mikro_orm_migrations (name) values ('Migration20991231000000_later')`);
  const line = await started(url);
  expect(line).not.toContain('\n');
  expect(line).toContain('Migration20991231000000_later');
});

test('a database that takes no writes stops the start with one line that names it', async () => {
  const url = await cloned();
  await administer(serverOf().adminUrl, `alter database ${nameOf(url)} set default_transaction_read_only = on`);
  const line = await started(url);
  expect(line).not.toContain('\n');
  expect(line).toContain(nameOf(url));
});

test('a database that does not exist is made, and the log names it', async () => {
  const name = `mistyped_${randomUUID().replaceAll('-', '')}`;
  const url = withDatabase(serverOf().adminUrl, name);
  cleanUp.push(() => administer(serverOf().adminUrl, `drop database if exists ${name} with (force)`));
  const logged: { level: number; msg: string }[] = [];
  const log = pino({ level: 'info' }, { write: (line) => void logged.push(JSON.parse(line)) });
  // Of two processes that start at once, one creates the database, and both continue.
  for (const database of await Promise.all([1, 2].map(() => Database.open(url, 2, log, entities))))
    await database.close();
  expect(logged.filter(({ level, msg }) => level >= 40 && msg.includes(`"${name}"`))).toHaveLength(1);
  // The database exists from then on, so nothing is logged.
  const again = await Database.open(url, 2, log, entities);
  await again.close();
  expect(logged.filter(({ msg }) => msg.includes(`"${name}"`))).toHaveLength(1);
});

test('a role that may not make the database is told its name, in one line', async () => {
  const role = `poor_${randomUUID().replaceAll('-', '')}`;
  await administer(serverOf().adminUrl, `create role ${role} login password 'poor'`);
  cleanUp.push(() => administer(serverOf().adminUrl, `drop role ${role}`));
  const url = new URL(withDatabase(serverOf().adminUrl, 'mistyped'));
  url.username = role;
  url.password = 'poor';
  const line = await started(url.href);
  expect(line).not.toContain('\n');
  expect(line).toContain('"mistyped"');
});

test.each(['postgres://someone@127.0.0.1:1/x', 'postgres://someone@no-such-host.invalid/x'])(
  'a database that cannot be reached (%s) is told in one line',
  async (url) => {
    const line = await started(url);
    expect(line).not.toContain('\n');
    expect(line).toContain('DATABASE_URL');
  },
);

test('parameters of DATABASE_URL count for transactions as for reads', async () => {
  const url = `${await cloned()}?lock_timeout=1234`;
  const database = await Database.open(url, 2, silent, entities);
  const text = `select current_setting('lock_timeout') as "lockTimeout"`;
  const [inTransaction] = await database.transaction((tx) => tx.rows(text));
  const read = await database.sql.row(text);
  await database.close();
  expect([inTransaction, read]).toEqual([{ lockTimeout: '1234ms' }, { lockTimeout: '1234ms' }]);
});
