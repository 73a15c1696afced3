import { expect, test } from '@jest/globals';
import { HashingQueue } from '../../src/authentication/passwords/hashing-queue.js';
import { CodedError } from '../../src/errors.js';

const bounds = { concurrency: 1, queue: 1000, longestWait: 5000 };

/** A queue whose computations take what the test says, by a clock of its own. */
class Bench {
  time = 0;
  readonly order: string[] = [];
  readonly queue: HashingQueue;
  private readonly finish: ((error?: Error) => void)[] = [];

  constructor(more: Partial<typeof bounds> = {}) {
    this.queue = new HashingQueue({ ...bounds, ...more }, () => this.time);
  }

  /** Asks for a computation. @returns its result: the name, or the error */
  ask(name: string, account?: string): Promise<unknown> {
    const work = () =>
      new Promise<string>((resolve, reject) => {
        this.order.push(name);
        this.finish.push((error) => (error ? reject(error) : resolve(name)));
      });
    return this.queue.run(work, { account }).catch((error: unknown) => error);
  }

  /** Ends the computation that has run longest. @param took milliseconds that pass before */
  async end(took: number, error?: Error): Promise<void> {
    this.time += took;
    this.finish.shift()?.(error);
    await settled();
  }

  /** Computes so often that the mean is what one takes. */
  async learn(took: number): Promise<void> {
    for (let n = 0; n < 5; n += 1) {
      const asked = this.ask('learning');
      await settled();
      await this.end(took);
      await asked;
    }
    this.order.length = 0;
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve));
const retryAfter = (error: unknown) =>
  error instanceof CodedError ? [error.code, error.details['retryAfter']] : error;

test('a known owner does not wait for strangers, and strangers do not wait for ever', async () => {
  const bench = new Bench();
  for (let n = 0; n < 4; n += 1) void bench.ask('stranger');
  for (const name of ['ann', 'bob', 'cat', 'dan']) void bench.ask(name, name);
  for (let n = 0; n < 8; n += 1) await bench.end(10);
  expect(bench.order).toEqual(['stranger', 'ann', 'bob', 'cat', 'stranger', 'dan', 'stranger', 'stranger']);
});

test('no more run at once than are allowed, and a failure gives its turn on', async () => {
  const bench = new Bench({ concurrency: 2 });
  const asked = ['one', 'two', 'three'].map((name) => bench.ask(name));
  await settled();
  expect([bench.order, bench.queue.waiting]).toEqual([['one', 'two'], 1]);
  await bench.end(10, new Error('out of memory'));
  expect([bench.order, bench.queue.waiting]).toEqual([['one', 'two', 'three'], 0]);
  for (const _ of asked) await bench.end(10);
  expect(await Promise.all(asked)).toEqual([new Error('out of memory'), 'two', 'three']);
  void bench.ask('four');
  void bench.ask('five');
  await settled();
  expect(bench.order).toEqual(['one', 'two', 'three', 'four', 'five']);
});

test('what throws before it computes gives its turn on, too', async () => {
  const { queue } = new Bench();
  const failing = queue.run(() => {
    throw new Error('at once');
  });
  await expect(failing).rejects.toThrow('at once');
  expect(await queue.run(async () => 'next')).toBe('next');
});

test('one who would wait longer than the bound is refused at once, and told how long', async () => {
  const bench = new Bench();
  await bench.learn(1000);
  const asked = Array.from({ length: 5 }, (_, place) => bench.ask(`stranger ${place}`));
  await settled();
  // One runs and four wait: five seconds.
  expect(bench.queue.waiting).toBe(4);
  void bench.ask('just in time');
  await settled();
  expect(bench.queue.waiting).toBe(5);
  expect(retryAfter(await bench.ask('too late'))).toEqual(['SERVICE_UNAVAILABLE', 6]);
  expect(() => bench.queue.assertRoom()).toThrow(CodedError);
  expect([bench.queue.refused, bench.queue.waiting]).toEqual([2, 5]);
  await bench.end(1000);
  expect(bench.queue.assertRoom()).toBeUndefined();
  for (const _ of asked) await bench.end(1000);
  expect(await Promise.all(asked)).toEqual(asked.map((_, place) => `stranger ${place}`));
});

test('what is told is true: one who is told to come in n seconds would have been served after n seconds', async () => {
  const bench = new Bench({ longestWait: 0 });
  await bench.learn(700);
  void bench.ask('running');
  void bench.ask('next');
  const [, seconds] = retryAfter(await bench.ask('refused')) as [string, number];
  let passed = 0;
  for (let n = 0; n < 2; n += 1, passed += 700) await bench.end(700);
  expect(seconds).toBe(Math.ceil(passed / 1000));
});

test('two at once halve the wait', async () => {
  const bench = new Bench({ concurrency: 2 });
  await bench.learn(1000);
  for (let n = 0; n < 2 + 9; n += 1) void bench.ask('stranger');
  void bench.ask('the last');
  await settled();
  expect(bench.queue.waiting).toBe(10);
  expect(retryAfter(await bench.ask('too late'))).toEqual(['SERVICE_UNAVAILABLE', 6]);
});

test('the bound counts for a known owner by their own place: strangers fill their line alone', async () => {
  const bench = new Bench();
  await bench.learn(1000);
  for (let n = 0; n < 200; n += 1) void bench.ask('stranger');
  await settled();
  expect(bench.queue.refused).toBe(194);
  expect(bench.queue.assertRoom('ann')).toBeUndefined();
  const ann = bench.ask('ann', 'ann');
  await bench.end(1000);
  await bench.end(1000);
  expect([bench.order, await ann]).toEqual([['stranger', 'ann', 'stranger'], 'ann']);
});

test('and they are refused as strangers are once too many known ones wait', async () => {
  const bench = new Bench();
  await bench.learn(1000);
  for (let n = 0; n < 8; n += 1) void bench.ask('known', `account ${n}`);
  await settled();
  expect(retryAfter(await bench.ask('ann', 'ann'))).toEqual(['SERVICE_UNAVAILABLE', 6]);
});

test('hashes slower than the bound are not refused for ever: the next one always waits', async () => {
  const bench = new Bench({ longestWait: 500 });
  await bench.learn(2000);
  void bench.ask('running');
  const next = bench.ask('next');
  expect(retryAfter(await bench.ask('refused'))).toEqual(['SERVICE_UNAVAILABLE', 4]);
  await bench.end(2000);
  await bench.end(2000);
  expect(await next).toBe('next');
});

test('the count is bounded, too, whatever the wait', async () => {
  const bench = new Bench({ queue: 2 });
  for (let n = 0; n < 3; n += 1) void bench.ask('stranger');
  await settled();
  expect(retryAfter(await bench.ask('too many'))).toEqual(['SERVICE_UNAVAILABLE', 1]);
  expect(bench.queue.refused).toBe(1);
});

test('one slow hash among quick ones is forgotten', async () => {
  const bench = new Bench();
  await bench.learn(10);
  await bench.learn(10);
  void bench.ask('slow');
  await bench.end(4000);
  for (let n = 0; n < 101; n += 1) void bench.ask('stranger');
  await settled();
  // 4,000 ms among tens make a mean of 259 at first.
  expect(bench.queue.waiting).toBe(19);
  for (let n = 0; n < 20; n += 1) await bench.end(10);
  for (let n = 0; n < 50; n += 1) void bench.ask('stranger');
  await settled();
  expect(bench.queue.waiting).toBe(49);
});
