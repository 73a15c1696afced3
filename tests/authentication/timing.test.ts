import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Harness, password } from '../support/harness.js';

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start({
    ARGON2_MEMORY_KIB: '',
    ARGON2_TIME_COST: '',
    HASHING_CONCURRENCY: '',
    LOCKOUT_ATTEMPTS: '5',
  });
}, 60_000);
afterAll(() => harness.close());

/**
 * Probability that a duration of `one` is longer than one of `other` (Mann-Whitney): 0.5 if they cannot be told apart.
 */
function areaUnderCurve(one: readonly number[], other: readonly number[]): number {
  const wins = one.flatMap((a) => other.map((b) => (a > b ? 1 : a === b ? 0.5 : 0)));
  return wins.reduce<number>((sum, win) => sum + win, 0) / wins.length;
}

const attempt = async (identifier: string, tried: string): Promise<number> => {
  const start = performance.now();
  await harness.client().login(identifier, tried);
  return performance.now() - start;
};

const reset = (email: string) => async (): Promise<number> => {
  const start = performance.now();
  await harness.client().mutate('requestPasswordReset', { email }, 'email');
  return performance.now() - start;
};

/** Alternates between the two, so that other load on the machine affects both equally. */
async function compare(one: () => Promise<number>, other: () => Promise<number>, times: number): Promise<number> {
  const [ones, others]: [number[], number[]] = [[], []];
  for (let n = 0; n < times; n += 1) {
    const [first, second] = n % 2 ? [one, other] : [other, one];
    const [a, b] = [await first(), await second()];
    ones.push(n % 2 ? a : b);
    others.push(n % 2 ? b : a);
  }
  return areaUnderCurve(ones, others);
}

/**
 * Distance of the probability from 0.5. Chance alone sometimes exceeds the corridor, but hardly three times in a row,
 * so the best of three rounds counts.
 */
async function distance(one: () => Promise<number>, other: () => Promise<number>, times = 100): Promise<number> {
  let nearest = 1;
  for (let round = 0; round < 3 && nearest >= corridor; round += 1)
    nearest = Math.min(nearest, Math.abs((await compare(one, other, times)) - 0.5));
  return nearest;
}
/** Largest accepted distance: a probability (AUC) between 0.4 and 0.6. */
const corridor = 0.1;

test('over 200 interleaved attempts existing and unknown users cannot be told apart by time', async () => {
  // Enough accounts that none gets locked in three rounds.
  const people = Array.from({ length: 100 }, (_, n) => `person${n}`);
  const hash = (
    await harness.app.services.database.sql.row<{ hash: string }>('select password_hash as hash from users')
  )?.hash;
  for (const name of people)
    await harness.app.services.database.sql.rows(
      `insert into users (id, username, email, password_hash, is_verified, password_changed_at, created_at)
       values (gen_random_uuid(), $1, $2, $3, true, now(), now())`,
      [name, `${name}@example.com`, String(hash)],
    );
  let [known, unknown] = [0, 0];
  const found = await distance(
    () => attempt(String(people[known++ % people.length]), 'not the password'),
    () => attempt(`nobody${unknown++ % people.length}`, 'not the password'),
  );
  expect(found).toBeLessThan(corridor);
}, 120_000);

test('nor can a locked account, with the right password or a wrong one, from an unknown user', async () => {
  for (let n = 0; n < 5; n += 1) await attempt('person0', 'not the password');
  let n = 0;
  const found = await distance(
    () => attempt('person0', n++ % 2 ? password : 'not the password'),
    () => attempt('nobody0', 'not the password'),
    60,
  );
  expect(found).toBeLessThan(corridor);
}, 120_000);

test('nor addresses, by asking for a reset mail', async () => {
  await harness.person('someone');
  const found = await distance(reset('someone@example.com'), reset('no.one@example.com'));
  expect(found).toBeLessThan(corridor);
}, 120_000);
