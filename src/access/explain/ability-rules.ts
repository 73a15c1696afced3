import { type PackRule, packRules } from '@casl/ability/extra';
import { type Binding, filled } from '../../policy/condition-matching.js';
import { mongoQueryOf } from '../../policy/condition-parsing.js';
import type { Rights } from '../../policy/rights.js';
import { type BookedPermission, everything, type Terms, wildcard } from '../../policy/role-book.js';
import { both, caslQueryOf, type Query } from './casl-queries.js';

interface Rule {
  readonly action: string;
  readonly subject: string;
  readonly conditions?: Query;
}

/** CASL's own words for any action and any subject. */
const manage = 'manage';
const all = 'all';

/**
 * What somebody may do now, for clients that decide with @casl/ability themselves: `unpackRules` makes rules of it.
 * Placeholders are filled in, so the answer holds until a grant, the account or the time changes.
 */
export function abilityRulesOf(rights: Rights): PackRule<Rule>[] {
  const { binding } = rights;
  const rules = termsOf(rights).flatMap((terms) => rulesOf(terms, binding));
  return packRules(rules);
}

/** @returns the permissions of the roles held now that the scopes of a token leave anything of */
export const effectivePermissionsOf = ({ permissions, scopes }: Rights): readonly BookedPermission[] =>
  scopes ? permissions.filter((held) => scopes.some((scope) => narrowed(held, scope).length > 0)) : permissions;

/** What they may do, within the scopes of their token where they have one. */
function termsOf(rights: Rights): Terms[] {
  const { permissions, scopes, standing } = rights;
  const held = standing.isActive && standing.isAdmin ? [everything] : permissions;
  return scopes ? scopes.flatMap((scope) => held.flatMap((terms) => narrowed(terms, scope))) : [...held];
}

/** @returns what a scope leaves of a permission: nothing, or one */
function narrowed(terms: Terms, scope: string): Terms[] {
  const [resource = '', action = ''] = scope.split(':');
  const isReached = meets(terms.resource, resource) && (meets(terms.action, action) || action === wildcard);
  return isReached ? [{ ...terms, resource, action: action === wildcard ? terms.action : action }] : [];
}

const meets = (held: string, asked: string): boolean => held === wildcard || held === asked;

/** Resources and actions that bear CASL's words are left out: a client would take them for any. */
function rulesOf({ action, resource, conditions }: Terms, binding: Binding): Rule[] {
  if (action === manage || resource === all) return [];
  const named = { action: action === wildcard ? manage : action, subject: resource === wildcard ? all : resource };
  if (!conditions) return [named];
  const query = caslQueryOf(bound(mongoQueryOf(conditions), binding) as Query);
  return alternativesOf(query).map((alternative) => ({ ...named, conditions: alternative }));
}

function bound(value: unknown, binding: Binding): unknown {
  if (Array.isArray(value)) return value.map((member) => bound(member, binding));
  if (typeof value !== 'object' || value === null) return filled(value, binding);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, bound(part, binding)]));
}

/** CASL's default matcher knows no `$or`; rules of one ability are alternatives by themselves. */
function alternativesOf({ $or, ...others }: Query): Query[] {
  if (!$or) return [others];
  return ($or as Query[]).flatMap((member) => alternativesOf(both(others, member)));
}
