import { z } from 'zod';
import { after, minutes, seconds } from '../clock.js';
import type { Transaction } from '../database/transaction.js';
import { recipientOf } from '../mail/recipient.js';
import { forWork, type Operation } from '../operation.js';
import { finishWithin } from '../queue/finish-within.js';
import type { ClaimedJob, Task } from '../queue/task.js';
import { record } from '../security-events/record.js';
import { longestEmail, normalizeIdentifier } from './identifiers.js';
import { issueToken } from './mailed-tokens.js';
import { sendVerification } from './register.js';
import { User } from './user.entity.js';

/** Kinds of mail that anonymous callers can request. */
const purposes = ['verify-email', 'reset-password'] as const;
type MailRequestPurpose = (typeof purposes)[number];

/** What a job knows of a request. */
const requestShape = z.object({
  purpose: z.enum(purposes),
  /** Normalized: see identifiers.ts. */
  email: z.string(),
  ipAddress: z.string(),
  userAgent: z.string().nullable(),
  acceptLanguage: z.string().optional(),
  requestId: z.string().nullish(),
});
type MailRequest = z.infer<typeof requestShape>;

const mailRequestTask = 'mail-request';

/**
 * Stores a request for a mail as a job. All addresses are treated alike; whether there is an account is checked after the
 * answer, so that neither the answer nor its duration reveals it.
 * @returns the normalized address
 */
export async function requestMail(operation: Operation, purpose: MailRequestPurpose, entered: string): Promise<string> {
  const { database, queue, clock } = operation.services;
  const { address, userAgent, acceptLanguage, requestId } = operation.client;
  const email = normalizeIdentifier(entered);
  if (email.length > longestEmail) return email;
  const request: MailRequest = { purpose, email, ipAddress: address ?? '', userAgent, acceptLanguage, requestId };
  const payload = Buffer.from(JSON.stringify(request));
  const expiresAt = after(clock.now(), lifetimeOf(operation, purpose));
  await database.transaction(async (tx) => queue.add(tx, mailRequestTask, { payload, address: email, expiresAt }));
  return email;
}

/** How long the link of the mail would be valid, in milliseconds; nobody awaits it for longer. */
const lifetimeOf = ({ services }: Operation, purpose: MailRequestPurpose): number => {
  const { verification, passwordReset } = services.config.lifetimes;
  return purpose === 'reset-password' ? passwordReset : verification;
};

/**
 * Answers requests for mails. It is patient, so that the work for an address that has an account does not slow down the
 * request that follows. A request about an account that somebody holds is tried again, about six minutes long.
 * @param system operation of the service itself
 */
export const answerMailRequests = (system: Operation): Task => ({
  name: mailRequestTask,
  purpose: 'answers a request for a mail',
  isPatient: true,
  lane: { brisk: 1, most: 4, retries: 2 },
  retries: { first: seconds(1), longest: minutes(1), most: 12 },
  run: (job) => answer(forWork(system, job.work), job),
});

/** The job is finished in the same transaction, so that a process that dies sends no second mail. */
async function answer(system: Operation, job: ClaimedJob): Promise<undefined> {
  const { purpose, email, ipAddress, requestId = null, ...asked } = requestShape.parse(JSON.parse(String(job.payload)));
  await system.services.database.transaction(async (tx) => {
    // Limits waiting for a table that is locked as a whole; rows of locked accounts are skipped.
    await tx.rows("set local lock_timeout = '2s'");
    const { userAgent, acceptLanguage } = asked;
    const client = { address: ipAddress, userAgent, acceptLanguage, deviceToken: null, requestId };
    // Not the service's own doing: somebody asked for it.
    await answers[purpose](tx, { services: system.services, caller: null, client }, email);
    await finishWithin(tx, job);
  });
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
  const { config, outbox, mails } = operation.services;
  const lifetime = config.lifetimes.passwordReset;
  const token = await issueToken(tx, operation, user, { purpose: 'reset-password', lifetime });
  const recipient = recipientOf(user, user.isVerified ? user.username : null);
  outbox.enqueue(tx, mails.write('password-reset', recipient, { reset: { token, lifetime } }));
  record(tx, operation, { type: 'PASSWORD_RESET_REQUESTED', subjectId: user.id });
}
