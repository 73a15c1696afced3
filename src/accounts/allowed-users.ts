import { checkedInstant } from '../access/explain/access-decision.js';
import { type AccessPath, type AccessReason, explain } from '../access/explain/explain.js';
import { type PastRoles, pastWith } from '../access/explain/past.js';
import { rolesThen } from '../access/explain/roles-then.js';
import { checkedSize, decodeCursor, encodeCursor } from '../database/keyset.js';
import type { Operation } from '../operation.js';
import { type AccessCheck, type Asked, asked } from '../policy/access-check.js';
import { type PossibleUser, readPossibleUsers } from './allowed-user-rows.js';
import { type UserRow, usersByIds } from './user-rows.js';

export interface AllowedQuestion {
  readonly check: AccessCheck;
  /** Null: now. A future instant is answered as if nothing changes until then except grants that begin or end. */
  readonly at?: Date | null | undefined;
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
}

/** A user who may do something, and the path that allows it. */
export interface AllowedUser {
  readonly user: UserRow;
  readonly reason: AccessReason;
  /** Null for administrators whom no grant allows it. */
  readonly path: AccessPath | null;
}

const defaultSize = 20;
/** How many users are looked at for a page, at most. */
const mostLookedAt = 1000;

/**
 * Lists who may do something, of those whom the caller may read, in the order of their ids.
 * @param fields names of the GraphQL fields that are selected of each user
 * @returns a page that may be short, or empty, while others follow: when conditions exclude many who were looked at
 * @throws BAD_USER_INPUT for instants outside the years 1 to 9999, and for an invalid page
 */
export async function listAllowedUsers(operation: Operation, question: AllowedQuestion, fields: ReadonlySet<string>) {
  const { clock, database, roleCatalogue } = operation.services;
  const now = clock.now();
  const check = asked(question.check);
  const size = checkedSize(question.first ?? defaultSize);
  const after = decodeCursor(question.after)?.id;
  const at = checkedInstant(question.at ?? now);
  const known = at < now ? at.toISOString() : 'infinity';
  if (!check.isNamed) return pageOf([], null, after);
  const roles = await rolesThen(database.sql, check, known);
  const most = looksAtConditions(roles) ? mostLookedAt : size + 1;
  const possible = await readPossibleUsers(operation, { check, roles, at, known, after, size: most });
  const allowed = firstAllowed(possible, size + 1, { check, roles, at });
  const shown = allowed.slice(0, size);
  const users = await usersByIds(
    database.sql,
    roleCatalogue,
    shown.map(({ id }) => id),
    now,
    fields,
  );
  const nodes = shown.flatMap(({ reason, path }, place) => {
    const user = users[place];
    return user ? [{ user, reason, path }] : [];
  });
  const last =
    allowed.length > size ? shown.at(-1)?.id : possible.length === most ? possible.at(-1)?.account.userId : null;
  return pageOf(nodes, last ?? null, after);
}

/** Whether conditions can tell people apart who hold the same roles. */
const looksAtConditions = ({ booked }: PastRoles): boolean =>
  booked.some(({ permissions }) => permissions.some(({ conditions }) => JSON.stringify(conditions).includes('${')));

interface Then {
  readonly check: Asked;
  readonly roles: PastRoles;
  readonly at: Date;
}

/** Decides about no more users than are needed. */
function firstAllowed(possible: readonly PossibleUser[], most: number, then: Then) {
  const allowed: ReturnType<typeof decided> = [];
  for (const user of possible) {
    allowed.push(...decided(user, then));
    if (allowed.length === most) break;
  }
  return allowed;
}

function decided({ account, grants }: PossibleUser, { check, roles, at }: Then) {
  const { allowed, reason, paths } = explain(pastWith({ account, grants }, roles, at), check);
  const [nearest] = paths;
  return allowed ? [{ id: account.userId, reason, path: nearest?.satisfied ? nearest : null }] : [];
}

/** @param last id of the last user who was looked at; null when nobody follows */
function pageOf(nodes: readonly AllowedUser[], last: string | null, after: string | undefined) {
  const edges = nodes.map((node) => ({ node, cursor: cursorOf(node.user.id) }));
  const pageInfo = {
    hasNextPage: last !== null,
    hasPreviousPage: after !== undefined,
    startCursor: edges[0]?.cursor ?? null,
    endCursor: last === null ? (edges.at(-1)?.cursor ?? null) : cursorOf(last),
  };
  return { edges, nodes, pageInfo };
}

const cursorOf = (id: string): string => encodeCursor({ value: '', id });
