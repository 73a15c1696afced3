import type { Asked } from '../../policy/access-check.js';
import { compare } from '../../policy/attribute-values.js';
import { comparedWithNow } from '../../policy/compared-with-now.js';
import { nowPlaceholder, rolesPlaceholder } from '../../policy/conditions.js';
import { predicateOfRow } from '../../policy/role-book.js';
import type { Lifetime, LifetimeRole } from './lifetime.js';
import { roleInstants } from './lifetime-decisions.js';

/** A stretch of time in milliseconds since 1970, both ends included. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * Leaves out the roles that cannot matter: those that never had a permission for the question, unless conditions ask for
 * the names of the roles held.
 */
export function relevantPart(life: Lifetime): Lifetime {
  const asksForRoles = life.roles.some(({ permissions }) =>
    permissions.some(({ conditions }) => JSON.stringify(conditions).includes(rolesPlaceholder)),
  );
  if (asksForRoles) return life;
  const roles = life.roles.filter(({ permissions }) => permissions.length > 0);
  const ids = new Set(roles.map(({ id }) => id));
  return { ...life, roles, grants: life.grants.filter(({ roleId }) => ids.has(roleId)) };
}

/**
 * Every instant of the span at which the answer can change: a row that decides began or ended, or the time reached an
 * attribute that conditions compare with it. Between two of them the answer stays the same.
 * @param now included, because from then on the present state counts
 * @returns whole milliseconds, newest first: the first ones at which the change is visible
 */
export function changingInstants(life: Lifetime, asked: Asked, now: number, span: Span): number[] {
  const ofRows = [
    now,
    ...life.states.map(({ since }) => since),
    ...life.grants.flatMap(({ grantedAt, expiresAt, revokedAt }) => [grantedAt, expiresAt, revokedAt]),
    ...life.roles.flatMap(roleInstants),
  ].filter((instant): instant is number => typeof instant === 'number');
  const instants = [...ofRows.map(Math.ceil), ...ofTime(life.roles, asked, span)];
  return [...new Set(instants)].filter((at) => at >= span.from && at <= span.to).sort((one, other) => other - one);
}

/** When the time, as text, reaches each attribute that is compared with it, and when it passes it. */
function ofTime(roles: readonly LifetimeRole[], { attributes }: Asked, span: Span): number[] {
  const conditions = roles.flatMap(({ permissions }) => permissions.map((permission) => permission.conditions));
  const texts = conditions.flatMap((each) => {
    const predicate = asksForTime(each) ? predicateOfRow({ conditions: each }) : null;
    return predicate ? comparedWithNow(predicate, attributes) : [];
  });
  return [...new Set(texts)].flatMap((text) => [
    ...firstWhere(span, (iso) => compare(iso, text) >= 0),
    ...firstWhere(span, (iso) => compare(iso, text) > 0),
  ]);
}

const asksForTime = (conditions: unknown): boolean => JSON.stringify(conditions).includes(nowPlaceholder);

/** Halves the span; `holds` is false up to some instant and true from then on. @returns none when it is so throughout */
function firstWhere({ from, to }: Span, holds: (iso: string) => boolean): number[] {
  const isSo = (at: number) => holds(new Date(at).toISOString());
  if (from > to || isSo(from - 1) || !isSo(to)) return [];
  let [before, after] = [from - 1, to];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (isSo(middle)) after = middle;
    else before = middle;
  }
  return [after];
}
