import { beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type Clock, days, minutes, seconds } from '../../src/clock.js';
import { asSystem } from '../../src/open-services.js';
import type { Repeating } from '../../src/operations/repeating.js';
import { retryJob } from '../../src/queue/failed-jobs.js';
import { Queue } from '../../src/queue/queue.js';
import { every, FailedForGood, type Task } from '../../src/queue/task.js';
import { endClaims } from '../support/claims.js';
import { TestClock } from '../support/clock.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start();
});

let clock: TestClock;
let ran: string[];
beforeEach(() => {
  clock = new TestClock();
  ran = [];
});

const database = () => harness.app.services.database;
const lane = { brisk: 2, most: 4, retries: 1 };
const retries = { first: seconds(5), longest: minutes(1), most: 3 };
/** A task whose jobs carry a text. */
const task = (name: string, work: (text: string, attempts: number) => unknown = () => undefined): Task => ({
  name,
  purpose: 'test',
  lane,
  retries,
  run: async ({ payload, attempts }) => {
    ran.push(`${name} ${payload}`);
    await work(String(payload), attempts);
    return false;
  },
});
const processOf = (time: Clock = clock) => new Queue(database(), { clock, time }, harness.app.services.log);

/** Runs the work on as many processes, and closes them. */
async function among(count: number, tasks: readonly Task[], work: (queues: readonly Queue[]) => Promise<unknown>) {
  const queues = Array.from({ length: count }, () => processOf());
  for (const queue of queues) await queue.start(tasks);
  await work(queues).finally(() => Promise.all(queues.map((queue) => queue.close())));
}

/** Stops the looking for due jobs, or the renewal of claims, of one process. */
const asleep = (queue: Queue | undefined, what: 'claiming' | 'renewing' = 'claiming') =>
  (queue as unknown as Record<typeof what, Repeating>)[what].close();

const add = (queue: Queue | undefined, name: string, ...texts: string[]) =>
  database().transaction(async (tx) => {
    for (const text of texts) queue?.add(tx, name, { payload: Buffer.from(text) });
  });
interface Row {
  readonly due: Date | null;
  readonly attempts: number;
  readonly error: string | null;
  readonly failed: Date | null;
}
const rowsOf = (name: string) =>
  database().sql.rows<Row>(
    'select due_at as due, attempts, last_error as error, failed_at as failed from jobs where task = $1 and claimed_until is null',
    [name],
  );
const isDone = (name: string) => async () =>
  (await database().sql.rows('select 1 from jobs where task = $1', [name])).length === 0;

test('a job runs as soon as its transaction is committed, without a notification', async () => {
  const told: string[] = [];
  const listening = await database().sql.pool.connect();
  // Beside heartbeats, events of the start may still be numbered.
  listening.on('notification', ({ payload = '' }) => /^(beat:|event$|published)/.test(payload) || told.push(payload));
  await listening.query('listen gatehouse');
  await among(1, [task('plain')], async ([queue]) => {
    await add(queue, 'plain', 'one');
    await eventually(isDone('plain'));
  });
  await listening.query('select 1');
  listening.release(true);
  expect([ran, told]).toEqual([['plain one'], []]);
});

test('a slow job in one process is not run by another, and delays no other job', async () => {
  let letGo: (() => void) | undefined;
  const slow = task('slow', (text) => (text === 'stuck' ? new Promise<void>((done) => (letGo = done)) : undefined));
  await among(2, [slow], async ([one]) => {
    await add(one, 'slow', 'stuck', ...Array.from({ length: 20 }, (_, n) => `quick ${n}`));
    await eventually(async () => new Set(ran).size === 21);
    // The claims of both processes look again, several times.
    for (let n = 0; n < 5; n += 1) await add(one, 'slow', `later ${n}`);
    await eventually(async () => new Set(ran).size === 26);
    letGo?.();
    await eventually(isDone('slow'));
  });
  expect(ran).toHaveLength(26);
});

test('a claim is renewed while its process lives', async () => {
  let letGo: (() => void) | undefined;
  const long = task('long', () => new Promise<void>((done) => (letGo = done)));
  await among(1, [long], async ([queue]) => {
    await add(queue, 'long', 'x');
    await eventually(() => letGo);
    const until = async () =>
      (
        await database().sql.row<{ at: Date }>(`select claimed_until as at from jobs where task = 'long'`)
      )?.at.getTime() ?? 0;
    const first = await until();
    await database().sql.rows(
      `update jobs set claimed_until = claimed_until - interval '40 seconds' where task = 'long'`,
    );
    // What the timer does every 15 seconds.
    await (queue as unknown as { renew(): Promise<void> }).renew();
    expect(await until()).toBeGreaterThanOrEqual(first);
    letGo?.();
    await eventually(isDone('long'));
  });
});

