import { type CursorPosition, checkedSize, decodeCursor, encodeCursor } from '../../database/keyset.js';
import { isUuid } from '../../database/uuid.js';
import { badInput } from '../../errors.js';
import type { Operation } from '../../operation.js';
import { type AccessCheck, asked } from '../../policy/access-check.js';
import { checkedInstant } from './access-decision.js';
import { type Cause, causesAt } from './change-causes.js';
import { changingInstants, relevantPart } from './changing-instants.js';
import type { Answer } from './explain.js';
import type { Lifetime } from './lifetime.js';
import { LifetimeDecisions } from './lifetime-decisions.js';
import { readLifetime } from './lifetime-rows.js';

export interface ChangesQuestion {
  readonly userId: string;
  readonly check: AccessCheck;
  /** Null: since the account was made. */
  readonly from?: Date | null | undefined;
  /** Null: until now. Later instants are answered as if nothing changes except grants that begin or end. */
  readonly to?: Date | null | undefined;
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
}

/** An instant at which the answer became another. */
export interface AccessChange {
  readonly at: Date;
  readonly before: Answer;
  readonly after: Answer;
  readonly causes: readonly Cause[];
}

export interface AccessChanges {
  readonly userId: string;
  /** Newest first. */
  readonly changes: readonly AccessChange[];
  /** False when the page is full, or its instants used up, before `from` was reached. */
  readonly isComplete: boolean;
  /** Where the next page goes on. */
  readonly endCursor: string | null;
  readonly isAfter: boolean;
}

const defaultSize = 20;
/** Most causes of one change. */
export const mostCauses = 100;
/**
 * What one page may take: an instant takes as much as the user has grants, and as the conditions of the permissions have
 * characters. Comes to half a second of computing at most.
 */
const mostWork = 2_500_000;
const instantsOfPage = { least: 50, most: 2000 };

/**
 * Finds the instants at which the answer to a question changed, newest first. Does not check whether the caller may see
 * it; see `assertMayExplain`.
 * @throws BAD_USER_INPUT for an unknown user, for instants outside the years 1 to 9999, and for an invalid page
 */
export async function listAccessChanges(operation: Operation, question: ChangesQuestion): Promise<AccessChanges> {
  const { clock, database } = operation.services;
  const check = asked(question.check);
  const now = clock.now().getTime();
  const size = checkedSize(question.first ?? defaultSize);
  const after = positionOf(decodeCursor(question.after));
  const to = Math.min(checkedInstant(question.to ?? new Date(now)).getTime(), after - 1);
  const from = checkedInstant(question.from ?? new Date(firstYear)).getTime();
  if (!isUuid(question.userId)) throw badInput('There is no such user.');
  const read = await readLifetime(database.sql, { userId: question.userId, ...check });
  if (!read) throw badInput('There is no such user.');
  const life = relevantPart(read);
  const instants = check.isNamed ? changingInstants(life, check, now, { from, to }) : [];
  const found = findChanges(life, new LifetimeDecisions(life, check, now), { instants, size });
  const end = found.end === undefined ? null : cursorOfChange(question.userId, found.end);
  const causes = causesAt(
    life,
    found.changes.map(({ at }) => at),
  );
  return {
    userId: question.userId,
    changes: found.changes.map(({ at, ...change }) => ({
      ...change,
      at: new Date(at),
      causes: causes.get(at)?.slice(0, mostCauses) ?? [],
    })),
    isComplete: found.isComplete,
    endCursor: end,
    isAfter: question.after != null,
  };
}

export const cursorOfChange = (userId: string, at: number): string => encodeCursor({ value: String(at), id: userId });

const firstYear = '0001-01-01T00:00:00.000Z';

interface Search {
  /** Newest first. */
  readonly instants: readonly number[];
  readonly size: number;
}

/** Decides at each instant and at the one before it. Between two of them the answer stays the same. */
function findChanges(life: Lifetime, decisions: LifetimeDecisions, { instants, size }: Search) {
  const changes: { readonly at: number; readonly before: Answer; readonly after: Answer }[] = [];
  const most = instantsWithin(life);
  let end: number | undefined;
  let answer = instants[0] === undefined ? undefined : decisions.at(instants[0]);
  for (const [place, at] of instants.entries()) {
    if (place === most || changes.length === size || !answer) return { changes, isComplete: false, end };
    const before = decisions.at(instants[place + 1] ?? at - 1);
    if (before.allowed !== answer.allowed || before.reason !== answer.reason)
      changes.push({ at, before, after: answer });
    [answer, end] = [before, at];
  }
  return { changes, isComplete: true, end };
}

function instantsWithin({ grants, roles }: Lifetime): number {
  const conditions = roles.flatMap(({ permissions }) =>
    permissions.map((one) => JSON.stringify(one.conditions).length),
  );
  const ofInstant = 1000 + grants.length + conditions.reduce((sum, length) => sum + 20 + length, 0);
  return Math.min(Math.max(Math.floor(mostWork / ofInstant), instantsOfPage.least), instantsOfPage.most);
}

function positionOf(cursor: CursorPosition | undefined): number {
  if (!cursor) return Number.POSITIVE_INFINITY;
  if (!/^-?\d{1,15}$/.test(cursor.value)) throw badInput('The cursor is not one of this list.');
  return Number(cursor.value);
}
