import type { EntityManager } from '@mikro-orm/postgresql';
import type { Meter } from '../operations/meter.js';
import { type Cancellable, cancelStatement } from './cancel.js';

export interface Binding {
  /** Stops watching the operation. Waits for a cancellation under way, which would otherwise hit the next statement. */
  release(): Promise<void>;
}

/** The part of a knex transaction that MikroORM's types hide: the one connection that it uses. */
interface Transaction {
  readonly client: { acquireConnection(): Promise<Cancellable> };
}

/**
 * Cancels the running statement of a transaction as soon as its operation ends.
 * @param em after `begin()`
 */
export async function cancelOnEnd(em: EntityManager, meter: Meter): Promise<Binding> {
  const { client } = em.getTransactionContext<Transaction>() as Transaction;
  const connection = await client.acquireConnection();
  let cancelling: Promise<void> | undefined;
  const callOff = meter.onEnd(() => {
    cancelling = cancelStatement(connection);
  });
  return {
    release: async () => {
      callOff();
      await cancelling;
    },
  };
}
