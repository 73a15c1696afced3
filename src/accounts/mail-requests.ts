import { isConnectionFailure, isLockTimeout } from '../database/connection-failure.js';
import type { Transaction } from '../database/transaction.js';
import { resetMail } from '../mail/account-mails.js';
import type { Operation } from '../operation.js';
import { traceOf } from '../operations/trace.js';
import { record } from '../security-events/record.js';
import { longestEmail, normalizeIdentifier } from './identifiers.js';
import { MailRequest, type MailRequestPurpose } from './mail-request.entity.js';
import { issueToken } from './mailed-tokens.js';
import { sendVerification } from './register.js';
import { User } from './user.entity.js';

/**
 * Stores a request for a mail. All addresses are treated alike; whether there is an account is checked after the
 * answer.
 * @returns the normalized address
 */
export async function requestMail(operation: Operation, purpose: MailRequestPurpose, address: string): Promise<string> {
  const { database, clock } = operation.services;
  const { address: ipAddress, userAgent } = operation.client;
  const email = normalizeIdentifier(address);
  if (email.length > longestEmail) return email;
  await database.transaction(async (tx) => {
    const now = clock.now();
    const about = { purpose, email, ipAddress, userAgent };
    tx.em.create(MailRequest, { ...about, createdAt: now, nextAttemptAt: now }, { persist: true });
  });
  return email;
}

/** Number of failures after which a request is set aside; about six minutes. */
const mostAttempts = 12;

const next = `
  select id, purpose, email, ip_address as "ipAddress", user_agent as "userAgent" from mail_requests
  where set_aside_at is null and next_attempt_at <= $1 order by next_attempt_at limit 1 for update skip locked`;

/** Delays: 1 s, 2 s, 4 s … up to a minute. */
const putOff = `
  update mail_requests set attempts = attempts + 1,
    next_attempt_at = $2::timestamptz + least(interval '1 second' * power(2, attempts), interval '1 minute'),
    set_aside_at = case when attempts + 1 >= ${mostAttempts} then $2::timestamptz end
  where id = $1 returning attempts, set_aside_at is not null as "isSetAside"`;

/**
 * Processes the request that is due first, in one transaction; any process may do so. A request that fails is
 * postponed, so that others go on, and set aside after `mostAttempts`.
 * @param system operation of the service itself
 * @returns whether there was a request
 * @throws when the database is unavailable
 */
export async function answerMailRequest(system: Operation): Promise<boolean> {
  let request: MailRequest | undefined;
  const answer = async (tx: Transaction) => {
    // Limits waiting for a table that is locked as a whole; rows of locked accounts are skipped.
    await tx.rows("set local lock_timeout = '2s'");
    request = await tx.row<MailRequest>(next, [system.services.clock.now()]);
    if (!request) return;
    const client = { address: request.ipAddress, userAgent: request.userAgent ?? null, deviceToken: null };
    await answers[request.purpose](tx, { ...system, client }, request.email);
    await tx.rows('delete from mail_requests where id = $1', [request.id]);
  };
  await system.services.database.transaction(answer).catch(async (error: unknown) => {
    // An outage of the database is not the request's fault; a lock may concern this request alone.
    if (!request || (isConnectionFailure(error) && !isLockTimeout(error))) throw error;
    await leave(system, request, error);
  });
  return request !== undefined;
}

async function leave({ services }: Operation, { id, purpose }: MailRequest, error: unknown): Promise<void> {
  const { database, clock, log } = services;
  const row = await database.sql.row<{ attempts: number; isSetAside: boolean }>(putOff, [id, clock.now()]);
  const about = { mailRequest: id, purpose, attempts: row?.attempts, ...traceOf(error) };
  if (row?.isSetAside) log.error(about, 'A request for a mail could not be answered and is set aside');
  else log.warn(about, 'A request for a mail could not be answered and will be tried again');
}

/** A transaction that holds an account's row delays only the requests about that account. */
class AccountHeld extends Error {
  override name = 'AccountHeld';
}

/**
 * Finds and locks the account of an address.
 * @returns undefined if there is none, or not in the wanted state
 * @throws AccountHeld if its row is locked
 */
async function lockedAccount(
  tx: Transaction,
  email: string,
  wanted: { readonly isActive: true; readonly isVerified?: false },
): Promise<User | undefined> {
  const found = await tx.row<{ id: string }>('select id from users where email = $1', [email]);
  if (!found) return undefined;
  const lock = 'select 1 from users where id = $1 for no key update skip locked';
  if ((await tx.rows(lock, [found.id])).length === 0) throw new AccountHeld('The account is held by another change');
  return (await tx.em.findOne(User, { id: found.id, email, ...wanted })) ?? undefined;
}

type Answer = (tx: Transaction, operation: Operation, email: string) => Promise<void>;

const answers: Record<MailRequestPurpose, Answer> = {
  'verify-email': async (tx, operation, email) => {
    const user = await lockedAccount(tx, email, { isVerified: false, isActive: true });
    if (user) await sendVerification(tx, operation, user);
  },
  'reset-password': async (tx, operation, email) => {
    const user = await lockedAccount(tx, email, { isActive: true });
    if (user) await sendReset(tx, operation, user);
  },
};

async function sendReset(tx: Transaction, operation: Operation, user: User): Promise<void> {
  const { config, outbox, publicUrl } = operation.services;
  const lifetime = config.lifetimes.passwordReset;
  const token = await issueToken(tx, operation, user, { purpose: 'reset-password', lifetime });
  const name = user.isVerified ? user.username : null;
  outbox.enqueue(tx, resetMail(user.email, name, publicUrl(), { token, lifetime }));
  record(tx, operation, { type: 'PASSWORD_RESET_REQUESTED', subjectId: user.id });
}
