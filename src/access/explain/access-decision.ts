import { isUuid } from '../../database/uuid.js';
import { badInput } from '../../errors.js';
import type { Operation } from '../../operation.js';
import { type AccessCheck, type Asked, asked } from '../../policy/access-check.js';
import { type Explanation, explain } from './explain.js';
import { type Past, pastOf } from './past.js';
import { readPast } from './past-rows.js';

export interface AccessQuestion {
  readonly userId: string;
  readonly check: AccessCheck;
  /** Null: now. A future instant is answered as if nothing changes until then except grants that begin or end. */
  readonly at?: Date | null | undefined;
  /** An API token of that user; null: as in a session. */
  readonly apiTokenId?: string | null | undefined;
}

export interface AccessDecision extends Explanation, Pick<Asked, 'action' | 'resource'> {
  readonly at: Date;
}

/** RFC 3339 has four-digit years, and PostgreSQL has no year 0. */
const years = { first: 1, last: 9999 };

/**
 * Decides as enforcement would at an instant, past or future, and explains the decision. Does not check whether the
 * caller may see it; see `assertMayExplain`.
 * @throws BAD_USER_INPUT for an unknown user or API token, and for instants outside the years 1 to 9999
 */
export const decideAccess = async (operation: Operation, question: AccessQuestion): Promise<AccessDecision> =>
  (await decideWithPast(operation, question)).decision;

/** A decision with the facts that it was made by. */
export interface DecidedAccess {
  readonly decision: AccessDecision;
  readonly past: Past;
  readonly check: Asked;
  /** False for now and for the future. */
  readonly isPast: boolean;
}

/** Like `decideAccess`. */
export async function decideWithPast(operation: Operation, question: AccessQuestion): Promise<DecidedAccess> {
  const { clock, database } = operation.services;
  const check = asked(question.check);
  const now = clock.now();
  const at = checkedInstant(question.at ?? now);
  const apiTokenId = question.apiTokenId ?? null;
  if (!isUuid(question.userId)) throw badInput('There is no such user.');
  if (apiTokenId !== null && !isUuid(apiTokenId)) throw badInput('The user has no such API token.');
  const record = await readPast(database.sql, { userId: question.userId, at, isPast: at < now, apiTokenId });
  if (record === 'no user') throw badInput('There is no such user.');
  if (record === 'no token') throw badInput('The user has no such API token.');
  const past = pastOf(record, at);
  const decision = { action: check.action, resource: check.resource, at, ...explain(past, check) };
  return { decision, past, check, isPast: at < now };
}

/** @throws BAD_USER_INPUT outside the years 1 to 9999 */
export function checkedInstant(at: Date): Date {
  const year = at.getUTCFullYear();
  if (!(year >= years.first && year <= years.last))
    throw badInput(`An instant lies in the years ${years.first} to ${years.last}.`);
  return at;
}
