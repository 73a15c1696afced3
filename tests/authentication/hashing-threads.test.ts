import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { getPriority } from 'node:os';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { afterAll, expect, jest, test } from '@jest/globals';
import { argon2Bindings } from '../../src/authentication/passwords/argon2-bindings.js';
import type { Argon2Terms, DeriveArgon2 } from '../../src/authentication/passwords/argon2-terms.js';
import { HashingThreads } from '../../src/authentication/passwords/hashing-threads.js';
import { minutes } from '../../src/clock.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';

const program = new URL('../../src/authentication/passwords/hashing-worker.js', import.meta.url);
const salt = Buffer.from('a salt of sixteen bytes'.slice(0, 16));
/** Just enough for a thread. */
const terms: Argon2Terms = { variant: 'argon2id', version: 19, memory: 4096, passes: 1, lanes: 1, salt, length: 32 };
const isLinux = process.platform === 'linux';

/** The binding itself, which counts what is computed in libuv's pool. */
async function pool() {
  const [[, load] = []] = argon2Bindings;
  if (!load) throw new Error('There is no binding');
  return jest.fn(await load());
}

const all: HashingThreads[] = [];
/** Threads that are known to the test, and a clock that stands still unless it is set. */
async function threads(make: () => Worker = () => new Worker(program), longestIdle = minutes(1)) {
  const inPool = await pool();
  const made: Worker[] = [];
  const clock = { now: 0 };
  const makeWorker = () => {
    const worker = make();
    made.push(worker);
    return worker;
  };
  const hashing = new HashingThreads(inPool, { makeWorker, now: () => clock.now, longestIdle });
  all.push(hashing);
  return { hashing, inPool, made, clock };
}
afterAll(() => Promise.all(all.map((each) => each.end())));

/** Threads of this process with a lower priority than it has: how much lower, by id. Those of other files may be among them. */
function lowered(): Map<string, number> {
  const ids = isLinux ? readdirSync('/proc/self/task') : [];
  const found = new Map<string, number>();
  for (const id of ids) {
    const lower = niceOf(id) - niceOf(String(process.pid));
    if (lower > 0) found.set(id, lower);
  }
  return found;
}

/** That of a thread that has just ended is 0. */
function niceOf(id: string): number {
  try {
    return getPriority(Number(id));
  } catch {
    return 0;
  }
}

/** By how much those are lower that were not before. */
const since = (before: Map<string, number>) => [...lowered()].flatMap(([id, lower]) => (before.has(id) ? [] : [lower]));

test('a single hash is computed in the pool, one of many in a thread of lower priority, with the same bytes', async () => {
  const before = lowered();
  const { hashing, inPool, made, clock } = await threads();
  const hash = await hashing.derive(password, terms);
  expect([inPool.mock.calls.length, made.length]).toEqual([1, 0]);
  for (let n = 0; n < 5; n += 1) expect((await hashing.derive(password, terms)).equals(hash)).toBe(true);
  expect([inPool.mock.calls.length, made.length]).toEqual([1, 1]);
  expect(since(before)).toEqual(isLinux ? [10] : []);
  clock.now += 1000;
  await hashing.derive(password, terms);
  expect([inPool.mock.calls.length, made.length]).toEqual([2, 1]);
});

test('cheap hashes are computed in the pool, however many', async () => {
  const { hashing, inPool, made } = await threads();
  for (let n = 0; n < 3; n += 1) await hashing.derive('x', { ...terms, memory: 4095 });
  expect([inPool.mock.calls.length, made.length]).toEqual([3, 0]);
});

test('every variant, version, lane and password gives the bytes of the pool', async () => {
  const { hashing, inPool } = await threads();
  await hashing.derive('', terms);
  const derive = inPool.getMockImplementation() as DeriveArgon2;
  for (const variant of ['argon2d', 'argon2i', 'argon2id'] as const)
    for (const version of [16, 19] as const)
      for (const typed of ['', '\0', '\uD800', 'é😀'.repeat(200)]) {
        const asked = { ...terms, variant, version, lanes: 3, passes: 2, memory: 2051, length: 64 };
        expect((await hashing.derive(typed, asked)).equals(await derive(typed, asked))).toBe(true);
      }
  expect(inPool).toHaveBeenCalledTimes(1);
});

test('there are as many threads as hashes at once', async () => {
  const { hashing, made } = await threads();
  const together = (count: number) => Promise.all(Array.from({ length: count }, () => hashing.derive('x', terms)));
  await together(4);
  expect(made).toHaveLength(3);
  await together(3);
  expect(made).toHaveLength(3);
});

