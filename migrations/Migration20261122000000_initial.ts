import { Migration } from '@mikro-orm/migrations';
import * as signal from './routines/signal.js';

/** The tables of the main job, and the triggers that tell every process what has changed. */
export class Migration20261122000000_initial extends Migration {
  override up(): void {
    for (const statement of [...tables, ...rateLimits, ...systemRoles, ...signals, sequence]) this.addSql(statement);
  }

  override down(): void {
    for (const table of tableNames) this.addSql(`drop table "${table}" cascade`);
    this.addSql('drop function gatehouse_signal() cascade');
    this.addSql('drop function gatehouse_sequence()');
  }
}

const tableNames = [
  'mailed_tokens',
  'role_grants',
  'refresh_tokens',
  'sessions',
  'permissions',
  'roles',
  'security_events',
  'signing_keys',
  'outgoing_mails',
  'users',
  'rate_limits',
];

const tables = [
  `create table "outgoing_mails" (
    "id" uuid not null,
    "sealed_message" bytea not null,
    "created_at" timestamptz not null,
    "next_attempt_at" timestamptz not null,
    "attempts" int not null default 0,
    constraint "outgoing_mails_pkey" primary key ("id")
  )`,
  `create index "outgoing_mails_next_attempt_at_index" on "outgoing_mails" ("next_attempt_at")`,
  `create table "roles" (
    "id" uuid not null,
    "name" text not null,
    "description" text null,
    "level" int not null,
    "is_system" boolean not null default false,
    "created_at" timestamptz not null,
    "updated_at" timestamptz not null,
    constraint "roles_pkey" primary key ("id")
  )`,
  `create unique index "roles_name_unique" on "roles" (lower("name"))`,
  `create table "permissions" (
    "id" uuid not null,
    "role_id" uuid not null,
    "name" text not null,
    "resource" text not null,
    "action" text not null,
    "conditions" jsonb null,
    constraint "permissions_pkey" primary key ("id")
  )`,
  `alter table "permissions" add constraint "permissions_role_id_resource_action_unique" unique ("role_id", "resource", "action")`,
  `create table "security_events" (
    "id" uuid not null,
    "position" bigserial,
    "sequence" bigint null,
    "type" text not null,
    "occurred_at" timestamptz not null,
    "actor_id" uuid null,
    "subject_id" uuid null,
    "session_id" uuid null,
    "ip_address" text null,
    "user_agent" text null,
    "details" jsonb not null,
    constraint "security_events_pkey" primary key ("id")
  )`,
  `alter table "security_events" add constraint "security_events_sequence_unique" unique ("sequence")`,
  `create index "security_events_subject_id_index" on "security_events" ("subject_id")`,
  `create index "security_events_unsequenced" on "security_events" ("position") where "sequence" is null`,
  `create table "signing_keys" (
    "id" text not null,
    "public_jwk" jsonb not null,
    "sealed_private_jwk" bytea not null,
    "created_at" timestamptz not null,
    constraint "signing_keys_pkey" primary key ("id")
  )`,
  `create table "users" (
    "id" uuid not null,
    "username" text not null,
    "email" text not null,
    "password_hash" text not null,
    "first_name" text null,
    "last_name" text null,
    "avatar_url" text null,
    "bio" text null,
    "location" text null,
    "website" text null,
    "timezone" text null,
    "language" text null,
    "email_notifications" boolean not null default true,
    "is_admin" boolean not null default false,
    "is_active" boolean not null default true,
    "is_verified" boolean not null default false,
    "locked_until" timestamptz null,
    "last_login_at" timestamptz null,
    "password_changed_at" timestamptz not null,
    "created_at" timestamptz not null,
    constraint "users_pkey" primary key ("id")
  )`,
  `alter table "users" add constraint "users_username_unique" unique ("username")`,
  `alter table "users" add constraint "users_email_unique" unique ("email")`,
  `create index "users_created_at_index" on "users" ("created_at")`,
  `create table "sessions" (
    "id" uuid not null,
    "user_id" uuid not null,
    "ip_address" text null,
    "user_agent" text null,
    "is_remembered" boolean not null,
    "created_at" timestamptz not null,
    "last_used_at" timestamptz not null,
    "expires_at" timestamptz not null,
    "ended_at" timestamptz null,
    "end_reason" text null,
    constraint "sessions_pkey" primary key ("id")
  )`,
  `create index "sessions_user_id_index" on "sessions" ("user_id")`,
  `create index "sessions_open_until" on "sessions" ("expires_at") where "ended_at" is null`,
  `create table "refresh_tokens" (
    "token_hash" bytea not null,
    "session_id" uuid not null,
    "created_at" timestamptz not null,
    "used_at" timestamptz null,
    "successor_hash" bytea null,
    constraint "refresh_tokens_pkey" primary key ("token_hash")
  )`,
  `create index "refresh_tokens_session_id_index" on "refresh_tokens" ("session_id")`,
  `create table "role_grants" (
    "id" uuid not null,
    "user_id" uuid not null,
    "role_id" uuid not null,
    "granted_at" timestamptz not null,
    "granted_by_id" uuid null,
    "expires_at" timestamptz null,
    "revoked_at" timestamptz null,
    "revoked_by_id" uuid null,
    constraint "role_grants_pkey" primary key ("id")
  )`,
  `create index "role_grants_user_id_index" on "role_grants" ("user_id")`,
  `create index "role_grants_role_id_index" on "role_grants" ("role_id")`,
  `create table "mailed_tokens" (
    "token_hash" bytea not null,
    "purpose" text not null,
    "user_id" uuid not null,
    "email" text not null,
    "created_at" timestamptz not null,
    "expires_at" timestamptz not null,
    "used_at" timestamptz null,
    constraint "mailed_tokens_pkey" primary key ("token_hash")
  )`,
  `create index "mailed_tokens_user_id_index" on "mailed_tokens" ("user_id")`,
  `alter table "permissions" add constraint "permissions_role_id_foreign" foreign key ("role_id") references "roles" ("id") on update cascade on delete cascade`,
  `alter table "sessions" add constraint "sessions_user_id_foreign" foreign key ("user_id") references "users" ("id") on update cascade on delete cascade`,
  `alter table "refresh_tokens" add constraint "refresh_tokens_session_id_foreign" foreign key ("session_id") references "sessions" ("id") on update cascade on delete cascade`,
  `alter table "role_grants" add constraint "role_grants_user_id_foreign" foreign key ("user_id") references "users" ("id") on update cascade on delete cascade`,
  `alter table "role_grants" add constraint "role_grants_role_id_foreign" foreign key ("role_id") references "roles" ("id") on update cascade on delete cascade`,
  `alter table "role_grants" add constraint "role_grants_granted_by_id_foreign" foreign key ("granted_by_id") references "users" ("id") on update cascade on delete set null`,
  `alter table "role_grants" add constraint "role_grants_revoked_by_id_foreign" foreign key ("revoked_by_id") references "users" ("id") on update cascade on delete set null`,
  `alter table "mailed_tokens" add constraint "mailed_tokens_user_id_foreign" foreign key ("user_id") references "users" ("id") on update cascade on delete cascade`,
];

