import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { pino } from 'pino';
import { openPostgres } from '../../src/database/open-database.js';
import { eventually } from '../support/eventually.js';
import { administer } from '../support/postgres.js';

test('an embedded database that cannot be started again says so, is tried again with pauses, and comes back', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-restart-'));
  const logged: { level: number; msg: string; retryAfter?: number }[] = [];
  const log = pino({ level: 'info' }, { write: (line) => void logged.push(JSON.parse(line)) });
  const postgres = await openPostgres({ databaseUrl: undefined, dataDir }, log);
  const settings = join(dataDir, 'postgres', 'postgresql.conf');
  const kept = await readFile(settings);
  await appendFile(settings, '\nno_such_setting = on\n');
  const pid = Number((await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
  process.kill(pid, 'SIGKILL');
  const failures = () => logged.filter(({ level, retryAfter }) => level >= 50 && retryAfter);
  await eventually(() => failures().length >= 2, 25_000);
  expect(failures().map(({ retryAfter }) => retryAfter)).toEqual([1, 2]);
  await writeFile(settings, kept);
  await eventually(
    () =>
      administer(postgres.url, 'select 1').then(
        () => true,
        () => false,
      ),
    25_000,
  );
  await postgres.stop();
  await rm(dataDir, { recursive: true, force: true });
});
