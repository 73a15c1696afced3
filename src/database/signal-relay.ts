import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { SharedWork } from '../operations/shared-work.js';
import type { SecretBox } from '../secrets.js';
import type { Database } from './database.js';
import type { Echo } from './echo.js';
import { longestSilence } from './heartbeat.js';
import { type OutboxEnds, OutboxLine } from './outbox-line.js';
import type { SignalText } from './outbox-statements.js';
import { OutboxTidier } from './outbox-tidier.js';
import { openMessage, sealMessage } from './sealed-message.js';
import type { SignalBus } from './signal-bus.js';
import { tidyPause } from './signal-readers.js';
import type { MakeSignalLine, Signals } from './signals.js';

/** Least time between two looks for what this process has committed, in milliseconds. */
const hintPause = 20;
/** Interval at which the database is asked who has heard a call, in milliseconds. */
const askPause = 100;

const message = z.object({
  signals: z.array(z.string()).default([]),
  /** Asks everybody to answer, once they have taken note of the signals. */
  call: z.object({ id: z.string(), from: z.string() }).optional(),
  /** The answer to a call, and whose it is. */
  echo: z.object({ id: z.string(), reader: z.string() }).optional(),
});
type Message = z.input<typeof message>;

interface Round {
  readonly id: string;
  /** Readers that have not answered yet. */
  readonly awaited: Set<string>;
  readonly done: () => void;
}

/** Makes a line; replaced in tests. */
export type MakeOutboxLine = (url: string, ends: OutboxEnds) => OutboxLine;

/**
 * Passes signals on between processes that read the outbox: over a bus while there is one, through the database anyway. The bus is
 * believed in nothing that somebody could gain by: a signal makes a process forget, and an echo has to name a call that only its
 * reader can have heard of. What is lost on the bus is read from the database within a quarter of a second.
 */
export class SignalRelay implements Echo {
  private readonly rounds = new SharedWork(() => this.round());
  private signals: Signals | undefined;
  private line: OutboxLine | undefined;
  private current: Round | undefined;
  private hint: NodeJS.Timeout | undefined;
  private tidying: NodeJS.Timeout | undefined;
  private hintedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly bus: SignalBus,
    private readonly secrets: Pick<SecretBox, 'mac'>,
    private readonly make: MakeOutboxLine = (url, ends) => new OutboxLine(url, ends),
  ) {
    bus.onMessage((sealed) => this.receive(sealed));
  }

  /** For `Signals`, whose lines it uses. */
  readonly makeLine: MakeSignalLine = (url, onSignal, keepTime) => {
    const onReading = (news: readonly SignalText[]) =>
      this.hint && news.length > 0 && this.send({ signals: [...news] });
    const tellOthers = (signal: SignalText) => this.bus.isUp && this.send({ signals: [signal] });
    this.line = this.make(url, { onSignal, keepTime, onReading, tellOthers });
    return this.line;
  };

  /**
   * @param signals receives what the bus brings
   * @param database whose commits others are told of soon, instead of with their next beat
   */
  serve(signals: Signals, database: Pick<Database, 'onCommit' | 'sql'>): void {
    this.signals = signals;
    database.onCommit(() => this.lookSoon());
    const tidier = new OutboxTidier(database.sql);
    // What fails is tried again, and nothing depends on when.
    const tidy = () => this.line?.isFresh && void tidier.tidy(this.line).catch(() => undefined);
    this.tidying = setInterval(tidy, tidyPause).unref();
  }

  close(): void {
    clearInterval(this.tidying);
  }

  heardEverywhere(): Promise<void> {
    return this.rounds.run();
  }

  private lookSoon(): void {
    if (this.hint || !this.bus.isUp) return;
    const left = this.hintedAt + hintPause - performance.now();
    this.hint = setTimeout(() => void this.lookAround(), Math.max(0, left)).unref();
  }

  /** What is read meanwhile is passed on, whoever has asked for it. */
  private async lookAround(): Promise<void> {
    this.hintedAt = performance.now();
    await this.line?.read().catch(() => undefined);
    this.hint = undefined;
  }

  private async round(): Promise<void> {
    const over = new AbortController();
    const silence = sleep(longestSilence, undefined, { signal: over.signal, ref: false }).catch(() => undefined);
    // Without a connection nobody can be asked; the time limit alone is enough.
    await Promise.race([silence, this.answers(over.signal).catch(() => silence)]);
    over.abort();
    this.current = undefined;
  }

  /** @param signal aborts it */
  private async answers(signal: AbortSignal): Promise<void> {
    const { line } = this;
    if (!line) throw new Error('There is no signal connection');
    const { id, awaited, hasListeners, signals, settle } = await line.call();
    signal.throwIfAborted();
    // Those who listen for notifications cannot be called from here.
    if (hasListeners) throw new Error('Processes without REDIS_URL are waited for');
    await new Promise<void>((done, fail) => {
      const round = { id: randomUUID(), awaited: new Set(awaited), done };
      if (awaited.length === 0) return done();
      this.current = round;
      this.send({ signals: [...signals], call: { id: round.id, from: this.bus.address } });
      this.askWhoHasHeard(line, id, round, signal).catch(fail);
    });
    settle();
  }

  /** Answers on the bus come sooner, if they come. */
  private async askWhoHasHeard(line: OutboxLine, id: string, { awaited, done }: Round, signal: AbortSignal) {
    while (awaited.size > 0) {
      await sleep(askPause, undefined, { signal, ref: false });
      const unheard = new Set(await line.unheard(id, [...awaited]));
      for (const reader of awaited) if (!unheard.has(reader)) awaited.delete(reader);
    }
    done();
  }

  private send(content: Message, to?: string): true {
    this.bus.send(sealMessage(this.secrets, JSON.stringify(content)), to);
    return true;
  }

  private receive(sealed: string): void {
    const text = openMessage(this.secrets, sealed);
    const parsed = text === undefined ? undefined : message.safeParse(JSON.parse(text));
    // Of a stranger, or of another version of the service.
    if (!parsed?.success) return;
    const { signals, call, echo } = parsed.data;
    for (const signal of signals) this.signals?.hear(signal);
    if (call && call.from !== this.bus.address && this.line)
      this.send({ echo: { id: call.id, reader: this.line.id } }, call.from);
    if (echo) this.hearEcho(echo.id, echo.reader);
  }

  private hearEcho(id: string, reader: string): void {
    const { current } = this;
    if (id !== current?.id) return;
    current.awaited.delete(reader);
    if (current.awaited.size === 0) current.done();
  }
}
