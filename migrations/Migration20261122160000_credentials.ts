import { Migration } from '@mikro-orm/migrations';
import { apiTokens, signingKeys } from './routines/signal.js';

/** Counted attempts, the second factor, API tokens, key rotation and what mailed links of every purpose need. */
export class Migration20261122160000_credentials extends Migration {
  override up(): void {
    for (const statement of [...changes, ...tables, ...signals]) this.addSql(statement);
  }

  override down(): void {
    for (const table of tableNames) this.addSql(`drop table "${table}" cascade`);
    this.addSql('drop trigger "signing_keys_signal" on "signing_keys"');
    this.addSql('alter table "signing_keys" drop column "retires_at"');
    this.addSql('alter table "mailed_tokens" drop column "new_email"');
    this.addSql('alter table "users" add column "locked_until" timestamptz null');
  }
}

const tableNames = [
  'attempts',
  'two_factors',
  'recovery_codes',
  'two_factor_challenges',
  'api_tokens',
  'mail_requests',
  'former_users',
];

const changes = [
  // A lock is told by the counted attempts alone.
  `alter table "users" drop column "locked_until"`,
  `alter table "mailed_tokens" add column "new_email" text null`,
  `alter table "signing_keys" add column "retires_at" timestamptz null`,
];

const ofUser = (table: string): string =>
  `alter table "${table}" add constraint "${table}_user_id_foreign" foreign key ("user_id") references "users" ("id") on update cascade on delete cascade`;

const tables = [
  `create table "attempts" (
    "key" text not null,
    "user_id" uuid null,
    "count" int not null,
    "locked_until" timestamptz null,
    "expires_at" timestamptz not null,
    constraint "attempts_pkey" primary key ("key")
  )`,
  `create index "attempts_user_id_index" on "attempts" ("user_id")`,
  `create index "attempts_expires_at_index" on "attempts" ("expires_at")`,
  `create table "two_factors" (
    "user_id" uuid not null,
    "sealed_secret" bytea not null,
    "created_at" timestamptz not null,
    "confirmed_at" timestamptz null,
    "last_step" int not null default 0,
    constraint "two_factors_pkey" primary key ("user_id")
  )`,
  ofUser('two_factors'),
  `create table "recovery_codes" (
    "code_hash" bytea not null,
    "user_id" uuid not null,
    "used_at" timestamptz null,
    constraint "recovery_codes_pkey" primary key ("code_hash")
  )`,
  `create index "recovery_codes_user_id_index" on "recovery_codes" ("user_id")`,
  ofUser('recovery_codes'),
  `create table "two_factor_challenges" (
    "token_hash" bytea not null,
    "user_id" uuid not null,
    "is_remembered" boolean not null,
    "uses_cookie" boolean not null,
    "created_at" timestamptz not null,
    "expires_at" timestamptz not null,
    constraint "two_factor_challenges_pkey" primary key ("token_hash")
  )`,
  `create index "two_factor_challenges_user_id_index" on "two_factor_challenges" ("user_id")`,
  `create index "two_factor_challenges_expires_at_index" on "two_factor_challenges" ("expires_at")`,
  ofUser('two_factor_challenges'),
  `create table "api_tokens" (
    "id" uuid not null,
    "user_id" uuid not null,
    "name" text not null,
    "token_hash" bytea not null,
    "scopes" text[] not null,
    "created_at" timestamptz not null,
    "expires_at" timestamptz null,
    "last_used_at" timestamptz null,
    "revoked_at" timestamptz null,
    constraint "api_tokens_pkey" primary key ("id")
  )`,
  `alter table "api_tokens" add constraint "api_tokens_token_hash_unique" unique ("token_hash")`,
  `create index "api_tokens_user_id_index" on "api_tokens" ("user_id")`,
  ofUser('api_tokens'),
  `create table "mail_requests" (
    "id" uuid not null,
    "purpose" text not null,
    "email" text not null,
    "ip_address" text not null,
    "user_agent" text null,
    "created_at" timestamptz not null,
    constraint "mail_requests_pkey" primary key ("id")
  )`,
  `create index "mail_requests_created_at_index" on "mail_requests" ("created_at")`,
  `create table "former_users" (
    "id" uuid not null,
    "username" text not null,
    "deleted_at" timestamptz not null,
    constraint "former_users_pkey" primary key ("id")
  )`,
];

const signals = [apiTokens.create, signingKeys.create];
