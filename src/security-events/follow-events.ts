import { seconds } from '../clock.js';
import { isConnectionFailure, isTimeLimit } from '../database/connection-failure.js';
import { decodeCursor, Parameters } from '../database/keyset.js';
import type { Services } from '../services.js';
import { type EventFilter, eventColumns, eventConditions, type SecurityEventRow } from './event-rows.js';
import { sequenceOf } from './list-events.js';

export interface Following {
  readonly services: Services;
  readonly filter: EventFilter | null | undefined;
  /** Cursor after which the stream starts; null: start with the next event that is published. */
  readonly after: string | null | undefined;
  /** Called before each event and whenever rights may have changed; false ends the stream. */
  readonly mayGoOn: () => Promise<boolean>;
}

const batchSize = 100;
/** Sequence numbers that one statement covers, so that it takes milliseconds however rarely events match the filter. */
const windowSize = 10_000n;
/** The stream ends after this many statement time-outs in a row. */
const mostTimeouts = 3;

/**
 * Streams published events after a cursor, then new ones as they are published; each exactly once and in order. The
 * stream reads from the table in batches: a slow reader costs no memory, and a missed signal loses no event. While the
 * database is unreachable the stream waits.
 * @throws BAD_USER_INPUT at once for a malformed cursor; the error of the third statement time-out in a row
 * @example
 * for await (const event of followEvents({ services, filter: null, after: cursor, mayGoOn })) send(event);
 */
export function followEvents(following: Following): AsyncIterableIterator<SecurityEventRow> {
  const start = decodeCursor(following.after);
  const cursor = start && sequenceOf(start);
  const alarm = new Alarm();
  const { signals } = following.services;
  const topics = ['published', 'session', 'token', 'user', 'roles', 'keys', 'reset'] as const;
  const unsubscribe = topics.map((topic) => signals.on(topic, () => alarm.ring()));
  const end = () => {
    for (const off of unsubscribe) off();
    alarm.stop();
  };
  const events = pull(following, cursor, alarm, end);
  // A generator's return() waits for its pending step, so the alarm is stopped first to end that step.
  const finish = async () => {
    end();
    return { done: true as const, value: undefined };
  };
  return {
    next: () => events.next(),
    return: finish,
    throw: finish,
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

async function* pull(
  following: Following,
  cursor: string | undefined,
  alarm: Alarm,
  end: () => void,
): AsyncGenerator<SecurityEventRow, undefined> {
  try {
    let position = cursor ?? (await headOf(following.services));
    let timeouts = 0;
    while (!alarm.stopped) {
      alarm.reset();
      const batch = await nextBatch(following, position).catch((error: unknown) =>
        afterTimeout(following, position, error, ++timeouts),
      );
      if (batch === 'forbidden') return undefined;
      if (!batch.retryAfter) timeouts = 0;
      for (const event of batch.events) {
        if (alarm.stopped || !(await mayStillGoOn(following, alarm))) return undefined;
        yield event;
      }
      position = batch.position;
      if (batch.isLast) await alarm.wait(batch.retryAfter);
    }
    return undefined;
  } finally {
    end();
  }
}

/** Asks `mayGoOn`; while the database is unreachable, repeats the question every second. */
async function mayStillGoOn({ mayGoOn }: Following, alarm: Alarm): Promise<boolean> {
  while (!alarm.stopped) {
    try {
      return await mayGoOn();
    } catch (error) {
      if (!isConnectionFailure(error)) throw error;
      alarm.reset();
      await alarm.wait(seconds(1));
    }
  }
  return false;
}

interface Batch {
  readonly events: readonly SecurityEventRow[];
  readonly position: string;
  readonly isLast: boolean;
  /** In milliseconds; set when the database gave no answer. */
  readonly retryAfter?: number;
}

/**
 * Reads on if the reader still may. An unreachable database does not end the stream; it continues from its position.
 */
async function nextBatch(following: Following, position: string): Promise<Batch | 'forbidden'> {
  try {
    return (await following.mayGoOn()) ? await readBatch(following, position) : 'forbidden';
  } catch (error) {
    if (isConnectionFailure(error)) return { events: [], position, isLast: true, retryAfter: seconds(1) };
    throw error;
  }
}

/**
 * Logs a statement time-out and returns a pause before the next attempt; throws the error when too many came in a row.
 */
function afterTimeout({ services }: Following, position: string, error: unknown, timeouts: number): Batch {
  if (!isTimeLimit(error)) throw error;
  const isLastTry = timeouts >= mostTimeouts;
  services.log.warn({ timeouts, isLastTry }, 'Reading events for a stream ran into the time limit of statements');
  if (isLastTry) throw error;
  return { events: [], position, isLast: true, retryAfter: seconds(timeouts) };
}

async function readBatch({ services, filter }: Following, position: string): Promise<Batch> {
  // Determined first: events published during the read belong to the next batch.
  const end = await endOfWindow(services, position);
  const parameters = new Parameters();
  const where = [
    ...eventConditions(filter, parameters),
    `e.sequence > ${parameters.add(position)}`,
    `e.sequence <= ${parameters.add(String(end.window))}`,
  ];
  const text = `select ${eventColumns} from security_events e where ${where.join(' and ')} order by e.sequence limit ${batchSize}`;
  const events = await services.database.sql.rows<SecurityEventRow>(text, parameters.values);
  const isRead = events.length < batchSize;
  const reached = isRead ? String(end.window) : (events.at(-1)?.sequence ?? position);
  return { events, isLast: isRead && end.window === end.all, position: reached };
}

/** The last sequence number of the next window, and of all published events. */
async function endOfWindow(services: Services, position: string): Promise<{ window: bigint; all: bigint }> {
  const [all, furthest] = [BigInt(await headOf(services)), BigInt(position) + windowSize];
  return { window: all < furthest ? all : furthest, all };
}

async function headOf({ database }: Services): Promise<string> {
  const row = await database.sql.row<{ head: string }>(
    'select coalesce(max(sequence), 0)::text as head from security_events',
  );
  return row?.head ?? '0';
}

/** Wakes a waiting reader. A ring while nobody waits is remembered until `reset`. */
class Alarm {
  stopped = false;
  private rung = false;
  private wake: (() => void) | undefined;

  ring(): void {
    this.rung = true;
    this.wake?.();
  }

  reset(): void {
    this.rung = this.stopped;
  }

  stop(): void {
    this.stopped = true;
    this.ring();
  }

  /** @param atMost in milliseconds */
  async wait(atMost?: number): Promise<void> {
    const timer = atMost && setTimeout(() => this.ring(), atMost);
    if (!this.rung)
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    this.wake = undefined;
    clearTimeout(timer);
  }
}
