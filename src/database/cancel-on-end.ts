import type { Meter } from '../operations/meter.js';
import { type Cancellable, cancelStatement } from './cancel.js';

export interface Binding {
  /** Stops watching the operation. Waits for a cancellation under way, which would otherwise hit the next statement. */
  release(): Promise<void>;
}

/** Cancels the running statement of a connection as soon as the operation ends. */
export function cancelOnEnd(connection: Cancellable, meter: Meter): Binding {
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