test('a process whose clock is ahead takes no job that another is running', async () => {
  let letGo: (() => void) | undefined;
  const kept = task('kept', () => (ran.length > 1 ? undefined : new Promise<void>((done) => (letGo = done))));
  const ahead = new TestClock();
  ahead.advance(minutes(10));
  await among(1, [kept], async ([queue]) => {
    await add(queue, 'kept', 'x');
    await eventually(() => letGo);
    const other = new Queue(database(), { clock: ahead, time: ahead }, harness.app.services.log);
    expect(await other.drain(kept)).toEqual({ succeeded: 0, failed: 0 });
    letGo?.();
    await eventually(isDone('kept'));
  });
  expect(ran).toEqual(['kept x']);
});

test('a process that was frozen does not end a job that was given free and claimed anew', async () => {
  const holding: (() => void)[] = [];
  const held = task('held', (text, attempts) =>
    attempts === 2 ? Promise.reject(new FailedForGood(text)) : new Promise<void>((done) => holding.push(done)),
  );
  await among(3, [held], async ([frozen, second, third]) => {
    // Claimed by the first process, which renews nothing from then on.
    await Promise.all([second, third].map((queue) => asleep(queue)));
    await asleep(frozen, 'renewing');
    await add(frozen, 'held', 'x');
    await eventually(() => holding.length === 1);
    await endClaims(harness);
    expect(await second?.drain(held)).toEqual({ succeeded: 0, failed: 1 });
    const [row] = await database().sql.rows<{ id: string }>(`select id from jobs where task = 'held'`);
    await retryJob(asSystem({ ...harness.app.services, queue: third as Queue }), row?.id ?? '');
    const draining = third?.drain(held);
    await eventually(() => holding.length === 2);
    // The first process comes back with the result of its attempt, which is number 1 like the running one.
    const until = () => database().sql.rows(`select claimed_until from jobs where task = 'held'`);
    const claimed = await until();
    await (frozen as unknown as { renew(): Promise<void> }).renew();
    holding[0]?.();
    await frozen?.close();
    expect(await until()).toEqual(claimed);
    holding[1]?.();
    expect(await draining).toEqual({ succeeded: 1, failed: 0 });
    expect(await isDone('held')()).toBe(true);
  });
});

test('a job that fails is tried again after growing pauses, kept after the last, and blocks no other', async () => {
  const bad = task('bad', (text) => {
    if (text === 'bad') throw new Error(`no https://u:p@x/?token=${'t'.repeat(43)} and ${'s'.repeat(43)}`);
  });
  await among(1, [bad], async ([queue]) => {
    await add(queue, 'bad', 'bad', 'good');
    for (const [attempts, pause] of [
      [1, 5],
      [2, 10],
    ] as const) {
      const row = await eventually(async () => (await rowsOf('bad')).find((one) => one.attempts === attempts));
      const left = (row.due?.getTime() ?? 0) - clock.now().getTime();
      expect([left > seconds(pause - 5), left <= seconds(pause)]).toEqual([true, true]);
      clock.advance(seconds(pause));
    }
    const kept = await eventually(async () => (await rowsOf('bad')).find(({ failed }) => failed));
    expect([kept.attempts, kept.due, kept.error]).toEqual([3, null, 'no https://…@x/?token=… and …']);
    clock.advance(minutes(60));
    await add(queue, 'bad', 'later');
    await eventually(async () => (await rowsOf('bad')).length === 1 && ran.includes('bad later'));
  });
  expect(ran.sort()).toEqual(['bad bad', 'bad bad', 'bad bad', 'bad good', 'bad later']);
  const line = harness.logged.find((one) => one.includes('failed in all its attempts')) ?? '';
  expect([JSON.parse(line)['level'], /tttt|ssss/.test(harness.logged.join(''))]).toEqual([50, false]);
});

/** Jobs whose first attempt has failed, and which are due again. */
async function failedOnce(queue: Queue, of: Task, ...texts: string[]): Promise<void> {
  await add(queue, of.name, ...texts);
  expect(await queue.drain(of)).toEqual({ succeeded: 0, failed: texts.length });
  clock.advance(seconds(5));
  ran = [];
}

test('while new jobs wait each tenth is one that is due again, and no more', async () => {
  const queue = processOf();
  const shared = task('shared', (text) => (text === 'bad' ? Promise.reject(new Error('bad')) : undefined));
  await failedOnce(queue, shared, ...Array(5).fill('bad'));
  await add(queue, 'shared', ...Array(60).fill('new'));
  expect(await queue.drain(shared)).toEqual({ succeeded: 60, failed: 5 });
  const places = ran.flatMap((text, place) => (text === 'shared bad' ? [place] : []));
  const [first = 0] = places;
  expect([first < 10, places.map((place) => place - first)]).toEqual([true, [0, 10, 20, 30, 40]]);
});

