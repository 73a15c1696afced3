import type pg from 'pg';

/** What a restore leaves as it was in the backup. */
export interface Keeping {
  /** Sessions, mailed links, open challenges and the keys that sign access tokens. */
  readonly sessions: boolean;
  /** Mail that waited when the backup was taken. */
  readonly mail: boolean;
}

/** What a restore has ended, and what lives on. */
export interface Aftermath {
  readonly sessionsEnded: number;
  readonly linksEnded: number;
  readonly mailsDropped: number;
  /** Tokens that are valid; those that were revoked after the backup are among them. */
  readonly apiTokens: number;
}

/** For columns of the oldest migration that is restored: these run before newer ones do. */
const endSessions = `
  with ended as (
    update sessions set ended_at = now(), end_reason = 'RESTORED' where ended_at is null and expires_at > now()
    returning id, user_id
  ) insert into security_event_outbox (id, type, occurred_at, subject_id, session_id, details)
  select gen_random_uuid(), 'SESSION_REVOKED', now(), user_id, id, '{"by": "operator", "reason": "RESTORED"}' from ended`;

/** Those by which owners take an account back do no harm a second time, and somebody may still need one. */
const endLinks = `delete from mailed_tokens where purpose not in ('undo-email-change', 'disown-registration')
  and used_at is null and expires_at > now()`;

const dropMail = `delete from jobs where task in ('mail', 'mail-request') and failed_at is null`;
/** Of processes that are gone. */
const endClaims = 'update jobs set claimed_until = null where claimed_until is not null';

const livingTokens = `select count(*)::int as count from api_tokens
  where revoked_at is null and (expires_at is null or expires_at > now())`;

const told = `insert into security_event_outbox (id, type, occurred_at, details)
  values (gen_random_uuid(), 'DATABASE_RESTORED', now(), $1)`;

/**
 * Ends what must not come back to life, such as a session that was ended after the backup, and records it. Runs in the
 * transaction that loads the rows, so there is no moment at which it has not happened. Triggers are off. See
 * docs/decisions/0029-a-backup-of-our-own.md.
 */
export async function endWhatIsOver(client: pg.Client, keep: Keeping, takenAt: string): Promise<Aftermath> {
  const counted = async (text: string) => (await client.query(text)).rowCount ?? 0;
  let [sessionsEnded, linksEnded] = [0, 0];
  if (!keep.sessions) {
    sessionsEnded = await counted(endSessions);
    linksEnded = await counted(endLinks);
    await client.query('delete from two_factor_challenges');
    // A key that was revoked after the backup would sign again. The next start makes a new one.
    await client.query('delete from signing_keys');
  }
  const mailsDropped = keep.mail ? 0 : await counted(dropMail);
  await client.query(endClaims);
  const apiTokens = (await client.query<{ count: number }>(livingTokens)).rows[0]?.count ?? 0;
  const aftermath = { sessionsEnded, linksEnded, mailsDropped, apiTokens };
  await client.query(told, [JSON.stringify({ by: 'operator', takenAt, keptSessions: keep.sessions, ...aftermath })]);
  return aftermath;
}
