import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { StrengthEstimates } from '../../src/authentication/passwords/strength-estimates.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';

const hostile = Array.from({ length: 128 }, (_, n) => String.fromCharCode(33 + (n % 90))).join('');
const question = (password: string) => ({ password, person: {}, service: [] });
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'estimated',
    (error: { code?: string }) => error.code,
  );

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start({ HASHING_QUEUE: '60', OPERATION_TIME_LIMIT: '60s' });
});
afterAll(() => harness.close());

test('fifty estimates under way keep the event loop for no more than a moment', async () => {
  const query = 'query ($password: String!) { passwordStrength(password: $password) { score } }';
  const ask = () => harness.client().ask(query, { password: hostile });
  await ask();
  let isPending = true;
  const asked = Promise.all(Array.from({ length: 50 }, ask)).finally(() => {
    isPending = false;
  });
  let answered = 0;
  while (isPending) {
    await fetch(`${harness.app.url}/health/live`);
    answered += 1;
  }
  for (const { codes } of await asked) expect(codes).toEqual([]);
  // On the main thread, the estimates would leave no time for other requests.
  expect(answered).toBeGreaterThan(50);
}, 120_000);

test('the thread that dies is made again; who waited for it is told to come back', async () => {
  const made: Worker[] = [];
  const program = new URL('../../src/authentication/passwords/strength-worker.js', import.meta.url);
  const estimates = new StrengthEstimates(10, () => {
    const worker = new Worker(program);
    made.push(worker);
    return worker;
  });
  expect(await estimates.estimate(question('password'))).toMatchObject({ isStrong: false });
  const [first, second] = [
    estimates.estimate(question(hostile)),
    estimates.estimate(question('a long enough passphrase')),
  ];
  await eventually(() => made[0]?.listenerCount('message') === 1);
  await made[0]?.terminate();
  expect(await codeOf(first)).toBe('SERVICE_UNAVAILABLE');
  expect(await second).toMatchObject({ isStrong: true });
  expect(made).toHaveLength(2);
  await estimates.close();
});

test('those that wait are bounded, and closing leaves none waiting', async () => {
  const estimates = new StrengthEstimates(3);
  const asked = Array.from({ length: 10 }, () => codeOf(estimates.estimate(question(hostile))));
  expect((await Promise.all(asked.slice(5))).every((code) => code === 'SERVICE_UNAVAILABLE')).toBe(true);
  await estimates.close();
  await Promise.all(asked);
  expect(await codeOf(estimates.estimate(question('x')))).toBe('SERVICE_UNAVAILABLE');
});
