import { Migration } from '@mikro-orm/migrations';

/**
 * One queue of jobs in place of the tables `outgoing_mails` and `mail_requests`. What waits in them moves into it; sealed
 * mails move as they are.
 */
export class Migration20261127100000_jobs extends Migration {
  override up(): void {
    for (const statement of [...jobs, ...moved]) this.addSql(statement);
  }

  override down(): void {
    for (const statement of undone) this.addSql(statement);
  }
}

const jobs = [
  `create table "jobs" (
    "id" uuid not null,
    "task" text not null,
    "is_periodic" boolean not null default false,
    "payload" bytea null,
    "address" text null,
    "created_at" timestamptz not null,
    "due_at" timestamptz null,
    "claimed_until" timestamptz null,
    "attempts" int not null default 0,
    "last_error" text null,
    "failed_at" timestamptz null,
    constraint "jobs_pkey" primary key ("id")
  )`,
  `create index "jobs_new" on "jobs" ("task", "due_at") where "attempts" = 0`,
  `create index "jobs_tried" on "jobs" ("task", "due_at") where "attempts" > 0`,
  `create index "jobs_failed" on "jobs" ("failed_at", "id") where "failed_at" is not null`,
  `create index "jobs_address" on "jobs" ("address") where "address" is not null`,
  `create unique index "jobs_periodic" on "jobs" ("task") where "is_periodic"`,
];

const moved = [
  `insert into "jobs" ("id", "task", "payload", "created_at", "due_at", "attempts")
    select "id", 'mail', "sealed_message", "created_at", "next_attempt_at", "attempts" from "outgoing_mails"`,
  `insert into "jobs" ("id", "task", "payload", "address", "created_at", "due_at", "attempts", "last_error", "failed_at")
    select "id", 'mail-request',
      convert_to(json_build_object('purpose', "purpose", 'email', "email", 'ipAddress', "ip_address", 'userAgent', "user_agent")::text, 'UTF8'),
      "email", "created_at", case when "set_aside_at" is null then "next_attempt_at" end, "attempts",
      case when "set_aside_at" is not null then 'The reason was not kept; the log has it' end, "set_aside_at"
    from "mail_requests"`,
  'drop table "outgoing_mails"',
  'drop table "mail_requests"',
];

const former = [
  `create table "outgoing_mails" (
    "id" uuid not null,
    "sealed_message" bytea not null,
    "created_at" timestamptz not null,
    "next_attempt_at" timestamptz not null,
    "attempts" int not null default 0,
    constraint "outgoing_mails_pkey" primary key ("id")
  )`,
  `create index "outgoing_mails_new" on "outgoing_mails" ("next_attempt_at") where "attempts" = 0`,
  `create index "outgoing_mails_tried" on "outgoing_mails" ("next_attempt_at") where "attempts" > 0`,
  `create trigger "outgoing_mails_signal" after insert on "outgoing_mails"
    for each statement execute function gatehouse_signal('mail')`,
  `create table "mail_requests" (
    "id" uuid not null,
    "purpose" text not null,
    "email" text not null,
    "ip_address" text not null,
    "user_agent" text null,
    "created_at" timestamptz not null,
    "attempts" int not null default 0,
    "next_attempt_at" timestamptz not null default now(),
    "set_aside_at" timestamptz null,
    constraint "mail_requests_pkey" primary key ("id")
  )`,
  `create index "mail_requests_due" on "mail_requests" ("next_attempt_at") where "set_aside_at" is null`,
  `create index "mail_requests_set_aside" on "mail_requests" ("set_aside_at") where "set_aside_at" is not null`,
];

/** The old program would try failed mails again, so they are left out. */
const undone = [
  ...former,
  `insert into "outgoing_mails" ("id", "sealed_message", "created_at", "next_attempt_at", "attempts")
    select "id", "payload", "created_at", "due_at", "attempts" from "jobs" where "task" = 'mail' and "due_at" is not null`,
  `insert into "mail_requests" ("id", "purpose", "email", "ip_address", "user_agent", "created_at", "attempts", "next_attempt_at", "set_aside_at")
    select "id", known ->> 'purpose', known ->> 'email', known ->> 'ipAddress', known ->> 'userAgent', "created_at",
      "attempts", coalesce("due_at", "created_at"), "failed_at"
    from "jobs", lateral (select convert_from("payload", 'UTF8')::json as known) as told where "task" = 'mail-request'`,
  'drop table "jobs"',
];
