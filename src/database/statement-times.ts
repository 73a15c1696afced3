import type pg from 'pg';
import { Distribution } from '../operations/distribution.js';

/** In seconds. */
const durations = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 15];

/** The parts of the driver's client that its types leave out. */
interface Watchable extends pg.ClientBase {
  /** Whether no statement is under way. */
  readonly readyForQuery: boolean;
  readonly connection: { prependListener(event: 'readyForQuery' | 'errorMessage', listener: () => void): unknown };
}

/** How one connection is used. */
interface ConnectionUse {
  /** Statements that have ended on it, those that failed among them. */
  ended: number;
}

const unused: ConnectionUse = { ended: 0 };

/**
 * How long the statements of a pool's connections took, and how many failed. Those of libraries count too, and so do BEGIN
 * and COMMIT. The server's messages are watched, so nothing has to be made for a statement.
 */
export class StatementTimes {
  /** From the sending of a statement until the server was ready for the next one, in seconds. */
  readonly durations = new Distribution(durations);
  /** Statements that the server refused, that were cancelled, or whose connection broke. */
  errors = 0;
  private readonly uses = new WeakMap<object, ConnectionUse>();

  /** How a watched connection is used. */
  useOf(connection: object): Readonly<ConnectionUse> {
    return this.uses.get(connection) ?? unused;
  }

  /** @param connection that has just been opened */
  watch(connection: pg.ClientBase): void {
    const client = connection as Watchable;
    const use = { ended: 0 };
    this.uses.set(connection, use);
    // The first statement of a pool may be sent before the driver says that the connection is ready.
    let begunAt = performance.now();
    let hasFailed = false;
    const begin = (at: number) => {
      begunAt = at;
      hasFailed = false;
    };
    const fail = () => {
      if (!client.readyForQuery && !hasFailed) this.errors += 1;
      hasFailed = true;
    };
    client.query = function (this: Watchable, ...given: unknown[]) {
      if (this.readyForQuery) begin(performance.now());
      // Looked up at each call, so that others can watch the driver as well.
      return Reflect.apply(Object.getPrototypeOf(client).query, this, given);
    } as Watchable['query'];
    client.connection.prependListener('errorMessage', fail);
    client.connection.prependListener('readyForQuery', () => {
      if (client.readyForQuery) return;
      const now = performance.now();
      use.ended += 1;
      this.durations.note((now - begunAt) / 1000);
      // The driver now sends what was queued meanwhile.
      begin(now);
    });
    client.once('end', fail);
  }
}
