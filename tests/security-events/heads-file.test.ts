import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { publish } from '../support/events.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';

test('heads that cannot be appended are told once, and the newest is appended when that is possible again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-heads-'));
  const file = join(folder, 'heads');
  // Nothing can be appended to a folder, as to a full disk.
  await mkdir(file);
  const harness = await Harness.start({ EVENT_HEADS_FILE: file });
  const { sql } = harness.app.services.database;
  await publish(harness, 2);
  await publish(harness, 2);
  const told = () => harness.logged.filter((line) => line.includes('EVENT_HEADS_FILE')).length;
  await eventually(() => told() > 0);
  expect(await readdir(file)).toEqual([]);
  await rm(file, { recursive: true });
  const lines = await eventually(() => readFile(file, 'utf8').catch(() => undefined));
  const [newest] = await sql.rows<{ signature: string }>(
    'select h.signature from event_heads h order by h.sequence desc limit 1',
  );
  expect(lines).toBe(`\n${newest?.signature}\n`);
  expect(told()).toBe(1);
  await harness.close();
  await rm(folder, { recursive: true });
});
