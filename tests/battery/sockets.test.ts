import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Besieged, besieged, withstands } from '../support/battery.js';
import { DeafSocket } from '../support/deaf-socket.js';
import { eventually } from '../support/eventually.js';
import { codesIn, RawSocket } from '../support/raw-socket.js';
import type { Outcome } from '../support/transports.js';

let target: Besieged;
beforeAll(async () => {
  target = await besieged();
}, 120_000);
afterAll(() => target.service.stop());

const minute = 60_000;
const megabyte = 1024 * 1024;
const ping = Buffer.from(JSON.stringify({ type: 'ping', payload: { text: 'x'.repeat(60_000) } }));
const bodies = '{ posts(first: 100) { nodes { id title body } } }';
/** What is left to see of a socket that says nothing more. */
const silence: Outcome = { data: null as never, codes: ['SERVICE_UNAVAILABLE'], errors: [], text: '' };
const tokenOf = (name: string) => target.callers.find(([caller]) => caller === name)?.[1];

test.each(['anonymous', 'user', 'administrator', 'API token'])(
  'pings of 60 KB that %s never reads',
  (name) =>
    withstands(target, async () => {
      const socket = await DeafSocket.open(target.service.url, tokenOf(name));
      await Promise.race([socket.flood(ping, 200 * megabyte), eventually(() => socket.isClosed, minute)]);
      await eventually(() => socket.isClosed, minute);
      expect(socket.taken).toBeLessThan(64 * megabyte);
      return [silence];
    }),
  2 * minute,
);

test.each(['anonymous', 'user', 'administrator', 'API token'])(
  '80 operations that %s completes at once',
  (name) =>
    withstands(target, async () => {
      const socket = await RawSocket.open(target.service.url, tokenOf(name));
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
      return [{ ...silence, data: {} as never, codes: refused, text: answer.type }];
    }),
  2 * minute,
);
