import type { EntityManager } from '@mikro-orm/postgresql';
import type { Meter } from '../operations/meter.js';
import { type Cancellable, cancelStatement } from './cancel.js';

export interface Binding {
  /** From then on nothing is cancelled; a cancellation under way is waited for, or it would hit what comes next. */
  release(): Promise<void>;
}

/** The part of a knex transaction that MikroORM hides: its one connection. */
interface Transaction {
  readonly client: { acquireConnection(): Promise<Cancellable> };
}

/** Cancels the running statement of a transaction when its operation ends. */
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
