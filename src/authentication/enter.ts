import { randomUUID } from 'node:crypto';
import type { SqlValue } from '../database/sql.js';
import { newDeviceMail } from '../mail/messages.js';
import { recoveryCodeUsedMail } from '../mail/two-factor-mails.js';
import type { Operation } from '../operation.js';
import { hashToken, randomToken } from '../secrets.js';
import { SecurityEventType } from '../security-events/event-types.js';
import { deviceName } from '../sessions/device-name.js';
import type { Session } from '../sessions/session.entity.js';
import { idleEnd } from '../sessions/sessions.js';
import { deviceOf, deviceTokenFor } from './devices.js';
import { type MatchedCode, TwoFactorMethod } from './second-factor-code.js';

/** What has let somebody in, checked again in the statement that opens the session. */
type Proof =
  | { readonly by: 'password' /** The hash that was matched. */; readonly hash: string }
  | {
      readonly by: 'challenge';
      /** Of the challenge token, which is used up. */
      readonly tokenHash: Buffer;
      /** Used up with it, or neither is. */
      readonly code: MatchedCode;
    };

export interface Entry {
  readonly user: { readonly id: string; readonly username: string; readonly email: string };
  readonly isRemembered: boolean;
  readonly proof: Proof;
  /** Forgiven with the success. */
  readonly attemptKey: string;
  /** Whether the account has been used before, but not from here: then its owner is told. */
  readonly isElsewhere: boolean;
}

/** An open session and what its client is given. */
export interface Entered {
  readonly session: Session;
  readonly refreshToken: string;
  readonly deviceToken: string;
}

/** Selects `isElsewhere` for `users u`; a device is known by its address and browser, or by its token. */
export const isElsewhere = (address: string, userAgent: string): string => `
  exists (select from sessions s where s.user_id = u.id) and not exists (
    select from sessions s where s.user_id = u.id and s.ip_address = ${address} and s.user_agent is not distinct from ${userAgent}
  ) as "isElsewhere"`;

/** What a proof asks of the account, and what it uses up in the same statement. */
interface Standing {
  readonly parts: string;
  readonly condition: string;
}

/** A second factor that was switched on while the password was being verified is asked for, too. */
const byPassword: Standing = {
  parts: '',
  condition: `password_hash = $11::text and not exists (
      select from two_factors f where f.user_id = users.id and f.confirmed_at is not null)`,
};

/**
 * The account is locked first, as everywhere; then the challenge, so that a code is used only by a challenge that
 * lives, and a challenge only by a code that is taken.
 */
const byChallenge = (takeCode: string): Standing => ({
  parts: `
  holder as (
    select id from users where id = $1 and is_active for no key update
  ), challenge as (
    select user_id from two_factor_challenges
    where token_hash = $11::bytea and user_id = $1 and expires_at > $2 and exists (select from holder) for update
  ), code as (
    ${takeCode} and user_id = $1 and exists (select from challenge) returning user_id
  ), used_challenge as (
    delete from two_factor_challenges where token_hash = $11::bytea and exists (select from code)
  ),`,
  condition: 'exists (select from code)',
});

const standings = {
  PASSWORD: byPassword,
  TOTP: byChallenge(
    'update two_factors set last_step = $12::int where last_step < $12::int and sealed_secret = $13::bytea and confirmed_at is not null',
  ),
  RECOVERY_CODE: byChallenge('update recovery_codes set used_at = $2 where code_hash = $12::bytea and used_at is null'),
};

const eventColumns = 'id, type, occurred_at, actor_id, subject_id, session_id, ip_address, user_agent, details';
const recoveryCodeUsed = `, recovery as (
    insert into security_events (${eventColumns})
    select $13::uuid, '${SecurityEventType.RECOVERY_CODE_USED}', $2, user_id, user_id, id, $5, $6, '{}' from session
  )`;

const mailFrom = (place: number): string => `, mail as (
    insert into outgoing_mails (id, sealed_message, created_at, next_attempt_at)
    select gen_random_uuid(), message, $2, $2 from session, unnest($${place}::bytea[]) as message
  )`;

