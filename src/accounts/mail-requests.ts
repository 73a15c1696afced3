import type { EntityManager } from '@mikro-orm/postgresql';
import { isConnectionFailure, isLockTimeout } from '../database/connection-failure.js';
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
 * Notes that somebody wants a mail. Every address is written down alike, and looked at once the answer is gone.
 * @returns the normalized address
 */
export async function requestMail(operation: Operation, purpose: MailRequestPurpose, address: string): Promise<string> {
  const { database, clock } = operation.services;
  const { address: ipAddress, userAgent } = operation.client;
  const email = normalizeIdentifier(address);
  if (email.length > longestEmail) return email;
  await database.transaction(async (em) => {
    const now = clock.now();
    const about = { purpose, email, ipAddress, userAgent };
    em.create(MailRequest, { ...about, createdAt: now, nextAttemptAt: now }, { persist: true });
  });
  return email;
}

/** Failures after which a request is set aside: some six minutes. */
const mostAttempts = 12;

const next = `
  select id, purpose, email, ip_address as "ipAddress", user_agent as "userAgent" from mail_requests
  where set_aside_at is null and next_attempt_at <= ? order by next_attempt_at limit 1 for update skip locked`;

/** After 1 s, 2 s, 4 s … a minute. */
const putOff = `
  update mail_requests set attempts = attempts + 1,
    next_attempt_at = $2::timestamptz + least(interval '1 second' * power(2, attempts), interval '1 minute'),
    set_aside_at = case when attempts + 1 >= ${mostAttempts} then $2::timestamptz end
  where id = $1 returning attempts, set_aside_at is not null as "isSetAside"`;

/**
 * Answers the request that has waited longest, in one transaction; any process may. One that cannot be answered is put
 * off, so that those behind it go on, and after some tries set aside.
 * @returns whether there was one
 */
export async function answerMailRequest(system: Operation): Promise<boolean> {
  let request: MailRequest | undefined;
  const answer = async (em: EntityManager) => {
    // Of a table that is locked as a whole; no account is waited for.
    await em.execute("set local lock_timeout = '2s'");
    [request] = await em.execute<MailRequest[]>(next, [system.services.clock.now()]);
    if (!request) return;
    const client = { address: request.ipAddress, userAgent: request.userAgent ?? null, deviceToken: null };
    await answers[request.purpose](em, { ...system, client }, request.email);
    await em.execute('delete from mail_requests where id = ?', [request.id]);
  };
  await system.services.database.transaction(answer).catch(async (error: unknown) => {
    // An outage is no fault of the request; a lock may be about it alone.
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

/** Whoever holds an account's row holds up what is asked about that account, and nothing else. */
class AccountHeld extends Error {
  override name = 'AccountHeld';
}

/** @returns the account at an address, locked, if it is as wanted @throws AccountHeld */
async function lockedAccount(
  em: EntityManager,
  email: string,
  wanted: { readonly isActive: true; readonly isVerified?: false },
): Promise<User | undefined> {
  const [found]: { id: string }[] = await em.execute('select id from users where email = ?', [email]);
  if (!found) return undefined;
  const lock = 'select 1 from users where id = ? for no key update skip locked';
  if ((await em.execute(lock, [found.id])).length === 0) throw new AccountHeld('The account is held by another change');
  return (await em.findOne(User, { id: found.id, email, ...wanted })) ?? undefined;
}

type Answer = (em: EntityManager, operation: Operation, email: string) => Promise<void>;

const answers: Record<MailRequestPurpose, Answer> = {
  'verify-email': async (em, operation, email) => {
    const user = await lockedAccount(em, email, { isVerified: false, isActive: true });
    if (user) await sendVerification(em, operation, user);
  },
  'reset-password': async (em, operation, email) => {
    const user = await lockedAccount(em, email, { isActive: true });
    if (user) await sendReset(em, operation, user);
  },
};

async function sendReset(em: EntityManager, operation: Operation, user: User): Promise<void> {
  const { config, outbox, publicUrl } = operation.services;
  const lifetime = config.lifetimes.passwordReset;
  const token = await issueToken(em, operation, user, { purpose: 'reset-password', lifetime });
  const name = user.isVerified ? user.username : null;
  outbox.enqueue(em, resetMail(user.email, name, publicUrl(), { token, lifetime }));
  record(em, operation, { type: 'PASSWORD_RESET_REQUESTED', subjectId: user.id });
}
