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
  let started: Promise<unknown> = Promise.resolve();
  const makeWorker = () => {
    const worker = make();
    made.push(worker);
    started = once(worker, 'message').catch(() => undefined);
    return worker;
  };
  const hashing = new HashingThreads(inPool, { makeWorker, now: () => clock.now, longestIdle });
  all.push(hashing);
  /** Computes a hash, and waits for the thread that it may have started. */
  const derive = async (asked = terms) => {
    const hash = await hashing.derive(password, asked);
    await started;
    return hash;
  };
  /** How many were computed in the pool, and how many threads were made. */
  const counts = () => [inPool.mock.calls.length, made.length];
  return { hashing, derive, counts, inPool, made, clock };
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

/** A thread that says that it has started and does what the code says when it is asked. */
const doing = (code: string) => () =>
  new Worker(
    `const { parentPort } = require('node:worker_threads');
     parentPort.on('message', () => { ${code} });
     parentPort.postMessage('started');`,
    { eval: true, resourceLimits: { maxOldGenerationSizeMb: 8 }, stderr: true },
  );

test('a single hash is computed in the pool, one of many in a thread of lower priority, with the same bytes', async () => {
  const before = lowered();
  const { derive, counts, clock } = await threads();
  const hash = await derive();
  expect(counts()).toEqual([1, 0]);
  // Nobody waits until a thread has started.
  expect(await derive()).toEqual(hash);
  expect(counts()).toEqual([2, 1]);
  for (let n = 0; n < 5; n += 1) expect(await derive()).toEqual(hash);
  expect(counts()).toEqual([2, 1]);
  expect(since(before)).toEqual(isLinux ? [10] : []);
  clock.now += 1000;
  await derive();
  expect(counts()).toEqual([3, 1]);
});

test('after one that took far too long in a thread, hashes are computed in the pool for a second', async () => {
  const { hashing, derive, counts, clock } = await threads();
  const taking = async (time: number) => {
    const hash = hashing.derive('x', terms);
    clock.now += time;
    await hash;
  };
  for (let n = 0; n < 2; n += 1) await derive();
  await taking(25);
  expect(counts()).toEqual([2, 1]);
  await taking(26);
  for (const time of [400, 400, 199]) await taking(time);
  expect(counts()).toEqual([5, 1]);
  await taking(1);
  expect(counts()).toEqual([6, 1]);
  await taking(0);
  expect(counts()).toEqual([6, 1]);
});

test('cheap hashes are computed in the pool, however many', async () => {
  const { derive, counts } = await threads();
  for (let n = 0; n < 3; n += 1) await derive({ ...terms, memory: 4095 });
  expect(counts()).toEqual([3, 0]);
});

test('every variant, version, lane and password gives the bytes of the pool', async () => {
  const { hashing, derive, inPool } = await threads();
  for (let n = 0; n < 2; n += 1) await derive();
  const poolOnly = inPool.getMockImplementation() as DeriveArgon2;
  for (const variant of ['argon2d', 'argon2i', 'argon2id'] as const)
    for (const version of [16, 19] as const)
      for (const typed of ['', '\0', '\uD800', 'é😀'.repeat(200)]) {
        const asked = { ...terms, variant, version, lanes: 3, passes: 2, memory: 2051, length: 64 };
        expect((await hashing.derive(typed, asked)).equals(await poolOnly(typed, asked))).toBe(true);
      }
  expect(inPool).toHaveBeenCalledTimes(2);
});

test('there are as many threads as hashes at once', async () => {
  const { hashing, derive, counts } = await threads();
  for (let n = 0; n < 2; n += 1) await derive();
  for (let most = 2; most < 4; most += 1) {
    await Promise.all(Array.from({ length: most - 1 }, () => hashing.derive('x', terms)).concat(derive()));
    expect(counts()).toEqual([1 + most, most]);
  }
  await Promise.all([derive(), derive(), derive()]);
  expect(counts()).toEqual([4, 3]);
});

