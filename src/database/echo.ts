import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { SharedWork } from '../operations/shared-work.js';
import { longestSilence } from './heartbeat.js';
import { applicationName } from './signal-line.js';
import type { Signals } from './signals.js';

/** Processes that may answer from memory; one that has not been heard of for longer asks the database. */
const believing = `
  select pid from pg_stat_activity
  where datname = current_database() and application_name = '${applicationName}' and pid <> pg_backend_pid()
    and (query_start is null or query_start > clock_timestamp() - interval '${longestSilence} milliseconds')`;

const call = `select pg_notify('gatehouse', 'call:' || $1::text)`;
/** Names the connection that has heard it. */
const echo = `select pg_notify('gatehouse', 'echo:' || $1::text || '/' || pg_backend_pid())`;

interface Round {
  readonly id: string;
  /** Of connections that have not answered. */
  readonly awaited: Set<string>;
  readonly done: () => void;
}

/**
 * Whether every process has heard what this one has committed. Signals arrive in the order of commits, so whoever
 * answers a call has heard everything before it. Whoever does not answer stops answering from memory by itself.
 */
export class Echo {
  private readonly rounds = new SharedWork(() => this.round());
  private current: Round | undefined;

  constructor(private readonly signals: Signals) {
    signals.on('call', (id) => this.answer(id));
    signals.on('echo', (answer) => this.hear(answer));
  }

  /** Resolves when no process answers from memory what was so before this call; within `longestSilence`. Never fails. */
  heardEverywhere(): Promise<void> {
    return this.rounds.run();
  }

  private async round(): Promise<void> {
    const over = new AbortController();
    const silence = sleep(longestSilence, undefined, { signal: over.signal, ref: false }).catch(() => undefined);
    // Without a connection nobody can be asked, but all can be waited for.
    await Promise.race([silence, this.answers().catch(() => silence)]);
    over.abort();
    this.current = undefined;
  }

  private async answers(): Promise<void> {
    const rows = await this.signals.ask<{ pid: number }>(believing);
    if (rows.length === 0) return;
    await new Promise<void>((done, fail) => {
      this.current = { id: randomUUID(), awaited: new Set(rows.map(({ pid }) => String(pid))), done };
      this.signals.ask(call, [this.current.id]).catch(fail);
    });
  }

  private answer(id: string): void {
    // What cannot be answered is waited out.
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
