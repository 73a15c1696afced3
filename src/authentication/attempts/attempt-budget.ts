import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EntityManager } from '@mikro-orm/postgresql';
import { after, minutes } from '../../clock.js';
import { unavailable } from '../../errors.js';
import type { Operation } from '../../operation.js';
import { codeDeviceOf, deviceOf } from './devices.js';

/** What is proved by an attempt. Each has a count of its own: a right password forgives no wrong code. */
export type Factor = 'password' | 'code';

export interface Budget {
  readonly factor: Factor;
  readonly key: string;
  readonly userId: string | null;
  /** Where the device has a budget of its own: it has proved this factor before. */
  readonly device: string | undefined;
}

/** A device that has signed in before has a budget of its own. */
export const passwordBudgetOf = ({ services, client }: Operation, userId: string): Budget =>
  budgetOf('password', userId, deviceOf(services.secrets, client.deviceToken, userId));

/**
 * Only a device that has passed a code has a budget of its own: those from before the second factor was on, and those
 * that passed one of an earlier authenticator, would each give a thief of the password further guesses.
 * @param authenticator the sealed secret of the confirmed second factor; null: there is none yet
 */
export const codeBudgetOf = ({ services, client }: Operation, userId: string, authenticator: Buffer | null): Budget =>
  budgetOf(
    'code',
    userId,
    authenticator ? codeDeviceOf(services.secrets, client.deviceToken, userId, authenticator) : undefined,
  );

const budgetOf = (factor: Factor, userId: string, device: string | undefined): Budget => ({
  factor,
  key: [factor, userId, ...(device ? [device] : [])].join(':'),
  userId,
  device,
});

/** For a name that nobody has: counted like any other. */
export const budgetOfNobody = ({ services }: Operation, name: string): Budget => ({
  factor: 'password',
  key: `name:${services.secrets.derive('attempts', name)}`,
  userId: null,
  device: undefined,
});

/** In milliseconds; longer than a proof takes, statements and queues included. */
const reservationTime = minutes(1);

/** A place in a budget, held by an attempt that is under way. */
export interface Reservation {
  readonly key: string;
  readonly id: string;
  /** On the process's own monotonic clock; afterwards the place is another's. */
  readonly endsAt: number;
}

export const isOver = ({ endsAt }: Reservation): boolean => performance.now() >= endsAt;

const ended = 'a.expires_at <= $3';
/** Places of attempts that have neither been settled nor died with their process. */
const live = (what: string): string =>
  `(select ${what} from jsonb_each(a.pending) p where p.value::bigint > extract(epoch from $3::timestamptz) * 1000)`;

/** A count that has run out starts anew; one that is used up is left as it is, and answered. */
const reserving = `
  with taken as (
    insert into attempts as a (key, user_id, count, pending, expires_at)
    values ($1, $2, 0, jsonb_build_object($6::text, floor(extract(epoch from $4::timestamptz) * 1000)), $4)
    on conflict (key) do update set
      count = case when ${ended} then 0 else a.count end,
      locked_until = case when ${ended} then null else a.locked_until end,
      pending = coalesce(${live('jsonb_object_agg(p.key, p.value)')}, '{}') || excluded.pending,
      expires_at = greatest(a.expires_at, excluded.expires_at)
    where ${ended} or a.count + ${live('count(*)')} < $5
    returning 1
  )
  select true as "isTaken", false as "isUsedUp" from taken
  union all
  select false, count >= $5 from attempts where key = $1 and not exists (select from taken)`;

const pause = 50;
const patience = 60;

/**
 * Holds a place in the budget for an attempt that is about to be made, until it is settled or a minute is over.
 * @returns undefined when the budget is used up by wrong attempts
 * @throws SERVICE_UNAVAILABLE when it is taken up by attempts that others do not finish: they may turn out well
 */
export async function reserve({ services }: Operation, { key, userId }: Budget): Promise<Reservation | undefined> {
  const { database, clock, config } = services;
  for (let tries = 0; tries < patience; tries += 1) {
    const reservation = { key, id: randomUUID(), endsAt: performance.now() + reservationTime };
    const now = clock.now();
    const values = [key, userId, now, after(now, reservationTime), config.lockout.attempts, reservation.id];
    const row = await database.sql.row<{ isTaken: boolean; isUsedUp: boolean }>(reserving, values);
    if (row?.isTaken) return reservation;
    if (row?.isUsedUp) return undefined;
    await sleep(pause);
  }
  throw unavailable();
}

/** The place is used for good. Where there was none left nothing changes, by the same work. */
const counting = `
  insert into attempts as a (key, user_id, count, expires_at) values (?, ?, ?, ?)
  on conflict (key) do update set
    count = a.count + excluded.count,
    pending = a.pending - ?::text,
    locked_until = case
      when excluded.count > 0 and a.locked_until is null and a.count + 1 >= ? then excluded.expires_at
      else a.locked_until
    end,
    expires_at = case when excluded.count > 0 then greatest(a.expires_at, excluded.expires_at) else a.expires_at end
  returning count`;

/**
 * Counts a wrong attempt, and locks the account with the last one of its budget.
 * @param reservation undefined: the budget was used up before
 * @returns whether this call locked it
 */
export async function countWrong(
  em: EntityManager,
  { services }: Operation,
  { key, userId }: Budget,
  reservation: Reservation | undefined,
): Promise<boolean> {
  const { clock, config } = services;
  const { attempts: most, duration } = config.lockout;
  const wrong = reservation ? 1 : 0;
  const until = after(clock.now(), duration);
  const values = [key, userId, wrong, until, reservation?.id ?? '', most];
  const [row]: { count: number }[] = await em.execute(counting, values);
  return wrong === 1 && row?.count === most;
}

/** After a success the next failure is the first again. */
export async function forgive({ services }: Operation, { key }: Budget): Promise<void> {
  await services.database.sql.rows('delete from attempts where key = $1', [key]);
}

/** Lifts every lock of one factor, or of all. @returns whether the account was locked */
export async function unlock(em: EntityManager, userId: string, now: Date, factor?: Factor): Promise<boolean> {
  const lifted: { locked_until: Date | null }[] = await em.execute(
    'delete from attempts where user_id = ? and key like ? returning locked_until',
    [userId, factor ? `${factor}:%` : '%'],
  );
  return lifted.some(({ locked_until: until }) => until !== null && new Date(until) > now);
}
