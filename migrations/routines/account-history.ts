import type { Routine, Trigger } from './routine.js';

export const now: Routine = {
  name: 'gatehouse_now',
  purpose:
    'The instant that the service sets for its transaction (`gatehouse.now`); for a change by hand the clock of the database.',
  create: `create function gatehouse_now() returns timestamptz language sql stable as $$
    select coalesce(nullif(current_setting('gatehouse.now', true), '')::timestamptz, now())
  $$`,
};

export const accountMade: Routine = {
  name: 'gatehouse_account_made',
  purpose: "Writes the first row of an account's history, as of its creation.",
  create: `create function gatehouse_account_made() returns trigger language plpgsql as $$
    begin
      insert into account_states (user_id, since, email, is_active, is_admin)
        select id, created_at, email, is_active, is_admin from made;
      return null;
    end
  $$`,
};

export const accountChanged: Routine = {
  name: 'gatehouse_account_changed',
  purpose: "Writes a row of an account's history. It never dates it before the row that is there already.",
  // The change that commits later gets the later date, even if its transaction began first.
  create: `create function gatehouse_account_changed() returns trigger language plpgsql as $$
    begin
      insert into account_states (user_id, since, email, is_active, is_admin)
        select new.id, greatest(gatehouse_now(), max(since)), new.email, new.is_active, new.is_admin
        from account_states where user_id = new.id;
      return null;
    end
  $$`,
};

export const usersMade: Trigger = {
  name: 'users_made_history',
  table: 'users',
  purpose: 'The history of an account begins.',
  create: `create trigger "users_made_history" after insert on "users" referencing new table as made
    for each statement execute function gatehouse_account_made()`,
};

export const usersChanged: Trigger = {
  name: 'users_changed_history',
  table: 'users',
  purpose: 'Address, activity and administrator flag are kept as they were, for questions about the past.',
  create: `create trigger "users_changed_history" after update of "email", "is_active", "is_admin" on "users" for each row
    when ((old."email", old."is_active", old."is_admin") is distinct from (new."email", new."is_active", new."is_admin"))
    execute function gatehouse_account_changed()`,
};
