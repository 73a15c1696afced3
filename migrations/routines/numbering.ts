import type { Routine } from './routine.js';

/** Where security events get their number. `security-events/` calls it when it is signalled that there are new ones. */
export const sequence: Routine = {
  name: 'gatehouse_sequence',
  purpose: 'Numbers committed security events without gaps, 1,000 at a time, and notifies `published`.',
  // One caller at a time. A caller waits for the lock instead of giving up, because the holder may have read the table
  // before this caller's event was committed. Each statement of a volatile function sees what was committed before that
  // statement, so after the wait the update sees every event committed until then.
  create: `
  create function gatehouse_sequence() returns integer language plpgsql as $$
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
};
