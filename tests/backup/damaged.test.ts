import { Readable, Writable } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { packTar, unpackTar } from 'modern-tar';
import { pino } from 'pino';
import { UnusableBackupError } from '../../src/backup/backup-format.js';
import { OpenBackup } from '../../src/backup/restore-backup.js';
import { takeBackup } from '../../src/backup/take-backup.js';
import { migrationNames } from '../../src/database/migration-names.js';
import { runMigrations, undoMigration } from '../../src/database/run-migrations.js';
import { SecretBox } from '../../src/secrets.js';
import { type EmptyDatabase, emptyDatabase } from '../support/empty-database.js';
import { rowsOf } from '../support/postgres.js';

const secrets = new SecretBox('a test secret that has at least 32 bytes');
const log = pino({ level: 'silent' });
let source: EmptyDatabase;
let target: EmptyDatabase;
let backup: Buffer;

async function take(url: string, onRows = (_done: number, _total: number) => {}): Promise<Buffer> {
  const parts: Buffer[] = [];
  const output = new Writable({
    write: (part, _encoding, done) => {
      parts.push(part);
      done();
    },
  });
  await takeBackup({ url, secrets, program: '9.9.9', output, onRows });
  return Buffer.concat(parts);
}

const restore = async (file: Buffer, under = secrets, url = target.url) => {
  const opened = await OpenBackup.open(Readable.from([file]), under);
  return opened.restore({ url, log, secrets: under, keep: { sessions: false, mail: false }, onRows: () => {} });
};

/** Text of the refusal; the target must be without people afterwards. */
async function refusal(file: Buffer, under = secrets): Promise<string> {
  const error = await restore(file, under).then(
    () => new Error('it was restored'),
    (reason: unknown) => reason as Error,
  );
  expect({ name: error.name, message: error.message }).toMatchObject({ name: 'UnusableBackupError' });
  const [{ exists } = { exists: '' }] = await rowsOf<{ exists: string }>(
    target.url,
    `select to_regclass('users') as exists`,
  );
  if (exists) expect(await rowsOf(target.url, 'select from users')).toEqual([]);
  return error.message;
}

const insertPeople = (url: string, from: number, to: number) =>
  rowsOf(
    url,
    `insert into users (id, username, email, password_hash, bio, password_changed_at, created_at)
     select gen_random_uuid(), 'person' || n, 'person' || n || '@example.com', 'x', md5(n::text) || sha256(n::text::bytea)::text, now(), now()
     from generate_series($1::int, $2::int) n`,
    [from, to],
  );

beforeAll(async () => {
  [source, target] = [await emptyDatabase(), await emptyDatabase()];
  await runMigrations(source.url);
  await insertPeople(source.url, 1, 3000);
  backup = await take(source.url);
}, 60_000);
afterAll(async () => {
  await source.drop();
  await target.drop();
});

test('a file that was cut off anywhere is refused, and nothing of it stays', async () => {
  const ends = [
    0,
    1,
    10,
    300,
    ...[0.1, 0.5, 0.9].map((part) => Math.floor(backup.length * part)),
    backup.length - 12,
    backup.length - 1,
  ];
  for (const end of ends) await refusal(backup.subarray(0, end));
  expect(await refusal(Buffer.from('no backup at all'))).not.toContain('no backup at all');
  // A whole archive that lacks its last entry, as a program that dies in between could never write it.
  const entries = await unpackTar(gunzipSync(backup));
  await refusal(gzipSync(await packTar(entries.slice(0, -1))));
}, 60_000);

test('a file with a flipped bit is refused', async () => {
  for (let n = 1; n <= 12; n += 1) {
    const flipped = Buffer.from(backup);
    // Behind the header of gzip, which tells nothing that is used.
    const at = 10 + Math.floor(((backup.length - 10) * n) / 12.5);
    flipped[at] = (flipped[at] ?? 0) ^ (1 << (n % 8));
    await refusal(flipped);
  }
}, 120_000);

/** Changes an entry, as somebody could who can write to the file; lengths and checksums of tar and gzip are right. */
async function altered(name: RegExp, change: (text: string) => string): Promise<Buffer> {
  const entries = await unpackTar(gunzipSync(backup));
  const changed = entries.map((entry) => {
    if (!name.test(entry.header.name)) return entry;
    const data = new TextEncoder().encode(change(new TextDecoder().decode(entry.data)));
    return { header: { ...entry.header, size: data.length }, data };
  });
  return gzipSync(await packTar(changed));
}

