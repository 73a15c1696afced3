import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Client } from '../support/client.js';
import { allPublished } from '../support/events.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';
import { RawSocket } from '../support/raw-socket.js';

const query = 'subscription ($after: String) { securityEvents(after: $after) { cursor } }';
interface Told {
  readonly data: { readonly securityEvents: { readonly cursor: string } };
  readonly extensions: { readonly lag: number; readonly head: string };
}

let harness: Harness;
let admin: Client;
beforeAll(async () => {
  harness = await Harness.start();
  admin = await harness.admin();
});
afterAll(() => harness.close());

const fail = () => harness.client().login('nobody', 'wrong');
const told = ({ frames }: RawSocket) =>
  frames.filter(({ type }) => type === 'next').map(({ payload }) => payload as Told);

test('each event tells its lag and the newest event', async () => {
  for (let n = 0; n < 5; n += 1) await fail();
  await allPublished(harness);
  const { data } = await admin.ask('{ securityEvents(first: 1) { pageInfo { endCursor } } }');
  const socket = await RawSocket.open(harness.app.url, admin.token);
  harness.clock.advance(60_000);
  socket.subscribe('s', query, { after: data['securityEvents']?.['pageInfo']?.['endCursor'] });
  await eventually(() => told(socket).length >= 5);
  await fail();
  await eventually(() => told(socket).some(({ extensions }) => extensions.lag < 60_000));
  const all = told(socket);
  for (const { extensions } of all) expect(Object.keys(extensions)).toEqual(['lag', 'head']);
  expect(all[0]?.extensions.lag).toBeGreaterThanOrEqual(60_000);
  expect(all[0]?.extensions.head).not.toBe(all[0]?.data.securityEvents.cursor);
  expect(all.at(-1)?.extensions.head).toBe(all.at(-1)?.data.securityEvents.cursor);
  socket.socket.terminate();
});

test('who may not read all events is not told of the newest one', async () => {
  const person = await harness.person('unprivileged');
  const socket = await RawSocket.open(harness.app.url, person.token);
  socket.subscribe('s', 'subscription { sessionEvents { type } }');
  await eventually(async () => {
    await harness.client().login('unprivileged', password);
    return told(socket).length > 0;
  });
  for (const { extensions } of told(socket)) expect(Object.keys(extensions)).toEqual(['lag']);
  socket.socket.terminate();
});

test('a socket with an idle stream is pinged with the health of the feed; one without a stream is not', async () => {
  const [streaming, idle] = [
    await RawSocket.open(harness.app.url, admin.token),
    await RawSocket.open(harness.app.url, admin.token),
  ];
  streaming.subscribe('s', query);
  const { payload } = await streaming.frame('ping');
  expect(payload).toEqual({ lag: expect.any(Number), isStalled: false });
  streaming.send({ type: 'pong' });
  await fail();
  await streaming.frame('next');
  expect(idle.frames.map(({ type }) => type)).toEqual(['connection_ack']);
  for (const { socket } of [streaming, idle]) socket.terminate();
});
