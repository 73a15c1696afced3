import { grantSystemRole } from '../access/grants.js';
import { violatedConstraint } from '../database/connection-failure.js';
import type { Transaction } from '../database/transaction.js';
import { Refusal, refuse } from '../errors.js';
import { type Recipient, recipientOf } from '../mail/recipient.js';
import { acceptedLanguage } from '../mail/texts/languages.js';
import type { Operation } from '../operation.js';
import { record } from '../security-events/record.js';
import { deviceName } from '../texts/device-name.js';
import { tidied } from '../texts/plain-text.js';
import { holderOf } from './held-addresses.js';
import { checkEmail, checkName, checkUsername, normalizeIdentifier } from './identifiers.js';
import type { TokenPurpose } from './mailed-token.entity.js';
import { issueToken } from './mailed-tokens.js';
import { checkReserved } from './reserved-names.js';
import { User } from './user.entity.js';

export interface Registration {
  readonly username: string;
  readonly email: string;
  readonly password: string;
  readonly firstName?: string | null | undefined;
  readonly lastName?: string | null | undefined;
}

/**
 * Creates an unverified account and mails its owner a verification link. If the address already has an account, the
 * answer and the work are the same, but the mail notifies the owner of that account.
 * @returns the normalized address
 * @throws Refusal INVALID_INPUT, PASSWORD_TOO_SHORT, PASSWORD_TOO_LONG, PASSWORD_TOO_WEAK, USERNAME_TAKEN
 */
export async function register(operation: Operation, input: Registration): Promise<string> {
  const { database, passwords, config } = operation.services;
  const account = normalized(input);
  const reserved = checkReserved(account.username, config.serviceName);
  const errors = [...problemsOf(account), ...reserved, ...(await passwords.check(input.password, account))];
  if (errors.length > 0) throw new Refusal(errors);
  const passwordHash = await passwords.hash(input.password);
  const attempt = () => database.transaction((tx) => enroll(tx, operation, account, passwordHash));
  // When two registrations collide on a name or address, the loser finds the other account on its next attempt. It can
  // lose twice, once on each.
  const again = (error: unknown) => (violatedConstraint(error) ? attempt() : Promise.reject(error));
  await attempt().catch(again).catch(again);
  return account.email;
}

/** Normalizes the identifiers and names of a registration. Apply it before `problemsOf`. */
export const normalized = <T extends Registration>(input: T): T => ({
  ...input,
  username: normalizeIdentifier(input.username),
  email: normalizeIdentifier(input.email),
  firstName: input.firstName == null ? null : tidied(input.firstName),
  lastName: input.lastName == null ? null : tidied(input.lastName),
});

/**
 * @param account normalized
 * @returns the errors of its username, address and names; none if they are valid
 */
export const problemsOf = (account: Omit<Registration, 'password'>) => [
  ...checkUsername(account.username),
  ...checkEmail(account.email),
  ...checkName('firstName', account.firstName),
  ...checkName('lastName', account.lastName),
];

async function enroll(
  tx: Transaction,
  operation: Operation,
  account: Registration,
  passwordHash: string,
): Promise<void> {
  if (await tx.em.count(User, { username: account.username }))
    throw refuse('USERNAME_TAKEN', 'This username is taken.', 'username');
  const owner = await holderOf(tx, operation, account.email);
  if (owner) return tellOwner(tx, operation, owner);
  await createAccount(tx, operation, account, passwordHash);
}

function tellOwner(tx: Transaction, { services }: Operation, owner: Recipient): void {
  services.outbox.enqueue(tx, services.mails.write('already-registered', owner, {}));
}

async function createAccount(
  tx: Transaction,
  operation: Operation,
  account: Registration,
  passwordHash: string,
): Promise<void> {
  const now = operation.services.clock.now();
  const { username, email, firstName, lastName } = account;
  const user = tx.em.create(
    User,
    {
      username,
      email,
      firstName: firstName ?? null,
      lastName: lastName ?? null,
      passwordHash,
      passwordChangedAt: now,
      createdAt: now,
    },
    { persist: true },
  );
  await tx.em.flush();
  await grantSystemRole(tx, user.id, 'user', now);
  await sendVerification(tx, operation, user);
  record(tx, operation, { type: 'USER_REGISTERED', subjectId: user.id, actorId: user.id });
}

/** Mails a new verification link, and a link to disown the registration; earlier ones become invalid. */
export async function sendVerification(tx: Transaction, operation: Operation, user: User): Promise<void> {
  const { config, clock, outbox, mails } = operation.services;
  const issue = async (purpose: TokenPurpose, lifetime: number) => ({
    token: await issueToken(tx, operation, user, { purpose, lifetime }),
    lifetime,
  });
  const verification = await issue('verify-email', config.lifetimes.verification);
  const disownment = await issue('disown-registration', config.lifetimes.emailUndo);
  const { address, userAgent, acceptLanguage } = operation.client;
  const asking = { time: clock.now(), address: address ?? '', device: deviceName(userAgent) };
  const recipient = { ...recipientOf(user, null), language: user.language ?? acceptedLanguage(acceptLanguage) };
  outbox.enqueue(tx, mails.write('verification', recipient, { ...asking, verification, disownment }));
}
