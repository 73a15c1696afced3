import { mkdir, mkdtemp, readdir, readFile, rename, rm, rmdir, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { LogDestination } from '../../src/operations/log-destination.js';

const bounds = { bytes: 100, files: 3 };
let folder: string;
let path: string;
let time = 0;
const open = (within = bounds) => LogDestination.file(path, within, () => time);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-log-file-'));
  path = join(folder, 'log');
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Numbers of the lines, which are 20 bytes each. */
const write = (log: LogDestination, from: number, to: number) => {
  for (let n = from; n <= to; n += 1) log.write(`{"n":${String(n).padStart(13)}}\n`);
};
const linesOf = async (name: string) =>
  (await readFile(join(folder, name), 'utf8'))
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { n?: number; msg?: string });
const numbersOf = async (name: string) => (await linesOf(name)).map(({ n }) => n);
const upTo = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

test('a full file is rotated between two lines, and the oldest goes', async () => {
  const log = open();
  write(log, 1, 22);
  expect((await readdir(folder)).sort()).toEqual(['log', 'log.1', 'log.2', 'log.3']);
  expect(await numbersOf('log')).toEqual([21, 22]);
  expect(await numbersOf('log.1')).toEqual(upTo(16, 20));
  expect(await numbersOf('log.2')).toEqual(upTo(11, 15));
  expect(await numbersOf('log.3')).toEqual(upTo(6, 10));
});

test('a file of an earlier start goes on, and is rotated when it is full', async () => {
  write(open(), 1, 3);
  write(open(), 4, 7);
  expect([await numbersOf('log.1'), await numbersOf('log')]).toEqual([upTo(1, 5), [6, 7]]);
});

test('lines that are written together and do not fit begin a new file', async () => {
  const log = open();
  write(log, 1, 4);
  log.writeSoon('{"n":5,"padding":1}\n');
  log.writeSoon('{"n":6,"padding":1}\n');
  log.write('{"n":7}\n');
  expect([await numbersOf('log.1'), await numbersOf('log')]).toEqual([upTo(1, 4), [5, 6, 7]]);
});

test('when it cannot be rotated, the file goes on and says so once; later it is rotated', async () => {
  for (const name of ['log.1', 'log.2', 'log.3']) await mkdir(join(folder, name));
  await mkdir(join(folder, 'log.3', 'full'));
  const log = open();
  write(log, 1, 50);
  time += 61_000;
  write(log, 51, 100);
  const lines = await linesOf('log');
  expect(lines.flatMap(({ n }) => n ?? [])).toEqual(upTo(1, 100));
  expect(lines.flatMap(({ msg }) => msg ?? [])).toEqual([expect.stringMatching(/could not be rotated \(ENOTEMPTY\)/)]);
  await rmdir(join(folder, 'log.3', 'full'));
  time += 61_000;
  write(log, 101, 102);
  expect([await numbersOf('log'), (await linesOf('log.1')).length]).toEqual([[101, 102], 101]);
});

test('repeated failures push no file out', async () => {
  const log = open();
  write(log, 1, 20);
  // The name of the file itself is gone together with its folder, those of the rotated ones too.
  await rename(folder, `${folder}-away`);
  for (let n = 0; n < 5; n += 1) {
    time += 61_000;
    write(log, 21 + n, 21 + n);
  }
  await rename(`${folder}-away`, folder);
  expect(await numbersOf('log.3')).toEqual(upTo(1, 5));
  expect((await linesOf('log')).flatMap(({ n }) => n ?? [])).toEqual(upTo(16, 25));
});

test('a file that another program has moved, deleted or emptied is made anew within a second', async () => {
  const log = open({ bytes: 10_000, files: 3 });
  write(log, 1, 2);
  await rename(path, `${path}-moved`);
  write(log, 3, 3);
  time += 1001;
  write(log, 4, 4);
  expect([await numbersOf('log-moved'), await numbersOf('log')]).toEqual([[1, 2, 3], [4]]);
  await rm(path);
  time += 1001;
  write(log, 5, 5);
  expect(await numbersOf('log')).toEqual([5]);
  await truncate(path);
  write(log, 6, 6);
  expect(await numbersOf('log')).toEqual([6]);
});

test('a device is no file to rotate', () => {
  const log = LogDestination.file('/dev/null', bounds);
  expect(() => write(log, 1, 100)).not.toThrow();
});
