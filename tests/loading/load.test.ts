import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

/** A bundle of two parts in a folder of its own, with the loader of the built service. */
let folder: string;
const part = `
const { answer } = require('./other-0.cjs');
const { keepLoaded } = require('./load.js');
console.log(answer(), require('node:path').sep, __filename === require.resolve('./part-0.cjs'));
keepLoaded();
`;
const other = (word: string) => `exports.answer = () => ['${word}'].map((word) => word + '!').join();`;
const right = 'old! / true\n';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-loading-'));
  await chmod(folder, 0o755);
  await copyFile('dist/service/load.js', join(folder, 'load.js'));
  await write('package.json', '{ "type": "module" }');
  await write('program.js', "import { load } from './load.js';\nload(import.meta.url, './part-0.cjs');\n");
  await write('part-0.cjs', part);
  await write('other-0.cjs', other('old'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const write = (name: string, content: string | Buffer) => writeFile(join(folder, name), content);
const start = (options: readonly string[] = [], account = {}) =>
  spawn(process.execPath, [...options, join(folder, 'program.js')], { cwd: folder, ...account });

/** @returns what the program prints, with its errors */
async function run(options: readonly string[] = [], account = {}): Promise<string> {
  const child = start(options, account);
  const [out, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return out + errors;
}

/** Paths of kept code, and of what else is there. */
async function kept(): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((one) => one.isFile() && one.parentPath.includes('.code-'))
    .map((one) => join(one.parentPath, one.name));
}

test('code that was compiled before is used: V8 does not look at the text again', async () => {
  expect(await run()).toBe(right);
  expect(await kept()).toHaveLength(2);
  await write('other-0.cjs', other('new'));
  expect(await run()).toBe(right);
});

test.each([
  ['cut off', (path: string) => truncate(path, 100)],
  ['empty', (path: string) => truncate(path, 0)],
  ['of other content', (path: string) => writeFile(path, Buffer.alloc(4096, 7))],
  ['changed in one bit', flip],
  ['a folder', (path: string) => rm(path).then(() => mkdir(path))],
])('code that is %s is not used', async (_what, damage) => {
  await run();
  for (const path of await kept()) await damage(path);
  expect(await run()).toBe(right);
  expect(await run()).toBe(right);
});

async function flip(path: string): Promise<void> {
  const content = await readFile(path);
  const middle = content.length >> 1;
  content[middle] = (content[middle] ?? 0) ^ 1;
  await writeFile(path, content);
}

test('code of a Node with other options is neither used nor touched', async () => {
  const options = ['--max-semi-space-size=16'];
  await run();
  const own = await kept();
  expect(await run(options)).toBe(right);
  const both = await kept();
  expect(both).toHaveLength(4);
  // As though it had got the other's name.
  for (const path of both.filter((one) => !own.includes(one))) {
    const same = own.find((one) => one.endsWith(path.slice(path.lastIndexOf('/'))));
    await copyFile(same ?? '', path);
  }
  expect(await run(options)).toBe(right);
  await write('other-0.cjs', other('new'));
  expect(await run(options)).toBe(right);
});

test('in a folder that it may not write it starts, and keeps nothing', async () => {
  await chmod(folder, 0o555);
  // Root may write everywhere.
  const account = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  expect(await run([], account)).toBe(right);
  expect(await kept()).toEqual([]);
  await chmod(folder, 0o755);
});

test('of several processes at once each answers, and nothing unfinished is left', async () => {
  const answers = await Promise.all(Array.from({ length: 8 }, () => run()));
  expect(answers).toEqual(answers.map(() => right));
  expect((await kept()).every((path) => path.endsWith('.cjs'))).toBe(true);
});

test('killed while it keeps code, it starts again', async () => {
  for (let round = 0; round < 8; round += 1) {
    const child = start();
    await once(child.stdout, 'data');
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    expect(await run()).toBe(right);
    for (const path of await kept()) await rm(path);
  }
});

test('a trace names the line of the source, once maps are wanted', async () => {
  const { mappings, source } = { mappings: 'AAKA', source: '../where/it.ts' };
  await write('other-0.cjs', "exports.answer = () => new Error('seen').stack;");
  await write('other-0.cjs.map', JSON.stringify({ version: 3, sources: [source], names: [], mappings }));
  await write('part-0.cjs', `require('./load.js').mapStacks(); console.log(require('./other-0.cjs').answer());`);
  const [head, first = ''] = (await run()).split('\n');
  expect(head).toBe('Error: seen');
  expect(first).toMatch(/^ {4}at .*\/where\/it\.ts:6:1\)$/);
});
