import pg from 'pg';
import { seconds } from '../clock.js';
import { CodedError } from '../errors.js';
import type { Meter } from '../operations/meter.js';
import { type Cancellable, cancelStatement } from './cancel.js';

/** What is sent after its operation has ended gives something back or cleans up: it has this long, in milliseconds. */
const lateTime = seconds(5);
/** And may read this much, in bytes. */
const lateRead = 256 * 1024;

/** The driver's types leave out that it is told of each row. */
interface RowByRow extends pg.Query {
  name: string | undefined;
  handleDataRow(message: { readonly length: number }): void;
  /** What has come so far. */
  readonly _result: { rows: unknown[] };
}
const Query = pg.Query as unknown as new (text: string, values: unknown[] | undefined) => RowByRow;

/** A statement whose rows are counted as they come; past the ceiling they are dropped. */
class MeteredQuery extends Query {
  private lateBytes = 0;
  dropped = false;

  constructor(
    { text, values, name }: pg.QueryConfig,
    private readonly meter: Meter,
    private readonly isLate: boolean,
  ) {
    // Given as an object they would be copied property by property, which takes as long as all the rest of a small query.
    super(text, values);
    this.name = name;
  }

  override handleDataRow(message: { readonly length: number }): void {
    if (!this.dropped && this.fits(message.length)) super.handleDataRow(message);
    else this.drop();
  }

  /** Keeps no row, neither those that have come nor those that still will: a cancelled statement goes on for a while. */
  drop(): void {
    this.dropped = true;
    this._result.rows = [];
  }

  private fits(bytes: number): boolean {
    if (!this.isLate) return this.meter.reads(bytes);
    this.lateBytes += bytes;
    return this.lateBytes <= lateRead;
  }
}

/** Sends a statement for an operation: it is cancelled when the operation ends before it. */
export function sendMetered(pool: pg.Pool, config: pg.QueryConfig, meter: Meter): Promise<pg.QueryResult> {
  const isLate = meter.endedBy !== undefined;
  if (!isLate && !meter.sends()) return Promise.reject(meter.endedBy);
  return new Promise((resolve, reject) => {
    const useConnection: Connected = (refused, client, release) => {
      if (!client) return reject(refused);
      if (meter.endedBy && !isLate) {
        release();
        return reject(meter.endedBy);
      }
      const query = new MeteredQuery(config, meter, isLate);
      let isCancelled = false;
      const cancel = () => {
        isCancelled = true;
        query.drop();
        void cancelStatement(client as unknown as Cancellable);
      };
      const callOff = isLate ? after(lateTime, cancel) : meter.onEnd(cancel);
      client.on('error', brokenOff);
      const finish = (error: Error | null, result: pg.QueryResult) => {
        callOff();
        // A cancellation under way would hit the connection's next statement.
        release(isCancelled || error !== null);
        client.removeListener('error', brokenOff);
        if (error || query.dropped) reject(meter.endedBy ?? error ?? tooMuch());
        else resolve(result);
      };
      client.query(query as never, finish as never);
    };
    pool.connect(callOnce(useConnection));
  });
}

type Connected = Parameters<pg.Pool['connect']>[0];

/** A connection keeps the callback that it was made for as long as it lives (pg-pool), and with it what was read. */
function callOnce(callback: Connected): Connected {
  let waiting: Connected | undefined = callback;
  return (...connected) => {
    const call = waiting;
    waiting = undefined;
    call?.(...connected);
  };
}

/** A connection that breaks fails its statement, which is enough. */
const brokenOff = () => undefined;

function after(time: number, work: () => void): () => void {
  const timer = setTimeout(work, time);
  return () => clearTimeout(timer);
}

const tooMuch = (): CodedError => new CodedError('QUERY_TOO_COMPLEX', 'Too much would be read.');
