/**
 * How long a process holds a job without renewing its claim, by the database's clock: a host whose clock jumps takes no
 * job from another. A killed process's job is thus due again within a minute, while the shortest-lived mailed link
 * (password reset, 10 minutes by default) is still valid.
 */
const claimTime = '45 seconds';

/** Due jobs of one task, those that are due longest first. Skips what other processes are just claiming. */
const dueJobs = (tries: 'attempts = 0' | 'attempts > 0', limit: string): string => `
  select id, due_at from jobs j where j.task = asked.task and j.${tries} and j.due_at <= asked.now
    and (j.claimed_until is null or j.claimed_until <= now()) and j.id <> all ($6::uuid[])
  order by j.due_at limit ${limit} for update skip locked`;

/**
 * Claims jobs that are due: takes an attempt and holds them. New jobs come first; repeated ones get the room that is left,
 * and at least as much as they are owed.
 * Parameters: names of the tasks, the room for each, how many of them may be repeated, how many of those go before new
 * ones (at most the room), the time for each, and the ids that
 * this process holds already: they would be due again after a claim that could not be renewed.
 */
export const claimJobs = `
  with asked as (
    select * from unnest($1::text[], $2::int[], $3::int[], $4::int[], $5::timestamptz[])
      as asked (task, room, retries, owed, now)
  ), fresh as materialized (
    select due.id, asked.task, row_number() over (partition by asked.task order by due.due_at) as place from asked cross join lateral (${dueJobs('attempts = 0', 'asked.room')}) due
  ), repeated as materialized (
    select due.id, asked.task from asked cross join lateral (${dueJobs(
      'attempts > 0',
      'least(asked.retries, greatest(asked.owed, asked.room - (select count(*) from fresh where fresh.task = asked.task)))',
    )}) due
  )
  update jobs set attempts = attempts + 1, claim_id = gen_random_uuid(), claimed_until = now() + interval '${claimTime}'
  from (
    select id from repeated union all select id from fresh join asked using (task)
    where place <= room - (select count(*) from repeated where repeated.task = fresh.task)
  ) due where jobs.id = due.id
  returning jobs.id, claim_id as claim, task, payload, address, attempts, failed_at as "failedAt", trace_parent as "traceParent"`;

/** Renews claims that are still this process's. Parameters: ids and claims. */
export const renewClaims = `
  update jobs set claimed_until = now() + interval '${claimTime}'
  from unnest($1::uuid[], $2::uuid[]) as held (id, claim)
  where jobs.id = held.id and jobs.claim_id = held.claim`;

/** The job is no longer this process's when it was claimed anew, or given free by `retryJob`. */
const ofClaim = 'where id = $1 and claim_id = $2';

export const deleteJob = `delete from jobs ${ofClaim}`;

/** Parameters from the third on: due again at (null: given up), attempts from now on, error, failed at. */
export const putBack = `
  update jobs set claimed_until = null, claim_id = null, due_at = $3, attempts = $4, last_error = $5, failed_at = $6
  ${ofClaim}`;

/**
 * Makes the rows of periodic tasks. A job that is due later than two intervals from now was put back while a clock was far
 * ahead, and is due now. Parameters: names, intervals in milliseconds, now.
 */
export const ensurePeriodic = `
  with asked as (
    select * from unnest($1::text[], $2::float8[]) as asked (task, every)
  ), brought_back as (
    update jobs set due_at = $3 from asked where jobs.task = asked.task and is_periodic
      and due_at > $3::timestamptz + 2 * asked.every * interval '1 millisecond'
  )
  insert into jobs (id, task, is_periodic, created_at, due_at)
  select gen_random_uuid(), task, true, $3, $3 from asked
  on conflict (task) where is_periodic do nothing`;

/** Makes a periodic job due, unless it is running. Parameters: name, now. */
export const makeDue = `
  update jobs set due_at = least(due_at, $2) where task = $1 and is_periodic
    and (claimed_until is null or claimed_until <= now())`;
