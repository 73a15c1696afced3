import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, minutes } from '../../clock.js';
import type { Transaction } from '../../database/transaction.js';
import { unavailable } from '../../errors.js';
import type { Operation } from '../../operation.js';
import { changesBetween, type FieldChanges } from '../../security-events/field-changes.js';
import { codeDeviceOf, deviceOf } from './devices.js';

/** What an attempt proves. Each factor has its own count, so a correct password does not reset wrong codes. */
export type Factor = 'password' | 'code';

/** Where an attempt is counted. */
export interface LockoutCounter {
  readonly factor: Factor;
  readonly key: string;
  readonly userId: string | null;
  /** Set if the device has its own count, because this factor has been proved on it before. */
  readonly device: string | undefined;
}

/** The count of password attempts: the device's own if it has signed in before, otherwise the account's. */
export const passwordCounterOf = ({ services, client }: Operation, userId: string): LockoutCounter =>
  counterOf('password', userId, deviceOf(services.secrets, client.deviceToken, userId));

/**
 * The count of code attempts. A device has its own only after it passed a code of the current authenticator. Devices
 * trusted from before the second factor was enabled, or from an earlier authenticator, would each give somebody who has
 * the password further guesses.
 * @param authenticator the sealed secret of the confirmed second factor; null while there is none
 */
export const codeCounterOf = (
  { services, client }: Operation,
  userId: string,
  authenticator: Buffer | null,
): LockoutCounter =>
  counterOf(
    'code',
    userId,
    authenticator ? codeDeviceOf(services.secrets, client.deviceToken, userId, authenticator) : undefined,
  );

const counterOf = (factor: Factor, userId: string, device: string | undefined): LockoutCounter => ({
  factor,
  key: [factor, userId, ...(device ? [device] : [])].join(':'),
  userId,
  device,
});

/** The count of attempts for a name without an account, so that such attempts are treated like any other. */
export const counterOfNobody = ({ services }: Operation, name: string): LockoutCounter => ({
  factor: 'password',
  key: `name:${services.secrets.derive('attempts', name)}`,
  userId: null,
  device: undefined,
});

/** In milliseconds; longer than verifying takes, including statements and queues. */
const reservationTime = minutes(1);

/** A place in the count, reserved for a running attempt. */
export interface Reservation {
  readonly key: string;
  readonly id: string;
  /** Time on the process's monotonic clock, in milliseconds, after which the place is free again. */
  readonly endsAt: number;
}

/** Whether the reservation has expired, so that another attempt may have its place. */
export const isOver = ({ endsAt }: Reservation): boolean => performance.now() >= endsAt;

const ended = 'a.expires_at <= $3';
/** Selects the reservations of attempts that have neither finished nor expired. */
const live = (what: string): string =>
  `(select ${what} from jsonb_each(a.pending) p where p.value::bigint > extract(epoch from $3::timestamptz) * 1000)`;

/**
 * Reserves a place if fewer than the allowed number are taken and no administrator has locked the account. An expired
 * count starts again from 0; a count that is used up is not changed.
 */
const reserving = `
  with locked as (
    select from users where id = $2::uuid and locked_by_admin_until > $3
  ), taken as (
    insert into attempts as a (key, user_id, count, pending, expires_at)
    select $1, $2::uuid, 0, jsonb_build_object($6::text, floor(extract(epoch from $4::timestamptz) * 1000)), $4
    where not exists (select from locked)
    on conflict (key) do update set
      count = case when ${ended} then 0 else a.count end,
      locked_until = case when ${ended} then null else a.locked_until end,
      pending = coalesce(${live('jsonb_object_agg(p.key, p.value)')}, '{}') || excluded.pending,
      expires_at = greatest(a.expires_at, excluded.expires_at)
    where ${ended} or a.count + ${live('count(*)')} < $5
    returning 1
  )
  select true as "isTaken", false as "isClosed" from taken
  union all
  select false, exists (select from locked) or coalesce((select count >= $5 from attempts where key = $1), false)
  where not exists (select from taken)`;

