import { expect, test } from '@jest/globals';
import { LogDestination } from '../../src/operations/log-destination.js';
import { createLogger } from '../../src/operations/logging.js';
import { eventually } from '../support/eventually.js';

/** A disk that has room for a number of bytes. */
class Disk {
  text = '';
  room = Number.POSITIVE_INFINITY;
  writes = 0;
  readonly log = new LogDestination(0, (_fd, part) => {
    const taken = part.subarray(0, this.room);
    if (taken.length === 0) throw Object.assign(new Error(), { code: 'ENOSPC' });
    this.room -= taken.length;
    this.text += taken.toString();
    this.writes += 1;
    return taken.length;
  });

  get lines(): string[] {
    return this.text.split('\n').slice(0, -1);
  }
}

test('a line that the disk has no room for is dropped, and its loss told before the next', () => {
  const disk = new Disk();
  disk.log.write('first\n');
  disk.room = 3;
  for (const line of ['second\n', 'third\n']) disk.log.write(line);
  disk.room = Number.POSITIVE_INFINITY;
  for (const line of ['fourth\n', 'fifth\n']) disk.log.write(line);
  const [first, part, loss, ...others] = disk.lines;
  expect([first, part, ...others]).toEqual(['first', 'sec', 'fourth', 'fifth']);
  expect(JSON.parse(String(loss))).toMatchObject({ level: 50, lost: 2, msg: expect.stringContaining('ENOSPC') });
});

test('lines go on behind a loss that could not be told either', () => {
  const disk = new Disk();
  disk.room = 0;
  disk.log.write('first\n');
  disk.room = 8;
  disk.log.write('second\n');
  disk.room = Number.POSITIVE_INFINITY;
  disk.log.write('third\n');
  const lines = disk.lines;
  expect(lines.at(-1)).toBe('third');
  expect(JSON.parse(String(lines.at(-2)))).toMatchObject({ lost: 2 });
});

test('a pipe that is full is waited for', () => {
  let [text, tries] = ['', 0];
  const log = new LogDestination(0, (_fd, part) => {
    tries += 1;
    if (tries % 2 === 1) throw Object.assign(new Error(), { code: 'EAGAIN' });
    text += part.subarray(0, 2).toString();
    return Math.min(2, part.length);
  });
  log.write('line\n');
  expect(text).toBe('line\n');
});

test('a pipe whose reader stands still is waited for once; then its lines are lost and counted, until it reads again', () => {
  let [text, tries, isFull] = ['', 0, true];
  const log = new LogDestination(0, (_fd, part) => {
    tries += 1;
    if (isFull) throw Object.assign(new Error(), { code: 'EAGAIN' });
    text += part.toString();
    return part.length;
  });
  log.write('first\n');
  expect([text, tries]).toEqual(['', 101]);
  log.write('second\n');
  log.write('third\n');
  expect([text, tries]).toEqual(['', 103]);
  isFull = false;
  log.write('fourth\n');
  const lines = text.trimEnd().split('\n');
  expect(JSON.parse(String(lines[0]))).toMatchObject({ lost: 3, msg: expect.stringMatching(/EAGAIN/) });
  expect(lines.slice(1)).toEqual(['fourth']);
});

test('lines that may wait are written together, and before any that may not', async () => {
  const disk = new Disk();
  for (const line of ['first\n', 'second\n']) disk.log.writeSoon(line);
  expect(disk.text).toBe('');
  disk.log.write('third\n');
  expect(disk.lines).toEqual(['first', 'second', 'third']);
  for (const line of ['fourth\n', 'fifth\n']) disk.log.writeSoon(line);
  await eventually(() => disk.lines.length === 5);
  expect([disk.lines.slice(3), disk.writes]).toEqual([['fourth', 'fifth'], 2]);
});

test('of lines that are written together, those that the disk has no room for are counted', async () => {
  const disk = new Disk();
  disk.room = 8;
  for (const line of ['first\n', 'second\n', 'third\n']) disk.log.writeSoon(line);
  await eventually(() => disk.room === 0);
  disk.room = Number.POSITIVE_INFINITY;
  disk.log.write('fourth\n');
  const [first, part, loss, ...others] = disk.lines;
  expect([first, part, ...others]).toEqual(['first', 'se', 'fourth']);
  expect(JSON.parse(String(loss))).toMatchObject({ level: 50, lost: 2 });
});

test('many lines do not wait', () => {
  const disk = new Disk();
  for (let n = 0; n < 1000; n += 1) disk.log.writeSoon(`${'x'.repeat(100)}\n`);
  expect(disk.lines.length).toBeGreaterThan(500);
});

test('a full disk does not stop who logs', () => {
  const log = createLogger({ production: true, log: { level: 'info', file: '/dev/full' } });
  for (let n = 0; n < 3; n += 1) log.info('there is no room for this');
});
