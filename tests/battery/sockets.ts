import { describe, expect, test } from '@jest/globals';
import { type Besieged, serveHonest, withstands } from '../support/battery.js';
import { DeafSocket } from '../support/deaf-socket.js';
import { eventually } from '../support/eventually.js';
import { codesIn, RawSocket } from '../support/raw-socket.js';
import type { Outcome } from '../support/transports.js';

const minute = 60_000;
const megabyte = 1024 * 1024;
const ping = Buffer.from(JSON.stringify({ type: 'ping', payload: { text: 'x'.repeat(60_000) } }));
/** Queries 4 MB of text. With 8 MB a busy machine comes near the longest silence (docs/decisions/0014). */
const bodies = '{ posts(first: 50) { nodes { id title body } } }';
/** The outcome of a socket that is not read any more. */
const silence: Outcome = { data: null as never, codes: ['SERVICE_UNAVAILABLE'], errors: [], text: '' };

/** Runs attacks in which every caller opens a websocket at the same time. */
export function attackBySockets(target: () => Besieged): void {
  const everybody = <T>(attack: (url: string, token: string | undefined) => Promise<T>): Promise<T[]> => {
    const { service, callers } = target();
    return Promise.all(callers.map(([, token]) => attack(service.url, token)));
  };

  describe('by sockets', () => {
    test('pings of 60 KB that are never read', () => withstands(target(), () => everybody(pings)), 2 * minute);

    test(
      'twenty that ask for the largest bodies and never read them',
      async () => {
        await serveHonest(target());
        await withstands(target(), async () => {
          const sockets = await Promise.all(Array.from({ length: 20 }, () => DeafSocket.open(target().service.url)));
          for (let n = 0; n < 100; n += 1)
            for (const socket of sockets)
              socket.send({ id: `${n}`, type: 'subscribe', payload: { query: `${bodies} # ${n}` } });
          await eventually(() => sockets.map((socket) => socket.isOver()).every(Boolean), 2 * minute);
          return [silence];
        });
      },
      3 * minute,
    );

    test(
      '80 operations that are completed at once',
      async () => {
        // Node 24 returns memory to the system while it is idle, as it was just before. Legitimate requests allocate it
        // again first, so that this does not count as growth under attack.
        await serveHonest(target());
        await withstands(target(), () => everybody(completed));
      },
      2 * minute,
    );
  });
}

async function pings(url: string, token: string | undefined): Promise<Outcome> {
  const socket = await DeafSocket.open(url, token);
  await Promise.race([socket.flood(ping, 200 * megabyte), eventually(() => socket.isClosed, minute)]);
  await eventually(() => socket.isClosed, minute);
  expect(socket.taken).toBeLessThan(64 * megabyte);
  return silence;
}

async function completed(url: string, token: string | undefined): Promise<Outcome> {
  const socket = await RawSocket.open(url, token);
  for (let n = 0; n < 80; n += 1) {
    socket.subscribe(`${n}`, `${bodies} # ${n}`);
    socket.send({ id: `${n}`, type: 'complete' });
  }
  socket.subscribe('last', '{ __typename }');
  const answer = await eventually(
    () => socket.frames.find(({ id, type }) => id === 'last' && type !== 'complete'),
    minute,
  );
  const refused = socket.frames.filter(({ type }) => type === 'error').flatMap(codesIn);
  socket.socket.terminate();
  return { ...silence, data: {} as never, codes: refused, text: answer.type };
}
