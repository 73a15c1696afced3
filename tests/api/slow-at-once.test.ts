import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import WebSocket from 'ws';
import { PacedSocket } from '../../src/api/paced-socket.js';
import type { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';
import { begun, Listener, publishMarked, range } from '../support/listeners.js';

/** In characters of an event; with the rest of its frame still less than twice that. */
const size = 60_000;
/** More than the kernel buffers for a connection. */
const events = 300;
const minute = 60_000;
let harness: Harness;
let admin: Client;
/** The most bytes that were unsent on any socket when something had been written. */
let mostUnsent = 0;
/** How often a frame that was written at once has not left at once. */
let kept = 0;
/** Codes with which sockets were closed. */
const closed: unknown[] = [];
beforeAll(async () => {
  harness = await Harness.start();
  admin = await harness.admin();
  const { sendNow, send } = PacedSocket.prototype;
  const unsent = (paced: PacedSocket) => (Reflect.get(paced, 'socket') as WebSocket).bufferedAmount;
  jest.spyOn(PacedSocket.prototype, 'sendNow').mockImplementation(function (this: PacedSocket, frame) {
    sendNow.call(this, frame);
    if (unsent(this) > 0) kept += 1;
    mostUnsent = Math.max(mostUnsent, unsent(this));
  });
  jest.spyOn(PacedSocket.prototype, 'send').mockImplementation(function (this: PacedSocket, text) {
    const sent = send.call(this, text);
    mostUnsent = Math.max(mostUnsent, unsent(this));
    return sent;
  });
  const { close } = WebSocket.prototype;
  jest.spyOn(WebSocket.prototype, 'close').mockImplementation(function (this: WebSocket, code, reason) {
    closed.push(code);
    close.call(this, code, reason);
  });
});
afterAll(async () => {
  jest.restoreAllMocks();
  await harness.close();
});

test(
  'a client that does not read holds little, is closed, and resumes with nothing lost or doubled; others keep their pace',
  async () => {
    const reading = await Listener.open(harness.app.url, admin, ['x', 'y']);
    const [slow] = (await Listener.open(harness.app.url, admin, ['slow'])) as [Listener];
    await begun(harness, [...reading, slow]);
    slow.socket.socket.pause();
    for (let mark = 1; mark <= events; mark += 1) {
      await publishMarked(harness, mark, mark, 'x'.repeat(size));
      // In step with the readers, whose streams are idle before each event.
      if (mark % 10 === 0) await eventually(() => reading.every(({ marks }) => marks.at(-1) === mark));
    }
    for (const { marks } of reading) expect(marks.filter((mark) => mark > 0)).toEqual(range(1, events));
    expect(kept).toBeGreaterThan(0);
    expect(mostUnsent).toBeLessThan(4 * size);
    await eventually(() => closed.includes(1013), minute);
    slow.socket.socket.resume();
    // 1013, if it still reads that in time.
    await slow.socket.closure();
    const heard = slow.marks.filter((mark) => mark > 0);
    expect(heard.length).toBeLessThan(events);
    expect(heard).toEqual(range(1, heard.length));
    const more = { variables: { after: slow.cursors.at(-1) } };
    const [resumed] = (await Listener.open(harness.app.url, admin, ['slow'], undefined, more)) as [Listener];
    await publishMarked(harness, events + 1);
    await eventually(() => resumed.marks.at(-1) === events + 1);
    expect(resumed.marks).toEqual(range(heard.length + 1, events + 1));
    for (const { socket } of [...reading, resumed]) socket.socket.terminate();
  },
  3 * minute,
);