test('a thread that has nothing to do for a while ends, and the next hash starts another', async () => {
  const ended: Promise<unknown>[] = [];
  const make = () => {
    const worker = new Worker(program);
    ended.push(once(worker, 'exit'));
    return worker;
  };
  const { hashing, inPool } = await threads(make, 10);
  for (let n = 0; n < 2; n += 1) await hashing.derive('x', terms);
  await ended[0];
  expect(await hashing.derive('x', terms)).toHaveLength(32);
  expect([inPool.mock.calls.length, ended.length]).toEqual([1, 2]);
});

test('a hash whose thread dies is computed in the pool, and the next in a new thread', async () => {
  let isDeadly = true;
  const deadly = () =>
    new Worker("require('node:worker_threads').parentPort.on('message', () => process.exit(1))", { eval: true });
  const { hashing, inPool, made } = await threads(() => (isDeadly ? deadly() : new Worker(program)));
  const hash = await hashing.derive('x', terms);
  expect((await hashing.derive('x', terms)).equals(hash)).toBe(true);
  expect([inPool.mock.calls.length, made.length]).toEqual([2, 1]);
  isDeadly = false;
  expect((await hashing.derive('x', terms)).equals(hash)).toBe(true);
  // One that dies while it is idle is not asked again.
  await made[1]?.terminate();
  expect((await hashing.derive('x', terms)).equals(hash)).toBe(true);
  expect([inPool.mock.calls.length, made.length]).toEqual([2, 3]);
});

test.each([
  [
    'runs out of memory',
    "require('node:worker_threads').parentPort.on('message', () => { const all = []; for (;;) all.push({}); })",
  ],
  ['cannot be loaded', 'throw new Error()'],
])('a thread that %s takes no hash with it', async (_, code) => {
  const make = () => new Worker(code, { eval: true, resourceLimits: { maxOldGenerationSizeMb: 8 }, stderr: true });
  const { hashing } = await threads(make);
  const hash = await hashing.derive('x', terms);
  expect((await hashing.derive('x', terms)).equals(hash)).toBe(true);
});

test('where no thread can be made, hashes are computed in the pool', async () => {
  const { hashing, inPool } = await threads(() => {
    throw new Error('no more threads');
  });
  for (let n = 0; n < 3; n += 1) expect(await hashing.derive('x', terms)).toHaveLength(32);
  expect(inPool).toHaveBeenCalledTimes(3);
});

test('where the priority must not be changed, the thread computes at that of the process', async () => {
  const refuse = `import os from 'node:os'; import { syncBuiltinESMExports } from 'node:module';
    os.setPriority = () => { throw new Error('EPERM') }; syncBuiltinESMExports();`;
  const execArgv = ['--import', `data:text/javascript,${encodeURIComponent(refuse)}`];
  const before = lowered();
  const { hashing, inPool, made } = await threads(() => new Worker(program, { execArgv }));
  for (let n = 0; n < 3; n += 1) expect(await hashing.derive('x', terms)).toHaveLength(32);
  expect([inPool.mock.calls.length, made.length, since(before)]).toEqual([1, 1, []]);
});

test('the error of a hash is that of the binding, and the thread goes on', async () => {
  const { hashing, inPool, made } = await threads();
  await hashing.derive('x', terms);
  const tooLittle = { ...terms, memory: 1, passes: 4096 };
  const message = await inPool('x', tooLittle).catch((error: Error) => error.message);
  await expect(hashing.derive('x', tooLittle)).rejects.toThrow(message as string);
  expect(await hashing.derive('x', terms)).toHaveLength(32);
  expect(made).toHaveLength(1);
});

test('threads without work do not keep a process alive', async () => {
  const hashes = new URL('../../src/authentication/passwords/argon2-hashes.js', import.meta.url);
  const cost = { memoryCost: 4096, timeCost: 1, parallelism: 1 };
  const script = `const { hashWithArgon2 } = await import(${JSON.stringify(hashes)});
    for (let n = 0; n < 3; n += 1) await hashWithArgon2('x', ${JSON.stringify(cost)});
    console.log(process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length);`;
  const run = promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
  expect((await run).stdout).toMatch(/^\d+\n$/);
});

test('a service in which many sign in at once answers them all, and leaves no thread when it is closed', async () => {
  const before = lowered();
  const harness = await Harness.start({ ARGON2_MEMORY_KIB: '4096' });
  await harness.person('ada');
  const signIns = Array.from({ length: 20 }, () => harness.client().login('ada', password));
  await Promise.all(signIns);
  expect(since(before).length > 0).toBe(isLinux);
  await harness.close();
  await eventually(() => since(before).length === 0);
});
