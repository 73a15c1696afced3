import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { SharedWork } from '../operations/shared-work.js';
import { longestSilence } from './heartbeat.js';
import { anyReader } from './outbox-statements.js';
import { applicationName } from './signal-line.js';
import type { Signals } from './signals.js';

/**
 * Selects the signal connections of all other processes that may still answer from memory. A process without a
 * heartbeat for longer than `longestSilence` does not: it asks the database. One that reads the outbox is not called, so it is
 * waited for as long as it may answer from memory.
 */
const believing = `
  select 'a reader' as pid where ${anyReader}
  union all select pid::text from pg_stat_activity
  where datname = current_database() and application_name = '${applicationName}' and pid <> pg_backend_pid()
    and (query_start is null or query_start > clock_timestamp() - interval '${longestSilence} milliseconds')`;

const call = `select pg_notify('gatehouse', 'call:' || $1::text)`;
/** Names the connection that answers. */
const echo = `select pg_notify('gatehouse', 'echo:' || $1::text || '/' || pg_backend_pid())`;

interface Round {
  readonly id: string;
  /** Backend process ids of the connections that have not answered yet. */
  readonly awaited: Set<string>;
  readonly done: () => void;
}

/** Waits until every process has seen what this process has committed. */
export interface Echo {
  /** Resolves when no process serves data from before this call, after 750 milliseconds at the latest. Never rejects. */
  heardEverywhere(): Promise<void>;
}

/**
 * Waits until every process has seen what this process has committed. Notifications arrive in commit order, so a
 * process that answers a call has received every earlier signal. A process that does not answer in time stops using its
 * caches by itself, because its heartbeat is too old as well.
 */
export class NotifiedEcho implements Echo {
  private readonly rounds = new SharedWork(() => this.round());
  private current: Round | undefined;

  constructor(private readonly signals: Signals) {
    signals.on('call', (id) => this.answer(id));
    signals.on('echo', (answer) => this.hear(answer));
  }

  heardEverywhere(): Promise<void> {
    return this.rounds.run();
  }

  private async round(): Promise<void> {
    const over = new AbortController();
    const silence = sleep(longestSilence, undefined, { signal: over.signal, ref: false }).catch(() => undefined);
    // Without a connection no process can be asked; the time limit alone is enough.
    await Promise.race([silence, this.answers().catch(() => silence)]);
    over.abort();
    this.current = undefined;
  }

  private async answers(): Promise<void> {
    const rows = await this.signals.ask<{ pid: string }>(believing);
    if (rows.length === 0) return;
    await new Promise<void>((done, fail) => {
      this.current = { id: randomUUID(), awaited: new Set(rows.map(({ pid }) => pid)), done };
      this.signals.ask(call, [this.current.id]).catch(fail);
    });
  }

  private answer(id: string): void {
    // A call that cannot be answered ends with the caller's time limit.
    if (id !== this.current?.id) void this.signals.ask(echo, [id]).catch(() => undefined);
  }

  private hear(answer: string): void {
    const [id = '', pid = ''] = answer.split('/');
    const { current } = this;
    if (id !== current?.id) return;
    current.awaited.delete(pid);
    if (current.awaited.size === 0) current.done();
  }
}
