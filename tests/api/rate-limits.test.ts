import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openSocket } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';
import { fresh, onSocket, overHttp, overSocket } from '../support/transports.js';

const budget = 6;
let harness: Harness;
let count = 0;
/** Each test uses a new client address. */
let from: Record<string, string>;
beforeAll(async () => {
  harness = await Harness.start({ RATE_LIMIT_LOGIN: `${budget}/10m`, TRUSTED_PROXIES: '127.0.0.1' });
});
afterAll(() => harness.close());

const attempt = (who: string) => `login(input: { identifier: "${who}", password: "wrong" }) { errors { code } }`;
const many = (count: number, line: (place: number) => string) => Array.from({ length: count }, (_, n) => line(n));
const newAddress = () => {
  count += 1;
  from = { 'x-forwarded-for': `198.51.100.${count}` };
};
const send = (query: string) => overHttp(harness.app.url, { query }, from);
/** Number of attempts that were made, as recorded by their events; what was refused is recorded a second later. */
const made = async () => {
  const address = String(from['x-forwarded-for']);
  const text = 'select count(*)::int as made from every_event where ip_address = $1 and type <> $2';
  return (await harness.app.services.database.sql.row<{ made: number }>(text, [address, 'RATE_LIMITED']))?.made;
};

test('aliases draw on one budget', async () => {
  for (const way of ['interpreted', 'compiled']) {
    newAddress();
    const answer = await send(
      `mutation { ${many(budget + 3, (n) => `a${n}: ${attempt(`alias${n}-${way}`)}`).join(' ')} }`,
    );
    expect(answer.codes).toContain('RATE_LIMITED');
    expect([way, await made()]).toEqual([way, budget]);
  }
});

test('fragments draw on the same budget as the fields they hold', async () => {
  newAddress();
  const fragments = many(budget + 3, (n) => `fragment f${n} on Mutation { a${n}: ${attempt(`fragment${n}`)} }`);
  const answer = await send(`mutation { ${many(budget + 3, (n) => `...f${n}`).join(' ')} } ${fragments.join(' ')}`);
  expect(answer.codes).toContain('RATE_LIMITED');
  expect(await made()).toBe(budget);
});

test('requests draw on one budget, however the operation is written', async () => {
  newAddress();
  const answers = [];
  for (let n = 0; n < budget + 2; n += 1)
    answers.push(await send(fresh(`mutation M${n} { b: ${attempt(`request${n}`)} }`)));
  expect(answers.map(({ codes }) => codes[0])).toEqual([
    ...new Array(budget).fill(undefined),
    'RATE_LIMITED',
    'RATE_LIMITED',
  ]);
  expect(answers.map(({ status }) => status)).toEqual([...new Array(budget).fill(200), 429, 429]);
  const retryAfter = answers.at(-1)?.errors[0]?.extensions['retryAfter'];
  expect(Number.isInteger(retryAfter)).toBe(true);
  expect(retryAfter).toBeGreaterThan(0);
  expect(retryAfter).toBeLessThanOrEqual(10 * 60);
});

test('operations on a websocket draw on the budget of HTTP', async () => {
  // Websockets of the test are opened from the proxy's own address.
  from = { 'x-forwarded-for': '127.0.0.1' };
  const { made: before } = { made: Number(await made()) };
  const socket = openSocket(harness.app.url);
  const left = budget - before;
  for (let n = 0; n < left - 1; n += 1)
    expect((await onSocket(socket, { query: `mutation { ${attempt(`s${n}`)} }` })).codes).toEqual([]);
  expect((await send(`mutation { ${attempt('over http')} }`)).codes).toEqual([]);
  expect((await onSocket(socket, { query: `mutation { ${attempt('last')} }` })).codes).toEqual(['RATE_LIMITED']);
  expect((await send(`mutation { ${attempt('last')} }`)).codes).toEqual(['RATE_LIMITED']);
  expect((await overSocket(harness.app.url, { query: `mutation { ${attempt('anew')} }` })).codes).toEqual([
    'RATE_LIMITED',
  ]);
  await socket.dispose();
});

test('a refused attempt leaves no session and no event behind', async () => {
  newAddress();
  for (let n = 0; n < budget + 4; n += 1) await send(`mutation { ${attempt(`quiet${n}`)} }`);
  await eventually(async () => (await made()) === budget);
});
