import { Migration } from '@mikro-orm/migrations';

/**
 * How accounts stand is written down by the database itself, however they are changed; and an attempt under way
 * holds its place for a while instead of being counted, so that only wrong ones count.
 */
export class Migration20261126120000_history extends Migration {
  override up(): void {
    for (const statement of [...history, ...attempts]) this.addSql(statement);
  }

  override down(): void {
    for (const statement of undone) this.addSql(statement);
  }
}

const history = [
  // The service says which instant it is; a change by hand has the database's.
  `create function gatehouse_now() returns timestamptz language sql stable as $$
    select coalesce(nullif(current_setting('gatehouse.now', true), '')::timestamptz, now())
  $$`,
  // An account stands as it does from the instant it is there.
  `create function gatehouse_account_made() returns trigger language plpgsql as $$
    begin
      insert into account_states (user_id, since, email, is_active, is_admin)
        select id, created_at, email, is_active, is_admin from made;
      return null;
    end
  $$`,
  `create trigger "users_made_history" after insert on "users" referencing new table as made
    for each statement execute function gatehouse_account_made()`,
  // Of two changes the later one is the later one, although its transaction may have begun before the other's.
  `create function gatehouse_account_changed() returns trigger language plpgsql as $$
    begin
      insert into account_states (user_id, since, email, is_active, is_admin)
        select new.id, greatest(gatehouse_now(), max(since)), new.email, new.is_active, new.is_admin
        from account_states where user_id = new.id;
      return null;
    end
  $$`,
  `create trigger "users_changed_history" after update of "email", "is_active", "is_admin" on "users" for each row
    when ((old."email", old."is_active", old."is_admin") is distinct from (new."email", new."is_active", new."is_admin"))
    execute function gatehouse_account_changed()`,
];

const attempts = [`alter table "attempts" add column "pending" jsonb not null default '{}'`];

const undone = [
  `drop trigger "users_made_history" on "users"`,
  `drop trigger "users_changed_history" on "users"`,
  'drop function gatehouse_account_made()',
  'drop function gatehouse_account_changed()',
  'drop function gatehouse_now()',
  `alter table "attempts" drop column "pending"`,
];
