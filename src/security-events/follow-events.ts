import { seconds } from '../clock.js';
import { isConnectionFailure, isTimeLimit } from '../database/connection-failure.js';
import { decodeCursor, Parameters } from '../database/keyset.js';
import type { Services } from '../services.js';
import { type EventFilter, eventColumns, eventConditions, type SecurityEventRow } from './event-rows.js';
import { sequenceOf } from './list-events.js';

export interface Following {
  readonly services: Services;
  readonly filter: EventFilter | null | undefined;
  /** Resume behind this cursor; null: from now on. */
  readonly after: string | null | undefined;
  /** Asked before each event and whenever rights may have changed; false ends the stream. */
  readonly mayGoOn: () => Promise<boolean>;
}

const batchSize = 100;
/** Sequence numbers looked at in one statement: however rare the events that are asked for, it takes milliseconds. */
const windowSize = 10_000n;
/** Statements of one batch that may run into their time limit, one after another, before the stream ends. */
const mostTimeouts = 3;

/**
 * Published events behind a cursor, then those to come: none is lost and none comes twice. The
 * follower pulls from the table, so a slow reader costs no memory, and a wake-up it misses costs nothing.
 * @throws BAD_USER_INPUT for a cursor that is not ours, at once; OPERATION_TIMED_OUT when reading on takes too long, each time
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
  // return() of a generator waits for its pending step, so the alarm is stopped first.
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

/** While the database is away nobody can say, so the question waits. */
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

/** The database being away is no reason to end a stream: it goes on from its cursor afterwards. */
async function nextBatch(following: Following, position: string): Promise<Batch | 'forbidden'> {
  try {
    return (await following.mayGoOn()) ? await readBatch(following, position) : 'forbidden';
  } catch (error) {
    if (isConnectionFailure(error)) return { events: [], position, isLast: true, retryAfter: seconds(1) };
    throw error;
  }
}

/** Says so and tries again some seconds later, a few times: then it is not a database that is slow for once. */
function afterTimeout({ services }: Following, position: string, error: unknown, timeouts: number): Batch {
  if (!isTimeLimit(error)) throw error;
  const isLastTry = timeouts >= mostTimeouts;
  services.log.warn({ timeouts, isLastTry }, 'Reading events for a stream ran into the time limit of statements');
  if (isLastTry) throw error;
  return { events: [], position, isLast: true, retryAfter: seconds(timeouts) };
}

async function readBatch({ services, filter }: Following, position: string): Promise<Batch> {
  // Read first: what is published in between is left to the next batch, and nothing that does not match is read twice.
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

/** Where the next statement and where all that is published ends. */
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

/** Remembers that it rang while nobody waited. */
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