/**
 * The whole of a successful sign-in in one statement, which is one transaction: nothing of it happens when the
 * account was deactivated, the password changed or the challenge or code used while the proof was being verified.
 * Through entities it costs eight round trips and a quarter of the time of the hash.
 * @param mails place of the parameter that holds them; null: there is none to send
 */
const signIn = (proved: keyof typeof standings, mails: number | null): string => `
  with ${standings[proved].parts}
  account as (
    update users set last_login_at = $2 where id = $1 and is_active and ${standings[proved].condition} returning id
  ), forgiven as (
    delete from attempts where key = $3 and exists (select from account)
  ), session as (
    insert into sessions (id, user_id, ip_address, user_agent, is_remembered, created_at, last_used_at, expires_at)
    select $4::uuid, id, $5, $6, $7::boolean, $2, $2, $8::timestamptz from account returning id, user_id
  ), token as (
    insert into refresh_tokens (token_hash, session_id, created_at) select $9::bytea, id, $2 from session
  ), event as (
    insert into security_events (${eventColumns})
    select $10::uuid, '${SecurityEventType.LOGIN_SUCCEEDED}', $2, user_id, user_id, id, $5, $6, '{}' from session
  )${proved === 'RECOVERY_CODE' ? recoveryCodeUsed : ''}${mails === null ? '' : mailFrom(mails)}
  select 1 from session`;

/**
 * Opens a session for a caller who has proved to be this user.
 * @returns undefined when the proof does not stand any more
 */
export async function enter(operation: Operation, entry: Entry): Promise<Entered | undefined> {
  const { services, client } = operation;
  const { user, proof } = entry;
  const session = newSession(operation, entry);
  const refreshToken = randomToken();
  const isKnown = deviceOf(services.secrets, client.deviceToken, user.id) !== undefined;
  const mails = [
    ...(entry.isElsewhere && !isKnown ? [newDeviceNotice(operation, entry, session)] : []),
    ...codeNotice(operation, entry),
  ];
  const values: SqlValue[] = [
    user.id,
    session.createdAt,
    entry.attemptKey,
    session.id,
    client.address,
    client.userAgent,
    entry.isRemembered,
    session.expiresAt,
    hashToken(refreshToken),
    randomUUID(),
    ...valuesOf(proof),
  ];
  const proved = proof.by === 'password' ? 'PASSWORD' : proof.code.method;
  const opened = await (mails.length > 0
    ? services.database.sql.row(signIn(proved, values.length + 1), [...values, mails])
    : services.database.sql.row(signIn(proved, null), values));
  const deviceToken = isKnown && client.deviceToken ? client.deviceToken : deviceTokenFor(services.secrets, user.id);
  return opened ? { session, refreshToken, deviceToken } : undefined;
}

function newSession(operation: Operation, { user, isRemembered }: Entry): Session {
  const { services, client } = operation;
  const now = services.clock.now();
  return {
    id: randomUUID(),
    userId: user.id,
    ipAddress: client.address,
    userAgent: client.userAgent,
    isRemembered,
    createdAt: now,
    lastUsedAt: now,
    expiresAt: idleEnd(operation, isRemembered, now, now),
  };
}

/** The parameters of its standing, from the eleventh on. */
function valuesOf(proof: Proof): SqlValue[] {
  if (proof.by === 'password') return [proof.hash];
  const { tokenHash, code } = proof;
  if (code.method === TwoFactorMethod.TOTP) return [tokenHash, code.step, code.sealed];
  return [tokenHash, code.hash, randomUUID()];
}

function newDeviceNotice({ services }: Operation, { user }: Entry, session: Session): Buffer {
  const device = deviceName(session.userAgent ?? null);
  const { outbox, publicUrl } = services;
  return outbox.seal(
    newDeviceMail(user.email, user.username, publicUrl(), device, session.ipAddress ?? '', session.createdAt),
  );
}

function codeNotice({ services }: Operation, { user, proof }: Entry): Buffer[] {
  if (proof.by !== 'challenge' || proof.code.method !== TwoFactorMethod.RECOVERY_CODE) return [];
  const { outbox, publicUrl } = services;
  return [outbox.seal(recoveryCodeUsedMail(user.email, user.username, publicUrl(), proof.code.unused - 1))];
}
