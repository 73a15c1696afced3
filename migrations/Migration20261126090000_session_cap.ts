import { Migration } from '@mikro-orm/migrations';

/** A sign-in ends what an account has of sessions beyond their number. */
export class Migration20261126090000_session_cap extends Migration {
  override up(): void {
    this.addSql(endSurplusSessions);
  }

  override down(): void {
    this.addSql('drop function gatehouse_end_surplus_sessions(uuid, uuid, integer, timestamptz, text, text)');
  }
}

const endSurplusSessions = `create function gatehouse_end_surplus_sessions(
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
      insert into security_events
        (id, type, occurred_at, actor_id, subject_id, session_id, ip_address, user_agent, details)
      select gen_random_uuid(), 'SESSION_REVOKED', at, owner, owner, id, address, agent, '{"reason": "SESSION_LIMIT"}'
      from ended
    )
    select id from ended
  $$`;
