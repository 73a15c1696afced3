import pg from 'pg';
import { seconds } from '../clock.js';
import { CodedError } from '../errors.js';
import type { Meter } from '../operations/meter.js';
import type { Work } from '../operations/work.js';
import { type Cancellable, cancelStatement } from './cancel.js';

/**
 * Time limit for a statement that is sent after its operation has ended, in milliseconds. Such statements clean up, for
 * example give an attempt back.
 */
const lateTime = seconds(5);
/** Most bytes that such a late statement may read. */
const lateRead = 256 * 1024;

/** The part of the driver's query that its types leave out. */
interface RowByRow extends pg.Query {
  name: string | undefined;
  handleDataRow(message: { readonly length: number }): void;
  /** The rows received so far. */
  readonly _result: { rows: unknown[] };
}
const Query = pg.Query as unknown as new (text: string, values: unknown[] | undefined) => RowByRow;

/** Counts rows as they arrive; once the limit is exceeded it drops them. */
class MeteredQuery extends Query {
  private lateBytes = 0;
  dropped = false;
  /** What the statement is sent for. */
  readonly work: Work | undefined;

  constructor(
    { text, values, name }: pg.QueryConfig,
    private readonly meter: Meter,
    private readonly isLate: boolean,
  ) {
    // Passed as an object, the configuration is copied property by property, which doubles the cost of a small query.
    super(text, values);
    this.name = name;
    this.work = meter.work;
  }

  override handleDataRow(message: { readonly length: number }): void {
    if (!this.dropped && this.fits(message.length)) super.handleDataRow(message);
    else this.drop();
  }

  /** Discards all rows, received and still to come: a cancelled statement goes on sending for a while. */
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

/**
 * Sends a statement for an operation and cancels it when the operation ends first. Rejects with the reason for which
 * the operation ended, with the driver's error, or with QUERY_TOO_COMPLEX when a late statement reads too much.
 */
export function sendMetered(pool: pg.Pool, config: pg.QueryConfig, meter: Meter): Promise<pg.QueryResult> {
  const isLate = meter.endedBy !== undefined;
  if (!isLate && !meter.sends()) return Promise.reject(meter.endedBy);
  const begunAt = performance.now();
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
        meter.sqlTime += performance.now() - begunAt;
        // The connection is closed, not reused: a cancellation still under way would hit its next statement.
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

/** pg-pool keeps the callback for the life of a connection; this wrapper lets go of what the callback has read. */
function callOnce(callback: Connected): Connected {
  let waiting: Connected | undefined = callback;
  return (...connected) => {
    const call = waiting;
    waiting = undefined;
    call?.(...connected);
  };
}

/** Only keeps the process alive: the broken connection already fails its statement. */
export const brokenOff = () => undefined;

function after(time: number, work: () => void): () => void {
  const timer = setTimeout(work, time);
  return () => clearTimeout(timer);
}

const tooMuch = (): CodedError => new CodedError('QUERY_TOO_COMPLEX', 'Too much would be read.');
