import { type PackRule, packRules } from '@casl/ability/extra';
import { type Binding, filled } from '../../policy/condition-matching.js';
import { mongoQueryOf } from '../../policy/condition-parsing.js';
import type { Rights } from '../../policy/rights.js';
import { type BookedPermission, everything, type PermissionTerms, wildcard } from '../../policy/role-book.js';
import { both, caslQueryOf, type Query } from './casl-queries.js';

interface Rule {
  readonly action: string;
  readonly subject: string;
  readonly conditions?: Query;
}

/** CASL's names for any action and any subject. */
const manage = 'manage';
const all = 'all';

/**
 * Exports the current rights as packed CASL rules, for clients that evaluate permissions with @casl/ability (see its
 * `unpackRules`). Placeholders are filled in, so the rules are valid until a grant, the account or the time changes.
 */
export function abilityRulesOf(rights: Rights): PackRule<Rule>[] {
  const { binding } = rights;
  const rules = termsOf(rights).flatMap((terms) => rulesOf(terms, binding));
  return packRules(rules);
}

/**
 * @returns the permissions of the roles held at present, without those that an API token's scopes exclude completely
 */
export const effectivePermissionsOf = ({ permissions, scopes }: Rights): readonly BookedPermission[] =>
  scopes ? permissions.filter((held) => scopes.some((scope) => narrowed(held, scope).length > 0)) : permissions;

/** The permissions that apply, limited to the scopes of the API token if there is one. */
function termsOf(rights: Rights): PermissionTerms[] {
  const { permissions, scopes, standing } = rights;
  const held = standing.isActive && standing.isAdmin ? [everything] : permissions;
  return scopes ? scopes.flatMap((scope) => held.flatMap((terms) => narrowed(terms, scope))) : [...held];
}

/** @returns the part of a permission that a scope leaves: none or one */
function narrowed(terms: PermissionTerms, scope: string): PermissionTerms[] {
  const [resource = '', action = ''] = scope.split(':');
  const isReached = meets(terms.resource, resource) && (meets(terms.action, action) || action === wildcard);
  return isReached ? [{ ...terms, resource, action: action === wildcard ? terms.action : action }] : [];
}

const meets = (held: string, asked: string): boolean => held === wildcard || held === asked;

/** Skips resources and actions named like CASL's wildcards: a client would take them for "any". */
function rulesOf({ action, resource, conditions }: PermissionTerms, binding: Binding): Rule[] {
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

/** Expands `$or` into several rules, which are alternatives in CASL; its default matcher does not support `$or`. */
function alternativesOf({ $or, ...others }: Query): Query[] {
  if (!$or) return [others];
  return ($or as Query[]).flatMap((member) => alternativesOf(both(others, member)));
}
