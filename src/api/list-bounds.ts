import { mostCauses } from '../access/explain/access-changes.js';
import { mostEvents } from '../access/explain/access-changes.resolver.js';
import { mostPaths } from '../access/explain/explain.js';
import { mostRemedies } from '../access/explain/remedies.js';
import { mostChanges } from '../access/predict/check-role-change.js';
import { mostPermissions } from '../access/roles/permission-terms.js';
import { mostScopes } from '../api-tokens/token-terms.js';
import { recoveryCodeCount } from '../authentication/second-factor/recovery-codes.js';
import { TwoFactorMethod } from '../authentication/second-factor/second-factor-code.js';
import { largestSize } from '../database/keyset.js';
import { variables } from '../environment/environment.js';
import { mostFindings } from '../overview/findings.js';
import { mostClauses } from '../policy/conditions.js';
import { catalogueEntries, mostAttributes } from '../policy/permission-catalogue.js';
import { SecurityEventType } from '../security-events/event-types.js';
import { mostBuckets } from '../security-events/statistics/event-statistics.js';
import { mostFindings as mostHealthFindings } from '../settings/health.js';

/** Errors of a form: one or two for each of its fields. */
const mostFaults = 50;

/**
 * The greatest length of lists without a `first` argument. `tests/api/list-bounds` fails for a list field of the schema
 * that is neither paged nor listed here. A paged list costs as much as the client requests.
 */
export const listBounds: Readonly<Record<string, number>> = {
  /** More are left out. */
  'AccessChange.causes': mostCauses,
  'AccessChange.events': mostEvents,
  'AccessDecision.remedies': mostRemedies,
  /** A proposal changes one thing. */
  'RoleChangeProposal.addPermissions': 1,
  'RoleChangeProposal.grantTo': 1,
  'RoleChangeProposal.removePermissionIds': 1,
  /** The decision returns the first 200 paths. */
  'AccessDecision.paths': mostPaths,
  /** A condition with more clauses is refused. */
  'AccessPath.clauses': mostClauses,
  /** Either list has permissions of one role, and a change can add to those. */
  'AffectedUser.gains': mostPermissions + mostChanges,
  'AffectedUser.losses': mostPermissions,
  /** A token with more scopes is refused. */
  'ApiToken.scopes': mostScopes,
  /** The catalogue is part of the source code. */
  'CatalogueEntry.attributes': mostAttributes,
  'Query.permissionCatalogue': catalogueEntries.length,
  'User.availableScopes': catalogueEntries.length,
  /** The number of codes in one set. */
  'ConfirmTwoFactorEnrollmentPayload.recoveryCodes': recoveryCodeCount,
  'RegenerateRecoveryCodesPayload.recoveryCodes': recoveryCodeCount,
  /** At most one page of the revoked sessions is returned. */
  'RevokeOtherSessionsPayload.sessions': largestSize,
  'RevokeUserSessionsPayload.sessions': largestSize,
  /** One warning and the library's suggestions: a handful. */
  'PasswordStrength.feedback': 10,
  /** One to three errors for each entry of four lists, and a few for the whole. */
  'RoleChangePreview.errors': 8 * mostChanges + 10,
  /** A longer span is refused. */
  'SecurityStatistics.starts': mostBuckets,
  'SecurityEventSeries.counts': mostBuckets,
  'SecurityStatistics.series': Object.keys(SecurityEventType).length,
  'Query.unusualActivity': mostFindings,
  'EventCriteria.types': 2,
  'ChangeRolePayload.errors': 8 * mostChanges + 10,
  'TwoFactorChallenge.methods': Object.keys(TwoFactorMethod).length,
  'Settings.variables': variables.length,
  'Settings.health': mostHealthFindings,
  /** As many as there are `checks`, which have a cost of their own. */
  'User.can': 0,
  /** Path: `input`, the list, the index in it and the field. */
  'UserError.field': 4,
};

/** Introspection: the highest number of types, and the average length of their lists. */
const ofIntrospection: Readonly<Record<string, number>> = { '__Schema.types': 300, '__Type.fields': 5 };
const otherOfIntrospection = 1;

/** @returns the greatest length of the list, or undefined if nothing but the page size bounds it */
export function boundOf(type: string, field: string): number | undefined {
  if (type.startsWith('__')) return ofIntrospection[`${type}.${field}`] ?? otherOfIntrospection;
  const bound = listBounds[`${type}.${field}`];
  return bound === undefined && field === 'errors' && type.endsWith('Payload') ? mostFaults : bound;
}

/** Whether a list is already a page: `nodes` or `edges` of a connection, whose arguments set their length. */
export const isOfPage = (type: string, field: string): boolean =>
  type.endsWith('Connection') && (field === 'nodes' || field === 'edges');
