import type { Routine } from './routine.js';

/** Called by the statement that opens a session; that statement has locked the account's row. */
export const endSurplusSessions: Routine = {
  name: 'gatehouse_end_surplus_sessions',
  purpose:
    'Ends the least recently used sessions of an account, so that with the newest at most `most` live. Writes an event for each and returns their ids.',
  // Each statement of a volatile function sees what was committed before it began. So it also sees the session of another
  // sign-in whose lock on the account this one waited for. Rows are locked in the order of their ids, as in every statement
  // that ends several sessions.
  create: `
  create function gatehouse_end_surplus_sessions(
    owner uuid, newest uuid, most integer, at timestamptz, address text, agent text, request text
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
        (id, type, occurred_at, actor_id, subject_id, session_id, ip_address, user_agent, request_id, details)
      select gen_random_uuid(), 'SESSION_REVOKED', at, owner, owner, id, address, agent, request,
        '{"reason": "SESSION_LIMIT"}'
      from ended
    )
    select id from ended
  $$`,
};
