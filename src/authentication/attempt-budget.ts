import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EntityManager } from '@mikro-orm/postgresql';
import { after } from '../clock.js';
import type { Operation } from '../operation.js';
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
export const budgetOfNobody = (name: string): Budget => ({
  factor: 'password',
  key: `name:${createHash('sha256').update(name).digest('base64url')}`,
  userId: null,
  device: undefined,
});

/** A count that has run out starts anew; one that is used up is left as it is, and answered. */
const count = `
  with taken as (
    insert into attempts as a (key, user_id, count, expires_at) values ($1, $2, 1, $4)
    on conflict (key) do update set
      count = case when a.expires_at <= $3 then 1 else a.count + 1 end,
      locked_until = case when a.expires_at <= $3 then null else a.locked_until end,
      expires_at = excluded.expires_at
    where a.expires_at <= $3 or a.count < $5
    returning count
  )
  select count as place, null::timestamptz as "lockedUntil" from taken
  union all
  select null, locked_until from attempts where key = $1 and not exists (select from taken)`;

const pause = 25;
const patience = 40;

/**
 * Counts an attempt before it is made.
 * @returns its place in the count, or undefined when the budget is used up
 */
export async function take({ services }: Operation, { key, userId }: Budget): Promise<number | undefined> {
  const { database, clock, config } = services;
  for (let tries = 0; tries < patience; tries += 1) {
    const now = clock.now();
    const ends = after(now, config.lockout.duration);
    const row = await database.sql.row<{ place: number | null; lockedUntil: Date | null }>(count, [
      key,
      userId,
      now,
      ends,
      config.lockout.attempts,
    ]);
    if (row?.place) return row.place;
    if (row?.lockedUntil) return undefined;
    // Used up by attempts that other processes have not finished: they may turn out well.
    await sleep(pause);
  }
  return undefined;
}

/** The attempt was not made after all. A lock stays: with a place to spare it would be none. */
export async function giveBack({ services }: Operation, { key }: Budget): Promise<void> {
  await services.database.sql.rows(
    'update attempts set count = count - 1 where key = $1 and count > 0 and locked_until is null',
    [key],
  );
}

/** @returns whether this call locked it */
export async function lock(em: EntityManager, { key }: Budget, until: Date): Promise<boolean> {
  const locked = await em.execute(
    'update attempts set locked_until = ?, expires_at = ? where key = ? and locked_until is null returning key',
    [until, until, key],
  );
  return locked.length > 0;
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
