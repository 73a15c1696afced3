import { Child } from './child.js';
import type { Plan } from './plan.js';
import type { Result } from './report.js';
import type { SocketFloorCalls } from './socket-floor.js';
import type { Stage } from './stage.js';
import { Listeners, tokensFor } from './streams.js';

const sockets = 5000;
const query = 'subscription { sessionEvents { cursor } }';

/** Compares the memory of a socket with one subscription in which nothing happens with that of bare graphql-ws. */
export async function idleStreams(stage: Stage, _plan: Plan): Promise<Result> {
  const floor = await Child.start<SocketFloorCalls>('socket-floor', stage.serverCore, {});
  try {
    const { port, child } = stage.service;
    const tokens = await tokensFor(port, sockets);
    const ours = await memoryOf(() => child.ask('collected'), { port, path: '/graphql', tokens, query });
    const opening = { port: await floor.ask('port'), path: '/graphql', tokens, query };
    const least = await memoryOf(() => floor.ask('collected'), opening);
    return {
      scenario: 'memory of an idle subscription',
      floor: `${(least / 1000).toFixed(1)} kB`,
      service: `${(ours / 1000).toFixed(1)} kB`,
      ratio: ours / least,
      target: { atMost: 1.5 },
      notes: [`${sockets} sockets with one each; heap and buffers after a collection`],
    };
  } finally {
    await floor.stop();
  }
}

/** @returns bytes per socket */
async function memoryOf(collected: () => Promise<number>, opening: Parameters<Listeners['open']>[0]): Promise<number> {
  const listeners = new Listeners();
  await listeners.open(opening, 50);
  const before = await collected();
  await listeners.open(opening, sockets - 50);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const after = await collected();
  listeners.close();
  return (after - before) / (sockets - 50);
}
