import { afterEach, expect, test } from '@jest/globals';
import { Heartbeat, type Loss } from '../../src/database/heartbeat.js';

const never = new Promise<never>(() => undefined);
let heartbeat: Heartbeat | undefined;
afterEach(() => heartbeat?.stop());

/** @param probes the answers of the database, in order; the last one is repeated */
function lossAfter(probes: readonly (() => Promise<void>)[], send: () => Promise<void>): Promise<Loss> {
  return new Promise((onLoss) => {
    let count = 0;
    const probe = () => probes[Math.min(count++, probes.length - 1)]?.() ?? never;
    heartbeat = new Heartbeat('line', { probe, send, onLoss });
    void heartbeat.start();
  });
}

const answers = async () => undefined;
const hangs = () => never;
const fails = async () => {
  throw new Error('Connection terminated');
};

test.each<[string, Loss, (() => Promise<void>)[], () => Promise<void>]>([
  ['never answers', 'silent', [hangs], answers],
  ['answers, but its notifications do not arrive', 'unheard', [answers], answers],
  ['goes silent between its answer and the notification', 'silent', [answers, hangs], hangs],
  ['goes silent after the notification was sent', 'silent', [answers, hangs], answers],
  ['breaks', 'broken', [fails], answers],
  ['breaks after its notification did not arrive', 'broken', [answers, fails], answers],
])('a database that %s is %s', async (_, loss, probes, send) => {
  expect(await lossAfter(probes, send)).toBe(loss);
});

test('a notification that arrives after all keeps the line', async () => {
  const sent: string[] = [];
  const lost: Loss[] = [];
  let isHeard = false;
  heartbeat = new Heartbeat('line', {
    // The second query is the confirmation; the notification of the first heartbeat arrives during it.
    probe: async () => {
      if (sent.length === 1) heartbeat?.hear(sent[0] ?? '');
    },
    send: async (id) => {
      sent.push(id);
      if (sent.length > 1) heartbeat?.hear(id);
    },
    onLoss: (loss) => lost.push(loss),
  });
  await heartbeat.start().then(() => {
    isHeard = true;
  });
  expect([isHeard, heartbeat.isOver, lost]).toEqual([true, false, []]);
});
