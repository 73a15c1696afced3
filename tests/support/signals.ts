import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '../../src/app.js';
import { OutboxLine } from '../../src/database/outbox-line.js';
import { SignalLine } from '../../src/database/signal-line.js';
import type { MakeOutboxLine } from '../../src/database/signal-relay.js';
import type { MakeSignalLine } from '../../src/database/signals.js';
import { eventually } from './eventually.js';

const linesOf = new WeakMap<App, SignalLines>();

/** The signal lines of one process, which a test can break, hold up and slow down. */
export class SignalLines {
  private readonly made: (SignalLine | OutboxLine)[] = [];
  isCut = false;
  /** Delay of a signal, in milliseconds. */
  delayOf: (payload: string) => number = () => 0;
  /** Delay of every notification, in milliseconds. */
  lateness = 0;

  readonly make: MakeSignalLine = (url, onNotification, keepTime) => {
    if (this.isCut) throw new Error('cut');
    const deliver = (payload: string) => {
      const delay = this.delayOf(payload);
      if (delay > 0) setTimeout(onNotification, delay, payload);
      else onNotification(payload);
    };
    const line = new SignalLine(url, deliver, keepTime);
    this.delay(line);
    this.made.push(line);
    return line;
  };

  /** With REDIS_URL: what is read from the database comes late, with all that it proves. */
  readonly makeOutbox: MakeOutboxLine = (url, ends) => {
    if (this.isCut) throw new Error('cut');
    const line = new OutboxLine(url, ends);
    const query = line.connection.query.bind(line.connection) as (...terms: unknown[]) => Promise<unknown>;
    const late = async (...terms: unknown[]) => {
      const answer = await query(...terms);
      if (this.lateness > 0) await sleep(this.lateness);
      return answer;
    };
    Object.assign(line.connection, { query: late });
    this.made.push(line);
    return line;
  };

  /** Delays heartbeats with all else, in order: one that came back before an earlier signal would prove what is not so. */
  private delay({ ear }: SignalLine): void {
    const emit = ear.emit.bind(ear);
    ear.emit = (event: string, ...details: unknown[]) => {
      if (event !== 'notification' || this.lateness === 0) return emit(event, ...details);
      setTimeout(emit, this.lateness, event, ...details);
      return true;
    };
  }

  static of(app: App): SignalLines {
    const lines = linesOf.get(app);
    if (!lines) throw new Error('This service was not started by the harness');
    return lines;
  }

  get current(): SignalLine | OutboxLine {
    const line = this.made.at(-1);
    if (!line) throw new Error('There is no signal line');
    return line;
  }

  belongTo(app: App): void {
    linesOf.set(app, this);
  }
}

/** The current signal line of a process. */
export const lineOf = (app: App): SignalLine | OutboxLine => SignalLines.of(app).current;

/** The socket on which a process hears signals; `connection` is part of the driver, but not of its types. */
function earOf(app: App): Socket {
  const line = lineOf(app);
  const client = line instanceof SignalLine ? line.ear : line.connection;
  const { connection } = client as unknown as { connection: { stream: Socket } };
  return connection.stream;
}

/** Breaks a process's signal line and keeps it from reconnecting. @returns a function that lets it reconnect */
export async function withoutSignals(app: App): Promise<() => Promise<void>> {
  const { signals } = app.services;
  const lines = SignalLines.of(app);
  lines.isCut = true;
  earOf(app).destroy();
  await eventually(() => !signals.isListening);
  return async () => {
    lines.isCut = false;
    await eventually(() => signals.isListening);
  };
}

/** Delays everything that the database sends to a process over its signal line, until `resume`. */
export function holdUp(app: App): { resume(): unknown } {
  const stream = earOf(app);
  stream.pause();
  return stream;
}

/**
 * Has a process hear all notifications late, in order, as over a slow connection. Only from the start of a test to its end: what
 * is heard later without a delay would overtake what is on its way.
 * @param time in milliseconds
 */
export function hearAllLate(app: App, time: number): void {
  SignalLines.of(app).lateness = time;
}

/**
 * Delays the signals about one topic in a process, as on a slow connection.
 * @param time in milliseconds
 * @returns a function that ends the delay
 */
export function hearLate(app: App, topic: string, time: number): () => void {
  const lines = SignalLines.of(app);
  lines.delayOf = (payload) => (payload.startsWith(topic) ? time : 0);
  return () => {
    lines.delayOf = () => 0;
  };
}
