import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { idsOf } from '../support/content.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';
import { plentyFor } from '../support/plenty.js';
import { overHttp } from '../support/transports.js';

/** About 8 MB, the largest possible answer. */
const query = '{ posts(first: 100) { nodes { id body } } }';
const minute = 60_000;
let harness: Harness;
const open: Socket[] = [];
beforeAll(async () => {
  harness = await Harness.start();
  await plentyFor(harness, (await harness.person('ada')).userId);
}, minute);
afterAll(async () => {
  for (const socket of open) socket.destroy();
  await harness.close();
});

/**
 * Sends a request and reads only the beginning of the answer.
 * @returns its first line
 */
async function askAndTurnAway(): Promise<string> {
  const socket = connect({ port: Number(new URL(harness.app.url).port), host: '127.0.0.1' });
  open.push(socket.on('error', () => undefined));
  const body = JSON.stringify({ query });
  const lines = ['Host: localhost', 'Content-Type: application/json', `Content-Length: ${body.length}`];
  socket.write(`POST /graphql HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
  const [first] = await once(socket, 'data');
  socket.pause();
  return String(first).split('\r\n')[0] ?? '';
}

test(
  'clients that do not read what they asked for are cut off, and keep it from others for some seconds at most',
  async () => {
    for (let n = 0; n < 12; n += 1) await askAndTurnAway();
    const codes = new Set<string | undefined>();
    await eventually(async () => {
      const answer = await overHttp(harness.app.url, { query });
      codes.add(answer.codes[0]);
      return answer.data !== null && idsOf(answer.data['posts']).length === 100;
    }, minute);
    expect([...codes].filter((code) => code && code !== 'SERVICE_UNAVAILABLE')).toEqual([]);
    // The client notices when it reads on.
    const [first] = open as [Socket];
    let taken = 0;
    first.on('data', (part) => {
      taken += part.length;
    });
    first.resume();
    await eventually(() => first.destroyed);
    expect(taken).toBeLessThan(8_000_000);
  },
  2 * minute,
);
