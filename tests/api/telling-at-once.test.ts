import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { PacedSocket } from '../../src/api/paced-socket.js';
import type { App } from '../../src/app.js';
import { minutes } from '../../src/clock.js';
import { Client } from '../support/client.js';
import { allPublished } from '../support/events.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';
import { begun, forEveryone, Listener, publishMarked, range } from '../support/listeners.js';

const asked = { extensions: { cost: true } };
let harness: Harness;
let admin: Client;
beforeAll(async () => {
  harness = await Harness.start();
  admin = await harness.admin();
});
afterAll(() => harness.close());

const sentAtOnce = jest.spyOn(PacedSocket.prototype, 'sendNow');
const open: Listener[] = [];
afterEach(() => {
  for (const { socket } of open.splice(0)) socket.socket.terminate();
  jest.restoreAllMocks();
  jest.spyOn(PacedSocket.prototype, 'sendNow');
});

async function listen(count: number, query = forEveryone, more: object = {}, at: App = harness.app, who = admin) {
  const ids = Array.from({ length: count }, (_, n) => `s${n}`);
  const listeners = await Listener.open(at.url, who, ids, query, more);
  open.push(...listeners);
  return listeners;
}

/** How often an event was sent at once. */
const atOnce = () => (PacedSocket.prototype.sendNow as unknown as typeof sentAtOnce).mock.calls.length;

/** Cursors of the marked events, in order, as the list has them. */
async function listed(from: number, to: number): Promise<string[]> {
  const { data } = await admin.ask('{ securityEvents(last: 100) { nodes { cursor details } } }');
  const nodes = data['securityEvents']?.['nodes'] as unknown as { cursor: string; details: { mark?: number } }[];
  return nodes.filter(({ details: { mark = 0 } }) => mark >= from && mark <= to).map(({ cursor }) => cursor);
}

/** Marks and cursors of each stream are these, each exactly once and in order. */
async function expectEach(listeners: readonly Listener[], from: number, to: number): Promise<void> {
  await eventually(() => listeners.every(({ marks }) => marks.includes(to)), 30_000);
  const cursors = await listed(from, to);
  expect(cursors).toHaveLength(to - from + 1);
  for (const listener of listeners) {
    expect(listener.marks.filter((mark) => mark > 0)).toEqual(range(from, to));
    expect(listener.cursors.slice(-cursors.length)).toEqual(cursors);
  }
}

test('a burst is told to each idle stream once, in order and with its cursors', async () => {
  const listeners = [...(await listen(10)), ...(await listen(10))];
  await begun(harness, listeners);
  const before = atOnce();
  await publishMarked(harness, 1, 50);
  await expectEach(listeners, 1, 50);
  expect(atOnce()).toBeGreaterThan(before + 50);
});

test('so it is to streams whose sockets are now clear and now not, and to those that cannot share', async () => {
  const own = 'subscription { securityEvents { cursor type details subject { username } } }';
  const some = 'subscription { securityEvents(filter: { types: [LOGIN_FAILED] }) { cursor type details } }';
  const listeners = [...(await listen(8)), ...(await listen(4, own)), ...(await listen(8, some))];
  await begun(harness, listeners, -2);
  let asks = 0;
  const isClear = Object.getOwnPropertyDescriptor(PacedSocket.prototype, 'isClear')?.get;
  jest.spyOn(PacedSocket.prototype, 'isClear', 'get').mockImplementation(function (this: PacedSocket) {
    asks += 1;
    return asks % 3 !== 0 && isClear?.call(this);
  });
  const before = atOnce();
  await publishMarked(harness, 101, 130);
  for (const mark of [131, 132, 133]) await publishMarked(harness, mark);
  await publishMarked(harness, 134, 150);
  await expectEach(listeners, 101, 150);
  expect(atOnce()).toBeGreaterThan(before);
  expect(asks).toBeGreaterThan(atOnce() - before);
});

test('an event costs the same told at once and told with a wait', async () => {
  const costs: unknown[] = [];
  for (const isClear of [true, false]) {
    const listeners = await listen(2, forEveryone, asked);
    await begun(harness, listeners, -3);
    if (!isClear) jest.spyOn(PacedSocket.prototype, 'isClear', 'get').mockReturnValue(false);
    const before = atOnce();
    const from = isClear ? 201 : 301;
    await publishMarked(harness, from, from + 9);
    await expectEach(listeners, from, from + 9);
    expect(atOnce() > before).toBe(isClear);
    const spent = listeners.flatMap((listener) => listener.spent.slice(-10)).map(Number);
    costs.push((Math.max(...spent) - Math.min(...spent)) / (spent.length - 1));
    for (const { socket } of listeners) socket.socket.terminate();
  }
  expect(costs).toEqual([1, 1].map(() => costs[0]));
  expect(costs[0]).toBeGreaterThan(0);
});

test('with a wait, too, a stream tells what is spent of the present window', async () => {
  harness.clock.stop();
  const [listener] = (await listen(1, forEveryone, asked)) as [Listener];
  await begun(harness, [listener], -5);
  jest.spyOn(PacedSocket.prototype, 'isClear', 'get').mockReturnValue(false);
  await publishMarked(harness, 501, 520);
  await eventually(() => listener.marks.includes(520));
  const before = Number(listener.spent.at(-1));
  harness.clock.advance(minutes(1));
  await publishMarked(harness, 521);
  await eventually(() => listener.marks.includes(521));
  expect(Number(listener.spent.at(-1))).toBeGreaterThan(0);
  expect(Number(listener.spent.at(-1))).toBeLessThan(before);
});

test('streams of a caller whose share is spent wait for the next window, and lose nothing', async () => {
  const poor = await harness.another({ RATE_LIMIT_COST: '300/1m' });
  harness.clock.stop();
  const name = 'frugal';
  const input = { username: name, email: `${name}@example.com`, password: 'a long enough passphrase', isAdmin: true };
  await admin.mutate('createUser', input, 'user { id }');
  const caller = harness.client();
  await caller.login(name, 'a long enough passphrase');
  harness.clock.advance(minutes(1));
  const listeners = await listen(
    3,
    forEveryone,
    asked,
    poor,
    Object.assign(new Client(poor.url), { token: caller.token }),
  );
  const [rich] = (await listen(1)) as [Listener];
  await begun(harness, [...listeners, rich], -4);
  const before = atOnce();
  await publishMarked(harness, 401, 450);
  await eventually(() => rich.marks.at(-1) === 450);
  await allPublished(harness);
  const told = () => listeners.reduce((sum, { marks }) => sum + marks.filter((mark) => mark > 0).length, 0);
  await eventually(() => told() > 0);
  // Until the share is spent nothing keeps them from going on; then nothing is told in this window.
  const spent = () => Math.max(...listeners.flatMap((listener) => listener.spent).map(Number));
  await eventually(() => spent() >= 150);
  expect(spent()).toBeLessThanOrEqual(150 + listeners.length * 2);
  expect(told()).toBeLessThan(150);
  for (let window = 0; window < 30 && told() < 150; window += 1) {
    const until = told();
    harness.clock.advance(minutes(1));
    await eventually(() => told() > until);
  }
  await expectEach(listeners, 401, 450);
  expect(atOnce()).toBeGreaterThan(before);
}, 120_000);
