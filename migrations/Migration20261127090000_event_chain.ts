import { Migration } from '@mikro-orm/migrations';
import { eventPartition } from './routines/event-partition.js';

/**
 * Security events are written to an outbox and published from there: numbered, chained by hashes, and kept in a partition
 * for each month. Those of before keep their numbers and have no hash.
 */
export class Migration20261127090000_event_chain extends Migration {
  override up(): void {
    for (const statement of [...tables, eventPartition.create, ...moved, ...sessionCap]) this.addSql(statement);
  }

  override down(): void {
    for (const statement of undone) this.addSql(statement);
  }
}

const facts = `
    "id" uuid not null,
    "position" bigint not null,
    "type" text not null,
    "occurred_at" timestamptz not null,
    "actor_id" uuid null,
    "subject_id" uuid null,
    "session_id" uuid null,
    "ip_address" text null,
    "user_agent" text null,
    "request_id" text null,
    "details" jsonb not null`;

const byOne = (column: string): string =>
  `create index "security_events_by_${column}" on "security_events" ("${column}", "sequence") where "${column}" is not null`;

const tables = [
  'alter table "security_events" rename to "former_events"',
  `create table "security_event_outbox" (${facts.replace('"position" bigint not null', '"position" bigserial')},
    "written_by" xid8 not null default pg_current_xact_id(),
    constraint "security_event_outbox_pkey" primary key ("id")
  )`,
  `create index "security_event_outbox_written_by_position_index" on "security_event_outbox" ("written_by", "position")`,
  `create table "security_events" (
    "sequence" bigint not null,
    "published_at" timestamptz not null default now(),
    "hash" bytea null,${facts.replace('"position" bigint not null', '"position" bigint not null default 0')}
  ) partition by range ("published_at")`,
  `create unique index "security_events_sequence" on "security_events" ("sequence", "published_at")`,
  `create index "security_events_id" on "security_events" ("id")`,
  byOne('type').replace(/ where .*/, ''),
  ...['actor_id', 'subject_id', 'session_id', 'ip_address'].map(byOne),
  `create index "security_events_published_at" on "security_events" ("published_at", "sequence")`,
  `create index "security_events_late" on "security_events" ("sequence")
    where "published_at" - "occurred_at" not between interval '-1 minute' and interval '1 hour'`,
  `create table "event_heads" (
    "sequence" bigint not null,
    "hash" bytea not null,
    "kind" text not null,
    "signed_at" timestamptz not null,
    "signature" text not null
  )`,
  `create index "event_heads_sequence" on "event_heads" ("sequence")`,
  `create table "event_verifications" (
    "verified_at" timestamptz not null,
    "report" jsonb not null
  )`,
  `create index "event_verifications_verified_at" on "event_verifications" ("verified_at")`,
];

const columns = 'id, position, type, occurred_at, actor_id, subject_id, session_id, ip_address, user_agent, details';

const moved = [
  `select gatehouse_event_partition(month)
   from (select distinct date_trunc('month', occurred_at at time zone 'UTC') at time zone 'UTC' as month from former_events union select now()) months`,
  // Never before an earlier event, so that a month that is dropped holds the oldest numbers and no others.
  `insert into "security_events" (sequence, published_at, ${columns})
   select sequence, max(occurred_at) over (order by sequence), ${columns} from "former_events" where sequence is not null`,
  `insert into "security_event_outbox" (${columns}) select ${columns} from "former_events" where sequence is null`,
  `select setval(pg_get_serial_sequence('security_event_outbox', 'position'), greatest(max(position), 1)) from "former_events"`,
  'drop table "former_events"',
  'drop function gatehouse_sequence()',
];

/** Of this migration; later ones replace it. */
export const endSurplusSessions = `
  create function gatehouse_end_surplus_sessions(
    owner uuid, newest uuid, most integer, at timestamptz, address text, agent text
  ) returns setof uuid language sql volatile as $$
    with surplus as (
      select s.id from sessions s where s.user_id = owner and s.id <> newest and s.ended_at is null and s.expires_at > at
      order by s.last_used_at desc, s.id offset most - 1
    ), due as (
      select s.id from sessions s where s.id in (select id from surplus) and s.ended_at is null
      order by s.id for no key update
    ), ended as (
      update sessions s set ended_at = at, end_reason = 'SESSION_LIMIT' from due where s.id = due.id returning s.id
    ), told as (
      insert into security_event_outbox
        (id, type, occurred_at, actor_id, subject_id, session_id, ip_address, user_agent, details)
      select gen_random_uuid(), 'SESSION_REVOKED', at, owner, owner, id, address, agent, '{"reason": "SESSION_LIMIT"}'
      from ended
    )
    select id from ended
  $$`;

export const dropSessionCap =
  'drop function gatehouse_end_surplus_sessions(uuid, uuid, integer, timestamptz, text, text)';
const sessionCap = [dropSessionCap, endSurplusSessions];

/** As before; `down` of the migrations before this one drops what it names. */
const undone = [
  dropSessionCap,
  endSurplusSessions.replaceAll('security_event_outbox', 'security_events'),
  'drop function gatehouse_event_partition(timestamptz)',
  'drop table "event_heads", "event_verifications"',
  'alter table "security_events" rename to "chained_events"',
  `create table "security_events" (${facts.replace('"position" bigint not null', '"position" bigserial')},
    "sequence" bigint null,
    constraint "security_events_pkey" primary key ("id")
  )`,
  `insert into "security_events" (sequence, ${columns}) select sequence, ${columns} from "chained_events"`,
  `insert into "security_events" (${columns}) select ${columns} from "security_event_outbox"`,
  'drop table "chained_events", "security_event_outbox"',
  'alter table "security_events" drop column "request_id"',
  `select setval(pg_get_serial_sequence('security_events', 'position'), coalesce(max(position), 0) + 1) from "security_events"`,
  `alter table "security_events" add constraint "security_events_sequence_unique" unique ("sequence")`,
  `create index "security_events_subject_id_sequence_index" on "security_events" ("subject_id", "sequence")`,
  `create index "security_events_unsequenced" on "security_events" ("position") where "sequence" is null`,
  `create trigger "security_events_signal" after insert on "security_events"
    for each statement execute function gatehouse_signal('event')`,
  `create function gatehouse_sequence() returns integer language plpgsql as $$
  declare numbered integer;
  begin
    perform pg_advisory_xact_lock(7041004);
    with fresh as (
      select id, row_number() over (order by position) as place
      from (select id, position from security_events where sequence is null order by position limit 1000) waiting
    ), head as (select coalesce(max(sequence), 0) as sequence from security_events)
    update security_events e set sequence = head.sequence + fresh.place from fresh, head where e.id = fresh.id;
    get diagnostics numbered = row_count;
    if numbered > 0 then
      perform pg_notify('gatehouse', 'published');
    end if;
    return numbered;
  end $$`,
];
