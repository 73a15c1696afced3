import { Migration } from '@mikro-orm/migrations';
import { notifyingSignal } from './Migration20261122000000_initial.js';
import { signal, tell } from './routines/signal.js';

/**
 * Signals can be read from a table, too, by processes with REDIS_URL. All three tables are worth nothing after a crash of the
 * server, which empties them.
 */
export class Migration20261209100000_signal_outbox extends Migration {
  override up(): void {
    for (const statement of [...tables, tell.create, replacing(signal.create)]) this.addSql(statement);
  }

  override down(): void {
    this.addSql(replacing(notifyingSignal));
    this.addSql('drop function gatehouse_tell(text, text)');
    this.addSql('drop table "signal_outbox", "signal_beats", "signal_readers"');
  }
}

/** Triggers depend on the function, so that it cannot be dropped. */
const replacing = (create: string): string => create.replace('create function', 'create or replace function');

const tables = [
  `create unlogged table "signal_outbox" (
    "written_by" xid8 not null default pg_current_xact_id(),
    "topic" text not null,
    "detail" text not null,
    constraint "signal_outbox_pkey" primary key ("written_by", "topic", "detail")
  )`,
  `create unlogged table "signal_readers" (
    "id" uuid not null,
    "hears" text not null,
    "left_before" xid8 null,
    constraint "signal_readers_pkey" primary key ("id"),
    constraint "signal_readers_hears_check" check ("hears" in ('notify', 'outbox', 'left'))
  )`,
  // Rows are added and deleted, never changed: whoever reads the newest of them passes over none that an old snapshot keeps.
  `create unlogged table "signal_beats" (
    "reader" uuid not null,
    "heard_at" timestamptz not null default clock_timestamp(),
    "seen" pg_snapshot null
  )`,
  `create index "signal_beats_heard_at" on "signal_beats" ("heard_at")`,
];
