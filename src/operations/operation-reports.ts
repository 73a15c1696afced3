import type { TracePlace } from './traceparent.js';

declare module '../services.js' {
  interface Services {
    readonly operationReports: OperationReports;
  }
}

/** What one operation of the API was and took, told once when it has been answered. */
export interface OperationReport {
  /** `unknown`: it was refused before it was parsed, or did not parse. */
  readonly kind: 'query' | 'mutation' | 'subscription' | 'unknown';
  /** As the client named it, so any text; null without a name. */
  readonly name: string | null;
  readonly transport: 'http' | 'websocket';
  /**
   * `OK`, or the code of the first error: of the answer or, when that has none, of a payload's `errors`. `REFUSED` when the
   * client has not asked for that code.
   */
  readonly outcome: string;
  /** From when the request arrived until its answer was complete; for a subscription until the stream ended. */
  readonly milliseconds: number;
  /**
   * Sent to the database for the operation, in transactions and outside of them. Not counted are those that determine the
   * caller, take a rate limit or the cost, or belong to every transaction (BEGIN, the time, COMMIT).
   */
  readonly statements: number;
  /** Those of `statements` that were sent in transactions. */
  readonly inTransactions: number;
  /** Events that a subscription has told. */
  readonly events?: number;
  readonly userId: string | null;
  readonly sessionId: string | null;
  readonly apiTokenId: string | null;
  readonly requestId: string;
  /** Its place in a trace, or the client's when it is not recorded itself; absent without either. */
  readonly trace?: TracePlace | undefined;
  readonly address: string;
}

type Listener = (report: OperationReport) => void;

/** Tells whoever watches the service about each operation. Listeners must not throw. */
export class OperationReports {
  private listeners: readonly Listener[] = [];

  /** @returns a function that removes the listener */
  on(listener: Listener): () => void {
    this.listeners = [...this.listeners, listener];
    return () => {
      this.listeners = this.listeners.filter((each) => each !== listener);
    };
  }

  /** Whether anybody listens; without, no report need be made. */
  get isWatched(): boolean {
    return this.listeners.length > 0;
  }

  tell(report: OperationReport): void {
    for (const listener of this.listeners) listener(report);
  }
}
