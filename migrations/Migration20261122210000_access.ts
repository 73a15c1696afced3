import { Migration } from '@mikro-orm/migrations';
import * as signal from './routines/signal.js';

/**
 * Access control keeps its history: what a role permitted, what it was called and how an account stood can be
 * asked for any past instant. For what is older than this migration the state it found is taken to be the past.
 */
export class Migration20261122210000_access extends Migration {
  override up(): void {
    for (const statement of [...changes, ...tables, ...pasts, ...ownPermissions, ...signals]) this.addSql(statement);
  }

  override down(): void {
    for (const table of tableNames) this.addSql(`drop table "${table}" cascade`);
    for (const statement of undone) this.addSql(statement);
  }
}

const tableNames = ['comments', 'posts', 'account_states', 'role_names'];

const changes = [
  `alter table "roles" add column "deleted_at" timestamptz null`,
  `drop index "roles_name_unique"`,
  `create unique index "roles_name_unique" on "roles" (lower("name")) where "deleted_at" is null`,
  `alter table "permissions" add column "created_at" timestamptz null, add column "removed_at" timestamptz null`,
  `update "permissions" p set "created_at" = r."created_at" from "roles" r where r."id" = p."role_id"`,
  `alter table "permissions" alter column "created_at" set not null`,
  `alter table "permissions" drop constraint "permissions_role_id_resource_action_unique"`,
  `create unique index "permissions_unique" on "permissions" ("role_id", "resource", "action") where "removed_at" is null`,
  `create index "permissions_role_id_index" on "permissions" ("role_id")`,
  // Who gave a role stays on record when their account is gone; former_users has the name.
  `alter table "role_grants" drop constraint "role_grants_granted_by_id_foreign"`,
  `alter table "role_grants" drop constraint "role_grants_revoked_by_id_foreign"`,
  `alter table "role_grants" add column "expiry_announced_at" timestamptz null, add column "expiry_recorded_at" timestamptz null`,
  // What has ended by now ended long before anybody was told of such things.
  `update "role_grants" set "expiry_announced_at" = "expires_at", "expiry_recorded_at" = "expires_at" where "expires_at" <= now()`,
  `create index "role_grants_expiring" on "role_grants" ("expires_at") where "expires_at" is not null and "revoked_at" is null and "expiry_announced_at" is null`,
  `create index "role_grants_expired" on "role_grants" ("expires_at") where "expires_at" is not null and "revoked_at" is null and "expiry_recorded_at" is null`,
];

const tables = [
  `create table "role_names" (
    "serial" bigserial not null,
    "role_id" uuid not null,
    "name" text not null,
    "since" timestamptz not null,
    constraint "role_names_pkey" primary key ("serial")
  )`,
  `create index "role_names_role_id_index" on "role_names" ("role_id")`,
  `alter table "role_names" add constraint "role_names_role_id_foreign" foreign key ("role_id") references "roles" ("id") on update cascade on delete cascade`,
  `create table "account_states" (
    "serial" bigserial not null,
    "user_id" uuid not null,
    "since" timestamptz not null,
    "email" text not null,
    "is_active" boolean not null,
    "is_admin" boolean not null,
    constraint "account_states_pkey" primary key ("serial")
  )`,
  `create index "account_states_user_id_index" on "account_states" ("user_id")`,
  `alter table "account_states" add constraint "account_states_user_id_foreign" foreign key ("user_id") references "users" ("id") on update cascade on delete cascade`,
  `create table "posts" (
    "id" uuid not null,
    "author_id" uuid not null,
    "title" text not null,
    "body" text not null,
    "category" text null,
    "published" boolean not null default false,
    "created_at" timestamptz not null,
    "updated_at" timestamptz not null,
    "published_at" timestamptz null,
    constraint "posts_pkey" primary key ("id")
  )`,
  `create index "posts_author_id_index" on "posts" ("author_id")`,
  `create index "posts_created" on "posts" ("created_at", "id")`,
  `create index "posts_published" on "posts" ("created_at", "id") where "published"`,
  `create index "posts_category" on "posts" ("category", "created_at", "id")`,
  `alter table "posts" add constraint "posts_author_id_foreign" foreign key ("author_id") references "users" ("id") on update cascade on delete cascade`,
  `create table "comments" (
    "id" uuid not null,
    "post_id" uuid not null,
    "author_id" uuid not null,
    "body" text not null,
    "created_at" timestamptz not null,
    "updated_at" timestamptz not null,
    constraint "comments_pkey" primary key ("id")
  )`,
  `create index "comments_post" on "comments" ("post_id", "created_at", "id")`,
  `create index "comments_author_id_index" on "comments" ("author_id")`,
  `alter table "comments" add constraint "comments_post_id_foreign" foreign key ("post_id") references "posts" ("id") on update cascade on delete cascade`,
  `alter table "comments" add constraint "comments_author_id_foreign" foreign key ("author_id") references "users" ("id") on update cascade on delete cascade`,
];