test('jobs that hang when they are tried again leave room for new ones', async () => {
  const holding: (() => void)[] = [];
  const hanging = task('hanging', (text, attempts) => {
    if (text !== 'bad') return undefined;
    return attempts === 1 ? Promise.reject(new Error('bad')) : new Promise<void>((done) => holding.push(done));
  });
  await failedOnce(processOf(), hanging, ...Array(10).fill('bad'));
  await among(1, [hanging], async ([queue]) => {
    await eventually(() => holding.length === 1);
    await add(queue, 'hanging', ...Array.from({ length: 30 }, (_, n) => `new ${n}`));
    await eventually(() => new Set(ran).size === 31);
    expect(holding).toHaveLength(lane.retries);
    await asleep(queue);
    for (const letGo of holding) letGo();
  });
});

test('a stop leaves a job that does not end, and renews its claim no more', async () => {
  let letGo: (() => void) | undefined;
  const endless = task('endless', () => new Promise<void>((done) => (letGo = done)));
  const queue = processOf();
  await queue.start([endless]);
  await add(queue, 'endless', 'x');
  await eventually(() => letGo);
  await queue.close(0);
  const claim = () => database().sql.rows(`select claimed_until, claim_id from jobs where task = 'endless'`);
  expect(await claim()).toEqual([{ claimed_until: expect.any(Date), claim_id: expect.any(String) }]);
  expect(harness.logged.some((line) => line.includes('"tasks":["endless"]'))).toBe(true);
  letGo?.();
  await eventually(isDone('endless'));
});

test('a failure for good is not tried again', async () => {
  const hopeless = task('hopeless', () => {
    throw new FailedForGood('gone');
  });
  await among(1, [hopeless], async ([queue]) => {
    await add(queue, 'hopeless', 'x');
    const row = await eventually(async () => (await rowsOf('hopeless')).find(({ attempts }) => attempts === 1));
    expect([row.due, row.attempts, row.error]).toEqual([null, 1, 'gone']);
  });
});

test('each due run of a periodic job happens once over three processes', async () => {
  let at = 0;
  const periodic = every(minutes(10), 'often', 'test', async () => {
    ran.push('often');
    await new Promise((done) => setTimeout(done, 20));
    return ++at === 3;
  });
  await among(3, [periodic], async (queues) => {
    for (const runs of [1, 2, 4, 5]) {
      // The third run asks for another at once.
      await eventually(async () => ran.length === runs && (await rowsOf('often'))[0]?.due);
      for (const queue of queues) queue.wake();
      clock.advance(minutes(10) + 1);
    }
    await eventually(() => ran.length === 6);
  });
  const [row] = await rowsOf('often');
  expect([ran.length, (row?.due?.getTime() ?? 0) > clock.now().getTime()]).toEqual([6, true]);
});

test('a periodic job that ran while a clock was a year ahead does not wait for a year', async () => {
  const leap = every(minutes(1), 'leap', 'test', async () => {
    ran.push('leap');
    return false;
  });
  clock.advance(days(365));
  await among(1, [leap], () => eventually(async () => (await rowsOf('leap')).length === 1 && ran.length === 1));
  clock.advance(-days(365));
  await among(1, [leap], () => eventually(() => ran.length === 2));
  const [job] = await rowsOf('leap');
  expect(Number(job?.due)).toBeLessThanOrEqual(clock.now().getTime() + minutes(1));
});

test('a periodic job that fails is tried again sooner, shown after five attempts, and forgiven when it succeeds', async () => {
  let isBroken = true;
  const fragile = every(minutes(10), 'fragile', 'test', async () => {
    ran.push('fragile');
    if (isBroken) throw new Error('broken');
    return false;
  });
  await among(1, [fragile], async () => {
    for (let attempts = 1; attempts <= 5; attempts += 1) {
      const row = await eventually(async () => (await rowsOf('fragile')).find((one) => one.attempts === attempts));
      expect([row.failed !== null, row.due !== null, row.error]).toEqual([attempts === 5, true, 'broken']);
      if (attempts === 5) isBroken = false;
      clock.advance(minutes(5));
    }
    const row = await eventually(async () => (await rowsOf('fragile')).find((one) => one.attempts === 0));
    expect([row.failed, row.error]).toEqual([null, null]);
  });
  expect(ran).toHaveLength(6);
});

test('a job that is undone with its transaction never runs', async () => {
  await among(1, [task('undone')], async ([queue]) => {
    const undone = database().transaction(async (tx) => {
      queue?.add(tx, 'undone', { payload: Buffer.from('x') });
      await tx.em.flush();
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    await add(queue, 'undone', 'y');
    await eventually(isDone('undone'));
  });
  expect(ran).toEqual(['undone y']);
});