/** Counters of the rate limiter. Unlogged: losing them in a crash is no loss. */
const rateLimits = [
  `create unlogged table "rate_limits" (
    "key" varchar(255) not null primary key,
    "points" integer not null default 0,
    "expire" bigint
  )`,
];

/** `user` is given at registration; `admin` goes with the administrator flag. */
const systemRoles = [
  `insert into "roles" ("id", "name", "description", "level", "is_system", "created_at", "updated_at") values
    (gen_random_uuid(), 'user', 'Everyone who has registered', 0, true, now(), now()),
    (gen_random_uuid(), 'admin', 'Administrators', 100, true, now(), now())`,
];

export const notifyingSignal = `create function gatehouse_signal() returns trigger language plpgsql as $$
  begin
    if tg_nargs = 1 then
      perform pg_notify('gatehouse', tg_argv[0]);
    else
      perform pg_notify('gatehouse', tg_argv[0] || ':' ||
        (to_jsonb(case when tg_op = 'DELETE' then old else new end) ->> tg_argv[1]));
    end if;
    return null;
  end $$`;

const signals = [
  notifyingSignal,
  `create trigger "users_signal" after update of "is_active", "is_admin" or delete on "users"
    for each row execute function gatehouse_signal('user', 'id')`,
  `create trigger "sessions_signal" after update of "ended_at" or delete on "sessions"
    for each row execute function gatehouse_signal('session', 'id')`,
  signal.roleGrants.create,
  signal.permissions.create,
  signal.roles.create,
  `create trigger "security_events_signal" after insert on "security_events"
    for each statement execute function gatehouse_signal('event')`,
  `create trigger "outgoing_mails_signal" after insert on "outgoing_mails"
    for each statement execute function gatehouse_signal('mail')`,
];

const sequence = `create function gatehouse_sequence() returns integer language plpgsql as $$
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
  end $$`;
