import type { Context } from '../../src/graphql/context.js';
import { Deadlines } from '../../src/operations/deadlines.js';
import { Held } from '../../src/operations/held.js';
import { Meter } from '../../src/operations/meter.js';

const ceiling = { nodes: 1000, bytes: 10_000, read: 10_000, statements: 10, errors: 10 };

/** A context with just the members that the executor uses. */
export function meteredContext(): Context {
  const meter = new Meter(ceiling, new Held(100_000), new Deadlines(10_000));
  return { meter, work: {}, refusals: [], finish: () => meter.stop() } as unknown as Context;
}
