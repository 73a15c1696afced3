import pg from 'pg';
import { seconds } from '../clock.js';
import { CodedError } from '../errors.js';
import type { Meter } from '../operations/meter.js';
import { type Cancellable, cancelStatement } from './cancel.js';
import { LimitedQuery } from './limited-query.js';

/**
 * Time limit for a statement that is sent after its operation has ended, in milliseconds. Such statements clean up, for
 * example give an attempt back.
 */
const lateTime = seconds(5);
/** Most bytes that such a late statement may read. */
const lateRead = 256 * 1024;

/** What is sent, and the settings that go with it; see `LimitedQuery`. */
interface Sending {
  readonly config: pg.QueryConfig;
  readonly settings: string | undefined;
}

/** Counts rows as they arrive; once the limit is exceeded it drops them. */
class MeteredQuery extends LimitedQuery {
  private lateBytes = 0;
  dropped = false;

  constructor(
    { config, settings }: Sending,
    private readonly meter: Meter,
    private readonly isLate: boolean,
  ) {
    super(config, settings, meter.work);
  }

  protected override takeRow(message: { readonly length: number }): void {
    if (!this.dropped && this.fits(message.length)) super.takeRow(message);
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
export function sendMetered(pool: pg.Pool, sending: Sending, meter: Meter): Promise<pg.QueryResult> {
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
      const query = new MeteredQuery(sending, meter, isLate);
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