const pasts = [
  `insert into "role_names" ("role_id", "name", "since") select "id", "name", "created_at" from "roles"`,
  `insert into "account_states" ("user_id", "since", "email", "is_active", "is_admin")
    select "id", "created_at", "email", "is_active", "is_admin" from "users"`,
];

const mine = (attribute: string): string => `{"${attribute}": "\${user.id}"}`;
const anybodys = `{"$or": [{"published": true}, ${mine('authorId')}]}`;

/** What everyone may do to what is their own: permissions like any other, which an administrator may take away. */
const ofEveryone: readonly (readonly [resource: string, action: string, conditions: string])[] = [
  ['profile', '*', mine('userId')],
  ['session', '*', mine('userId')],
  ['post', 'read', anybodys],
  ...['create', 'update', 'publish', 'delete'].map((action) => ['post', action, mine('authorId')] as const),
  ['comment', 'create', mine('authorId')],
  ['comment', 'update', mine('authorId')],
  ['comment', 'delete', mine('authorId')],
];

const ownPermissions = ofEveryone.map(
  ([resource, action, conditions]) =>
    `insert into "permissions" ("id", "role_id", "name", "resource", "action", "conditions", "created_at")
    select gen_random_uuid(), "id", '${resource}:${action}', '${resource}', '${action}', '${conditions}'::jsonb, "created_at"
    from "roles" where "is_system" and "name" = 'user'
    on conflict do nothing`,
);

const signals = [
  // Conditions may ask for the caller's address.
  'drop trigger "users_signal" on "users"',
  `create trigger "users_signal" after update of "is_active", "is_admin", "email" or delete on "users"
    for each row execute function gatehouse_signal('user', 'id')`,
  signal.rolesMade.create,
  signal.posts.create,
  signal.postAuthors.create,
  signal.commentAuthors.create,
];

const undone = [
  `drop trigger "users_signal" on "users"`,
  `create trigger "users_signal" after update of "is_active", "is_admin" or delete on "users"
    for each row execute function gatehouse_signal('user', 'id')`,
  'drop trigger "roles_made_signal" on "roles"',
  // What was removed comes not back: the old schema cannot tell it from what is there.
  `delete from "permissions" where "removed_at" is not null or "role_id" in (select "id" from "roles" where "deleted_at" is not null)`,
  `delete from "permissions" where "role_id" in (select "id" from "roles" where "is_system") and "resource" in ('profile', 'session', 'post', 'comment')`,
  `delete from "roles" where "deleted_at" is not null`,
  `drop index "roles_name_unique"`,
  `alter table "roles" drop column "deleted_at"`,
  `create unique index "roles_name_unique" on "roles" (lower("name"))`,
  `drop index "permissions_unique"`,
  `drop index "permissions_role_id_index"`,
  `alter table "permissions" drop column "created_at", drop column "removed_at"`,
  `alter table "permissions" add constraint "permissions_role_id_resource_action_unique" unique ("role_id", "resource", "action")`,
  `alter table "role_grants" drop column "expiry_announced_at", drop column "expiry_recorded_at"`,
  ...['granted_by_id', 'revoked_by_id'].flatMap((column) => [
    `update "role_grants" set "${column}" = null where "${column}" not in (select "id" from "users")`,
    `alter table "role_grants" add constraint "role_grants_${column}_foreign" foreign key ("${column}") references "users" ("id") on update cascade on delete set null`,
  ]),
];