test('a thread that has nothing to do for a while ends, and others are started', async () => {
  const { derive, counts, made } = await threads(undefined, 10);
  for (let n = 0; n < 2; n += 1) await derive();
  await eventually(() => made[0]?.threadId === -1);
  for (let n = 0; n < 2; n += 1) await derive();
  expect(counts()[1]).toBeGreaterThan(1);
});

test('a hash whose thread dies is computed in the pool, and another thread is started', async () => {
  let make = doing('process.exit(1)');
  const { derive, counts, made } = await threads(() => make());
  const hash = await derive();
  for (let n = 0; n < 2; n += 1) expect(await derive()).toEqual(hash);
  expect(counts()).toEqual([3, 1]);
  make = () => new Worker(program);
  for (let n = 0; n < 2; n += 1) expect(await derive()).toEqual(hash);
  expect(counts()).toEqual([4, 2]);
  // One that dies while it is idle is not asked again.
  await made[1]?.terminate();
  expect(await derive()).toEqual(hash);
  expect(counts()).toEqual([5, 3]);
});

test('a thread that runs out of memory takes no hash with it', async () => {
  const { derive, counts } = await threads(doing('const all = []; for (;;) all.push({});'));
  const hash = await derive();
  for (let n = 0; n < 2; n += 1) expect(await derive()).toEqual(hash);
  expect(counts()).toEqual([3, 1]);
});

test.each([
  ['ends as it starts', () => new Worker('throw new Error()', { eval: true, stderr: true })],
  [
    'cannot be made',
    () => {
      throw new Error('no more threads');
    },
  ],
])('where a thread %s, hashes are computed in the pool', async (_, make) => {
  const { hashing, inPool } = await threads(make);
  for (let n = 0; n < 4; n += 1) expect(await hashing.derive('x', terms)).toHaveLength(32);
  expect(inPool).toHaveBeenCalledTimes(4);
});

test('where the priority must not be changed, the thread computes at that of the process', async () => {
  const refuse = `import os from 'node:os'; import { syncBuiltinESMExports } from 'node:module';
    os.setPriority = () => { throw new Error('EPERM') }; syncBuiltinESMExports();`;
  const execArgv = ['--import', `data:text/javascript,${encodeURIComponent(refuse)}`];
  const before = lowered();
  const { derive, counts } = await threads(() => new Worker(program, { execArgv }));
  for (let n = 0; n < 4; n += 1) expect(await derive()).toHaveLength(32);
  expect([counts(), since(before)]).toEqual([[2, 1], []]);
});

test('the error of a hash is that of the binding, and the thread goes on', async () => {
  const { hashing, derive, counts, inPool } = await threads();
  for (let n = 0; n < 2; n += 1) await derive();
  const tooLittle = { ...terms, memory: 1, passes: 4096 };
  const message = await inPool('x', tooLittle).catch((error: Error) => error.message);
  await expect(hashing.derive('x', tooLittle)).rejects.toThrow(message as string);
  expect(await derive()).toHaveLength(32);
  expect(counts()).toEqual([3, 1]);
});

test('threads that are idle or starting do not keep a process alive, nor does their end', async () => {
  const hashes = new URL('../../src/authentication/passwords/argon2-hashes.js', import.meta.url);
  const cost = { memoryCost: 4096, timeCost: 1, parallelism: 1 };
  for (const count of [2, 50]) {
    const script = `const { hashWithArgon2 } = await import(${JSON.stringify(hashes)});
      for (let n = 0; n < ${count}; n += 1) await hashWithArgon2('x', ${JSON.stringify(cost)});`;
    const run = promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
    expect((await run).stderr).toBe('');
  }
});

test('a service in which many sign in at once answers them all, and leaves no thread when it is closed', async () => {
  const before = lowered();
  const harness = await Harness.start({ ARGON2_MEMORY_KIB: '4096' });
  await harness.person('ada');
  await eventually(async () => {
    await Promise.all(Array.from({ length: 20 }, () => harness.client().login('ada', password)));
    return since(before).length > 0 || !isLinux;
  });
  await harness.close();
  await eventually(() => since(before).length === 0);
});
