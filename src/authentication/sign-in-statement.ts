import { randomUUID } from 'node:crypto';
import type { SqlValue } from '../database/sql-values.js';
import { mailTask } from '../mail/outbox.js';
import { SecurityEventType } from '../security-events/event-types.js';
import type { Session } from '../sessions/session.entity.js';
import { codeUse, type MatchedCode, TwoFactorMethod } from './second-factor/second-factor-code.js';

/** The proof of a sign-in, which the statement that opens the session checks again. */
export type Proof =
  | {
      readonly by: 'password';
      /** The verified hash. */
      readonly hash: string;
    }
  | {
      readonly by: 'challenge';
      /** Hash of the challenge token, which is used up. */
      readonly tokenHash: Buffer;
      /** Used up together with the challenge, or neither is. */
      readonly code: MatchedCode;
      /** Sealed secret of the second factor that the challenge is for. */
      readonly authenticator: Buffer;
    };

/** A session to be opened, with everything the same statement writes. */
interface SignIn {
  readonly session: Session;
  readonly refreshTokenHash: Buffer;
  readonly proof: Proof;
  readonly attemptKey: string;
  /** How many sessions the account may have, including this one. Beyond it, the least recently used ones end. */
  readonly mostSessions: number;
  /** Of the events; null without a request. */
  readonly requestId: string | null;
  /** Sealed messages for the outbox, to the account's address. */
  readonly mails: readonly Buffer[];
  /** Where in a trace they were written; null: nowhere. */
  readonly traceParent: string | null;
}

/** What a proof requires of the account, and what the statement uses up for it. */
interface ProofCheck {
  readonly parts: string;
  readonly condition: string;
}

/** Attempts that were made before an administrator's lock do not open a session after it. */
const isNotLocked = '(locked_by_admin_until is null or locked_by_admin_until <= $2)';

/** Fails if a second factor was enabled while the password was verified; then a code is required. */
const byPassword: ProofCheck = {
  parts: '',
  condition: `password_hash = $11::text and not exists (
      select from two_factors f where f.user_id = users.id and f.confirmed_at is not null)`,
};

/**
 * The account is locked first, as everywhere; then the challenge. So a code is used only with a valid challenge, and a
 * challenge only with a valid code.
 */
const byChallenge = (takeCode: string): ProofCheck => ({
  parts: `
  holder as (
    select id from users where id = $1 and is_active and ${isNotLocked} for no key update
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

const proofChecks = {
  PASSWORD: byPassword,
  TOTP: byChallenge(
    'update two_factors set last_step = $12::int where last_step < $12::int and sealed_secret = $13::bytea and confirmed_at is not null',
  ),
  RECOVERY_CODE: byChallenge('update recovery_codes set used_at = $2 where code_hash = $12::bytea and used_at is null'),
};

const eventColumns =
  'id, type, occurred_at, actor_id, subject_id, session_id, ip_address, user_agent, request_id, details';
const recoveryCodeUsed = (request: string): string => `, recovery as (
    insert into security_event_outbox (${eventColumns})
    select $13::uuid, '${SecurityEventType.RECOVERY_CODE_USED}', $2, user_id, user_id, id, $5, $6, ${request}, $14::jsonb from session
  )`;

const mailFrom = (place: number): string => `, mail as (
    insert into jobs (id, task, payload, address, created_at, due_at, trace_parent)
    select gen_random_uuid(), '${mailTask}', message, u.email, $2, $2, $${place + 1}::text
    from session join users u on u.id = session.user_id, unnest($${place}::bytea[]) as message
  )`;

/**
 * @param most number of the parameter with the highest number of sessions
 * @param request number of the parameter with the id of the request
 * @param mails number of the parameter with the mails; null if there are none
 */
const signIn = (proved: keyof typeof proofChecks, most: number, request: string, mails: number | null): string => `
  with ${proofChecks[proved].parts}
  account as (
    update users set last_login_at = $2 where id = $1 and is_active and ${isNotLocked} and ${proofChecks[proved].condition} returning id
  ), forgiven as (
    delete from attempts where key = $3 and exists (select from account)
  ), session as (
    insert into sessions (id, user_id, ip_address, user_agent, is_remembered, created_at, last_used_at, expires_at, expiry_check_at, token_hash)
    select $4::uuid, id, $5, $6, $7::boolean, $2, $2, $8::timestamptz, $8::timestamptz, $9::bytea from account returning id, user_id
  ), event as (
    insert into security_event_outbox (${eventColumns})
    select $10::uuid, '${SecurityEventType.LOGIN_SUCCEEDED}', $2, user_id, user_id, id, $5, $6, ${request}, '{}' from session
  )${proved === 'RECOVERY_CODE' ? recoveryCodeUsed(request) : ''}${mails === null ? '' : mailFrom(mails)}
  select array(select gatehouse_end_surplus_sessions(user_id, id, $${most}::int, $2, $5, $6, ${request})) as surplus from session`;

/**
 * Builds a successful sign-in as one statement, and so one transaction. It does nothing if the account was deactivated or
 * locked, the password changed, or the challenge or code used while the proof was verified. With entities it would take eight
 * round trips and a quarter of the time of the hash.
 * @returns the statement and its parameters. It gives one row if the session was opened, with the ids of the surplus
 * sessions that it ended
 */
export function signInStatement({
  session,
  refreshTokenHash,
  proof,
  attemptKey,
  mostSessions,
  requestId,
  mails,
  traceParent,
}: SignIn): {
  readonly text: string;
  readonly values: readonly SqlValue[];
} {
  const values: SqlValue[] = [
    session.userId,
    session.createdAt,
    attemptKey,
    session.id,
    session.ipAddress ?? null,
    session.userAgent ?? null,
    session.isRemembered,
    session.expiresAt,
    refreshTokenHash,
    randomUUID(),
    ...valuesOf(proof),
    mostSessions,
    requestId,
  ];
  const proved = proof.by === 'password' ? 'PASSWORD' : proof.code.method;
  const [most, request] = [values.length - 1, `$${values.length}::text`];
  return mails.length > 0
    ? { text: signIn(proved, most, request, values.length + 1), values: [...values, mails, traceParent] }
    : { text: signIn(proved, most, request, null), values };
}

/** The parameters of the proof, from the eleventh on. */
function valuesOf(proof: Proof): SqlValue[] {
  if (proof.by === 'password') return [proof.hash];
  const { tokenHash, code } = proof;
  if (code.method === TwoFactorMethod.TOTP) return [tokenHash, code.step, code.sealed];
  return [tokenHash, code.hash, randomUUID(), JSON.stringify({ changes: codeUse(code.unused) })];
}
