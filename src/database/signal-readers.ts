import { randomUUID } from 'node:crypto';
import { minutes, seconds } from '../clock.js';

/** How a process is told of signals: by notifications, or by reading `signal_outbox`. */
export type Hearing = 'notify' | 'outbox';

/** Longest time between two beats of a reader, in milliseconds. After a longer one it registers anew. */
export const longestGap = seconds(30);
/** From this time without a beat on, in milliseconds, a reader counts as gone: more than `longestGap`. */
export const goneAfter = minutes(1);
/** Interval at which a process looks for what is left over, in milliseconds. */
export const tidyPause = seconds(10);

/** Beats between two resets while signals may be missed: a second. */
const beatsPerReset = 4;

/** Parameters: topic and detail. */
export const tell = 'select gatehouse_tell($1, $2)';

/** Parameters: id and kind. The first beat is written with it, so that nobody takes the reader for gone. */
export const register = `
  with heard as (insert into signal_beats (reader) values ($1::uuid))
  insert into signal_readers (id, hears) values ($1::uuid, $2)`;

/** Parameter: the id of a line that has ended. Of one that read the outbox a trace stays; see `tidyReaders`. */
export const leave = `
  with gone as (delete from signal_readers where id = $1::uuid and hears = 'notify')
  update signal_readers set hears = 'left' where id = $1::uuid and hears = 'outbox'`;

/**
 * Takes away those without a beat for a minute. One that read the outbox is first marked as having left, and goes once all
 * transactions have ended that may have seen it: they have notified nobody, which who listens then has to know.
 */
export const tidyReaders = `
  with heard as (
    select reader from signal_beats where heard_at > statement_timestamp() - interval '${goneAfter} milliseconds'
  ), beats as (
    delete from signal_beats where heard_at between
      statement_timestamp() - interval '${5 * goneAfter} milliseconds' and statement_timestamp() - interval '${goneAfter} milliseconds'
  ), gone as (
    delete from signal_readers where left_before <= pg_snapshot_xmin(pg_current_snapshot())
      or hears = 'notify' and id not in (select reader from heard)
  )
  update signal_readers
  set hears = 'left', left_before = case hears when 'left' then pg_snapshot_xmax(pg_current_snapshot()) end
  where hears = 'outbox' and id not in (select reader from heard) or hears = 'left' and left_before is null`;

/** What a reader is told with each beat. */
export interface Attendance {
  /** False once it was taken for gone, or after a crash of the server, which empties the tables. */
  readonly isRegistered: boolean;
  /** Whether a transaction may have told only others. */
  readonly isMixed: boolean;
  /** As PostgreSQL writes it: `xmin:xmax:` and the transactions in between that had not ended. */
  readonly snapshot: string;
  /** The database's time, in milliseconds since 1970. */
  readonly time: number;
}

/** Parameter: the id. */
export const attendance = `
  exists (select from signal_readers where id = $1::uuid) as "isRegistered",
  exists (select from signal_readers where hears <> 'notify') as "isMixed",
  pg_current_snapshot()::text as snapshot, extract(epoch from clock_timestamp())::float8 * 1000 as time`;

/**
 * The entry of one line in `signal_readers`. A transaction tells those whom it sees there at that moment, and may commit much
 * later. So whoever has registered must not believe what it remembers until every transaction has ended that ran then.
 */
export class Registration {
  readonly id = randomUUID();
  /** Transactions with smaller ids may not have seen the entry. */
  private barrier: bigint | undefined;
  private through = false;
  private waits = 0;

  constructor(readonly hears: Hearing) {}

  /** Whether every signal since is told to this line. */
  get isThrough(): boolean {
    return this.through;
  }

  /**
   * Call it with what is told by each beat, in order.
   * @returns whether signals may have been missed: when it is through, and each second until then
   */
  note({ snapshot, isMixed }: Pick<Attendance, 'snapshot' | 'isMixed'>): boolean {
    if (this.through) return false;
    const [oldest = 0n, next = 0n] = snapshot.split(':', 2).map(BigInt);
    // Taken from a snapshot after the registration was committed: its own id would not do, since a transaction with a larger
    // one may have looked before that. Without those who read the outbox everybody is notified.
    this.barrier ??= this.hears === 'notify' && !isMixed ? 0n : next;
    this.through = oldest >= this.barrier;
    this.waits += 1;
    return this.through ? this.barrier > 0n : this.waits % beatsPerReset === 0;
  }
}
