import { appendFile } from 'node:fs/promises';
import { minutes, seconds } from '../../clock.js';
import { traceOf } from '../../operations/trace.js';
import type { Services } from '../../services.js';
import { type Head, newestHead, writeHead } from './event-heads.js';

/** A head is signed when the last one is older, in milliseconds, or that many events behind. */
const interval = minutes(5);
const mostEvents = 10_000n;

/** Time until a head that could not be appended to the file is tried again, in milliseconds. */
const retryPause = seconds(2);

const lastEvent = 'select e.sequence::text, e.hash from security_events e order by e.sequence desc limit 1';
const isThere = 'select from security_events e where e.sequence = $1 and e.hash = $2';

/**
 * Signs heads of the chain at intervals and appends them to EVENT_HEADS_FILE. What lies before a head that is kept
 * elsewhere can no longer be cut off or replaced unnoticed.
 */
export class HeadKeeper {
  private newest: Head | undefined;
  /** The newest head that is signed; null when there is none. */
  private last: { readonly sequence: bigint; readonly signedAt: Date } | null | undefined;
  /** The newest signature, if it could not be appended to the file; it covers what older ones do. */
  private unwritten: string | undefined;
  private triedAt = 0;

  constructor(private readonly services: Services) {}

  /** @param end of the chain, when this process has just published events */
  note(end: Head): void {
    this.newest = end;
  }

  /** Signs a head if one is due. */
  async keep(): Promise<void> {
    const { services } = this;
    if (this.unwritten && performance.now() - this.triedAt >= retryPause) await this.append(this.unwritten);
    // Perhaps published by another process, which has died before it signed.
    this.newest ??= await services.database.sql.row<Head>(lastEvent);
    const { newest } = this;
    if (!newest?.hash) return;
    this.last ??= placed(await newestHead(services.database.sql));
    // The table may have been restored: its newest event is then before the head that was signed last.
    if (this.last && BigInt(newest.sequence) < this.last.sequence) return this.forget();
    if (!this.isDue(newest)) return;
    if (!(await services.database.sql.row(isThere, [newest.sequence, newest.hash]))) return this.forget();
    const signature = await writeHead(services.database.sql, services, 'interval', newest);
    this.last = placed({ ...newest, signedAt: services.clock.now() });
    await this.append(signature);
  }

  /** The database was restored to an earlier state. */
  private forget(): void {
    this.newest = undefined;
    this.last = undefined;
  }

  private isDue({ sequence }: Head): boolean {
    if (!this.last) return true;
    const news = BigInt(sequence) - this.last.sequence;
    const age = Math.abs(this.services.clock.now().getTime() - this.last.signedAt.getTime());
    return news >= mostEvents || (news > 0n && age >= interval);
  }

  /** The line break in front ends a line that an earlier attempt has left in part. */
  private async append(signature: string): Promise<void> {
    const { config, log } = this.services;
    this.triedAt = performance.now();
    try {
      await appendFile(config.eventHeadsFile, `\n${signature}\n`, { mode: 0o600 });
      this.unwritten = undefined;
    } catch (error) {
      const message = 'A head of the security events could not be appended to EVENT_HEADS_FILE; trying again';
      if (!this.unwritten) log.warn(traceOf(error), message);
      this.unwritten = signature;
    }
  }
}

const placed = (head: (Head & { readonly signedAt: Date }) | undefined) =>
  head ? { sequence: BigInt(head.sequence), signedAt: head.signedAt } : null;