/** Pause between two tries to reserve a place, in milliseconds. */
const retryPause = 50;
const mostTries = 60;

/**
 * Reserves a place for an attempt that is about to be made. The place stays reserved until the attempt is settled or a
 * minute has passed. Waits about three seconds at most while all places are reserved by running attempts.
 * @returns undefined when wrong attempts have used up the count, or an administrator has locked the account
 * @throws SERVICE_UNAVAILABLE when the places stay reserved by running attempts, which may still succeed
 */
export async function reserve(
  { services }: Operation,
  { key, userId }: LockoutCounter,
): Promise<Reservation | undefined> {
  const { database, clock, config } = services;
  for (let tries = 0; tries < mostTries; tries += 1) {
    const reservation = { key, id: randomUUID(), endsAt: performance.now() + reservationTime };
    const now = clock.now();
    const values = [key, userId, now, after(now, reservationTime), config.lockout.attempts, reservation.id];
    const row = await database.sql.row<{ isTaken: boolean; isClosed: boolean }>(reserving, values);
    if (row?.isTaken) return reservation;
    if (row?.isClosed) return undefined;
    await sleep(retryPause);
  }
  throw unavailable();
}

/** Turns a reservation into a wrong attempt. Without a reservation it changes nothing, but does the same work. */
const counting = `
  insert into attempts as a (key, user_id, count, expires_at) values ($1, $2, $3, $4)
  on conflict (key) do update set
    count = a.count + excluded.count,
    pending = a.pending - $5::text,
    locked_until = case
      when excluded.count > 0 and a.locked_until is null and a.count + 1 >= $6 then excluded.expires_at
      else a.locked_until
    end,
    expires_at = case when excluded.count > 0 then greatest(a.expires_at, excluded.expires_at) else a.expires_at end
  returning count`;

/**
 * Counts a wrong attempt. The last allowed one locks the account.
 * @param reservation undefined: the count was used up before, so nothing is added
 * @returns whether this call locked the account
 */
export async function countWrong(
  tx: Transaction,
  { services }: Operation,
  { key, userId }: LockoutCounter,
  reservation: Reservation | undefined,
): Promise<boolean> {
  const { clock, config } = services;
  const { attempts: most, duration } = config.lockout;
  const wrong = reservation ? 1 : 0;
  const until = after(clock.now(), duration);
  const values = [key, userId, wrong, until, reservation?.id ?? '', most];
  const row = await tx.row<{ count: number }>(counting, values);
  return wrong === 1 && row?.count === most;
}

interface Locked {
  readonly lockedUntil: Date | null;
}

/** What an event tells of a lock. */
export const lockChange = (until: Date | null, before: Date | null = null): FieldChanges =>
  changesBetween<Locked>({ lockedUntil: before }, { lockedUntil: until });

/**
 * Removes the counts of one factor, or of all factors, on all devices of an account, and thereby its locks by wrong
 * attempts. An administrator's lock stays: see administrative-lock.ts.
 * @returns what an event tells of it: until when the account was locked; undefined if it was not
 */
export async function unlock(
  tx: Transaction,
  userId: string,
  now: Date,
  factor?: Factor,
): Promise<FieldChanges | undefined> {
  const until = latestAfter(now, await removeCounts(tx, userId, factor));
  return until ? lockChange(null, until) : undefined;
}

/** @returns the ends of the locks that this lifted, which may be in the past */
export async function removeCounts(tx: Transaction, userId: string, factor?: Factor): Promise<(Date | null)[]> {
  const lifted = await tx.rows<{ until: Date | null }>(
    'delete from attempts where user_id = $1 and key like $2 returning locked_until as until',
    [userId, factor ? `${factor}:%` : '%'],
  );
  return lifted.map(({ until }) => until);
}

/** @returns the latest of these ends that is still to come, or null */
export function latestAfter(now: Date, ends: readonly (Date | null | undefined)[]): Date | null {
  const latest = Math.max(...ends.map((end) => end?.getTime() ?? 0), 0);
  return latest > now.getTime() ? new Date(latest) : null;
}