test('nobody without APP_SECRET can alter a backup, whatever they change', async () => {
  const { createHash } = await import('node:crypto');
  const text = (change: (all: string) => string) => altered(/tables\/users/, change);
  await refusal(await text((all) => all.replace('person7@', 'thief@')));
  // Line by line in another order.
  await refusal(await text((all) => `${all.trim().split('\n').reverse().join('\n')}\n`));
  await refusal(await text((all) => all.replace(/^.*\n/, '')));
  expect(await refusal(await text((all) => all.replace(/^[^\t]+/, 'secret value')))).not.toContain('secret value');
  // With checksums that fit, but without the seal.
  const entries = await unpackTar(gunzipSync(await text((all) => all.replace('person7@', 'thief@'))));
  const hash = createHash('sha256');
  for (const entry of entries) if (entry.header.name.startsWith('tables/users/')) hash.update(entry.data as Uint8Array);
  const sum = hash.digest('hex');
  const resealed = entries.map((entry) => {
    if (entry.header.name !== 'contents.json') return entry;
    const contents = JSON.parse(new TextDecoder().decode(entry.data));
    for (const table of contents.tables) if (table.name === 'users') table.sha256 = sum;
    const data = new TextEncoder().encode(JSON.stringify(contents));
    return { header: { ...entry.header, size: data.length }, data };
  });
  await refusal(gzipSync(await packTar(resealed)));
  // Names get into statements.
  await refusal(
    await altered(/^backup.json/, (all) => all.replace('"former_users"', '"users\\"; drop table users; --"')),
  );
  await refusal(
    await altered(/^backup.json/, (all) => all.replace('"username"', '"username) from program \'touch /tmp/x\' --"')),
  );
  await refusal(await altered(/^backup.json/, (all) => all.replace(/"rows": "3000"/, '"rows": "3001"')));
  await refusal(await altered(/^backup.json/, (all) => all.replace(/"last": "\d+"/, '"last": "99"')));
}, 60_000);

test('another APP_SECRET, and a newer version, are told with what to do', async () => {
  const other = new SecretBox('another test secret of at least 32 bytes');
  expect(await refusal(backup, other)).toMatch(/APP_SECRET/);
  expect(await refusal(await altered(/^backup.json/, (all) => all.replace('"format": 1', '"format": 2')))).toMatch(
    /newer version \(9\.9\.9\)/,
  );
  const future = await altered(/^backup.json/, (all) =>
    all.replace(`"${migrationNames.at(-1)}"`, `"${migrationNames.at(-1)}", "Migration20990101000000_future"`),
  );
  expect(await refusal(future)).toMatch(/newer version/);
});

test('what is in use, or belongs to something else, is left alone', async () => {
  const other = await emptyDatabase();
  try {
    await rowsOf(other.url, 'create table orders (id int)');
    await expect(restore(backup, secrets, other.url)).rejects.toMatchObject({ code: 'UNUSABLE_DATABASE' });
    expect(await rowsOf(other.url, `select from pg_tables where schemaname = 'public'`)).toHaveLength(1);
    await rowsOf(other.url, 'drop table orders');
    await runMigrations(other.url);
    await rowsOf(
      other.url,
      `insert into former_users (id, username, deleted_at) values (gen_random_uuid(), 'once', now())`,
    );
    await expect(restore(backup, secrets, other.url)).rejects.toMatchObject({ code: 'UNUSABLE_DATABASE' });
    expect(await rowsOf(other.url, 'select from former_users')).toHaveLength(1);
  } finally {
    await other.drop();
  }
});

test('a database without a service is not backed up', async () => {
  const other = await emptyDatabase();
  try {
    await expect(take(other.url)).rejects.toMatchObject({ code: 'UNUSABLE_DATABASE' });
    await expect(take(`${other.url}_not_there`)).rejects.toMatchObject({ code: 'UNUSABLE_DATABASE' });
  } finally {
    await other.drop();
  }
});

test('progress counts each row once; a backup of an older schema is restored into a new one, which is then brought up to date', async () => {
  const older = await emptyDatabase();
  try {
    await runMigrations(older.url);
    await undoMigration(older.url);
    await insertPeople(older.url, 1, 5);
    const counted: number[][] = [];
    const file = await take(older.url, (done, total) => counted.push([done, total]));
    const [done, total] = counted.at(-1) ?? [];
    expect(done).toBe(total);
    // The target has run all migrations, as a service does that starts before somebody thinks of the backup.
    await runMigrations(target.url);
    await restore(file);
    const names = async () =>
      (await rowsOf<{ name: string }>(target.url, 'select name from mikro_orm_migrations order by name')).map(
        ({ name }) => name,
      );
    expect(await names()).toEqual(migrationNames.slice(0, -1));
    await runMigrations(target.url);
    expect(await names()).toEqual(migrationNames);
    expect(await rowsOf(target.url, 'select from users')).toHaveLength(5);
    await expect(restore(backup)).rejects.not.toBeInstanceOf(UnusableBackupError);
  } finally {
    await older.drop();
  }
}, 60_000);
