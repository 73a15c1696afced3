import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DatabaseLine } from '../support/database-line.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';
import { fresh, overHttp, post } from '../support/transports.js';

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start({ RATE_LIMIT_PASSWORD_STRENGTH: '2/10m', TRUSTED_PROXIES: '127.0.0.1' });
});
afterAll(() => harness.close());

const query = '{ passwordStrength(password: "x") { score } }';
let count = 0;
const fromElsewhere = () => {
  count += 1;
  return { 'x-forwarded-for': `198.51.100.${count}` };
};

test.each([
  ['a new operation', () => fresh(query)],
  ['a known operation', () => query],
])('%s past its budget says in the header what its error says', async (_what, document) => {
  const from = fromElsewhere();
  const answers = [];
  for (let n = 0; n < 4; n += 1) answers.push(await overHttp(harness.app.url, { query: document() }, from));
  const told = answers.map(({ status, headers }) => [status, headers.get('retry-after') !== null]);
  expect(told).toEqual([
    [200, false],
    [200, false],
    [429, true],
    [429, true],
  ]);
  for (const { errors, headers } of answers.slice(2))
    expect(headers.get('retry-after')).toBe(String(errors[0]?.extensions['retryAfter']));
});

test('while the database is away, over both ways, signed in and not', async () => {
  const line = await DatabaseLine.to(harness.databaseUrl);
  const app = await harness.another({ DATABASE_URL: line.url });
  const { token } = await harness.person('away');
  const known = '{ viewer { username } }';
  for (let n = 0; n < 2; n += 1) await overHttp(app.url, { query: known, token });
  line.cut();
  await eventually(() => !app.services.signals.isListening);
  for (const ask of [
    { query: known, token },
    { query: fresh(known), token },
    { query: fresh('{ posts { totalCount } }') },
  ]) {
    const { status, codes, headers } = await overHttp(app.url, ask);
    expect([status, codes, headers.get('retry-after')]).toEqual([503, ['SERVICE_UNAVAILABLE'], '1']);
  }
  line.mend();
  await app.close();
  await line.close();
});

test('an answer that was not refused has none', async () => {
  const { headers } = await post(harness.app.url, JSON.stringify({ query: '{ nonsense }' }));
  expect(headers.get('retry-after')).toBeNull();
});
