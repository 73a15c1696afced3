import type { EntityManager } from '@mikro-orm/postgresql';
import { resetMail } from '../mail/account-mails.js';
import type { Operation } from '../operation.js';
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
    em.create(MailRequest, { purpose, email, ipAddress, userAgent, createdAt: clock.now() }, { persist: true });
  });
  return email;
}

/** Answers what was asked for, one request in one transaction; any process may. */
export async function answerMailRequests(system: Operation): Promise<void> {
  while (await system.services.database.transaction((em) => answerNext(em, system)));
}

const next = `
  delete from mail_requests where id in (
    select id from mail_requests order by created_at limit 1 for update skip locked
  ) returning purpose, email, ip_address as "ipAddress", user_agent as "userAgent"`;

/** @returns whether there was one */
async function answerNext(em: EntityManager, system: Operation): Promise<boolean> {
  const [request]: MailRequest[] = await em.execute(next);
  if (!request) return false;
  const client = { address: request.ipAddress, userAgent: request.userAgent ?? null, deviceToken: null };
  await answers[request.purpose](em, { ...system, client }, request.email);
  return true;
}

type Answer = (em: EntityManager, operation: Operation, email: string) => Promise<void>;

const answers: Record<MailRequestPurpose, Answer> = {
  'verify-email': async (em, operation, email) => {
    const user = await em.findOne(User, { email, isVerified: false, isActive: true });
    if (user) await sendVerification(em, operation, user);
  },
  'reset-password': async (em, operation, email) => {
    const user = await em.findOne(User, { email, isActive: true });
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
