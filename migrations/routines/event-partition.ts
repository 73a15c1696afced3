import type { Routine } from './routine.js';

/** The sequencer calls it before it publishes events of a month for the first time. */
export const eventPartition: Routine = {
  name: 'gatehouse_event_partition',
  purpose: 'Makes the partition of security_events for the month (in UTC) of an instant, unless there is one.',
  // The table is made first and attached then: that lets others read and write security_events meanwhile.
  create: `create function gatehouse_event_partition(at timestamptz) returns void language plpgsql as $$
  declare
    month timestamp := date_trunc('month', at at time zone 'UTC');
    name text := 'security_events_' || to_char(month, 'YYYY_MM');
  begin
    if to_regclass(quote_ident(name)) is not null then
      return;
    end if;
    execute format('create table %I (like security_events including defaults)', name);
    execute format('alter table security_events attach partition %I for values from (%L) to (%L)',
      name, month at time zone 'UTC', (month + interval '1 month') at time zone 'UTC');
  end $$`,
};
