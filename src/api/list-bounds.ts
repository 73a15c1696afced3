import { mostPaths } from '../access/explain/explain.js';
import { mostChanges } from '../access/predict/preview-role-change.js';
import { mostPermissions } from '../access/roles/permission-terms.js';
import { mostScopes } from '../api-tokens/token-terms.js';
import { recoveryCodeCount } from '../authentication/second-factor/recovery-codes.js';
import { TwoFactorMethod } from '../authentication/second-factor/second-factor-code.js';
import { largestSize } from '../database/keyset.js';
import { mostClauses } from '../policy/conditions.js';
import { catalogueEntries, mostAttributes } from '../policy/permission-catalogue.js';

/** Faults of a form: one or two for each of its fields. */
const mostFaults = 50;

/**
 * How many rows lists hold that take no `first`, because something else bounds them. `tests/api/list-bounds` fails
 * for a list field of the schema that is neither paged nor here; what is paged costs as much as is asked for.
 */
export const listBounds: Readonly<Record<string, number>> = {
  /** The first 200 are told. */
  'AccessDecision.paths': mostPaths,
  /** Conditions of more clauses are refused. */
  'AccessPath.clauses': mostClauses,
  /** A change adds to what a role may have; either list is of one role's permissions. */
  'AffectedUser.gains': mostPermissions + mostChanges,
  'AffectedUser.losses': mostPermissions,
  /** A token of more scopes is refused. */
  'ApiToken.scopes': mostScopes,
  /** Written in the source. */
  'CatalogueEntry.attributes': mostAttributes,
  'Query.permissionCatalogue': catalogueEntries.length,
  /** As many as are made at a time. */
  'ConfirmTwoFactorEnrollmentPayload.recoveryCodes': recoveryCodeCount,
  'RegenerateRecoveryCodesPayload.recoveryCodes': recoveryCodeCount,
  /** Of thousands the first. */
  'RevokeOtherSessionsPayload.sessions': largestSize,
  'RevokeUserSessionsPayload.sessions': largestSize,
  /** What is wrong, and what the library suggests: a handful. */
  'PasswordStrength.feedback': 10,
  /** One to three findings for each entry of four lists, and a few for the whole. */
  'RoleChangePreview.errors': 8 * mostChanges + 10,
  'TwoFactorChallenge.methods': Object.keys(TwoFactorMethod).length,
  /** As many as there are checks, which cost by themselves. */
  'User.can': 0,
  /** `input`, a list, a place in it and a field. */
  'UserError.field': 4,
};

/** Of what tells about the schema: how many types there are at most, and how long their lists are on average. */
const ofIntrospection: Readonly<Record<string, number>> = { '__Schema.types': 300, '__Type.fields': 5 };
const otherOfIntrospection = 1;

/** @returns undefined for a list that is not bounded by itself */
export function boundOf(type: string, field: string): number | undefined {
  if (type.startsWith('__')) return ofIntrospection[`${type}.${field}`] ?? otherOfIntrospection;
  const bound = listBounds[`${type}.${field}`];
  return bound === undefined && field === 'errors' && type.endsWith('Payload') ? mostFaults : bound;
}

/** Whether a list is a page already: `nodes` and `edges` of a connection, whose arguments say how long they are. */
export const isOfPage = (type: string, field: string): boolean =>
  type.endsWith('Connection') && (field === 'nodes' || field === 'edges');
