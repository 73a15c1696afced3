import type { Operation } from '../operation.js';
import { may, mayOwn } from '../policy/policy.js';
import type { SubjectsEventRow } from './event-rows.js';
import { SecurityEventType } from './event-types.js';
import type { FieldChanges } from './field-changes.js';

/** Attempts at an account. Their address stays, so that nobody hides theirs by signing in to another account first. */
const attempts: ReadonlySet<SecurityEventType> = new Set([
  SecurityEventType.LOGIN_FAILED,
  SecurityEventType.TWO_FACTOR_FAILED,
  SecurityEventType.ACCOUNT_LOCKED,
  SecurityEventType.REFRESH_TOKEN_REUSED,
]);

/** What a subject needs to read details: nothing more, the right to read their private fields, or a session. */
type Need = 'nothing' | 'profile' | 'session';
type Visible = readonly [need: Need, ...names: string[]];

const none: Visible = ['nothing'];
const ofGrant: Visible = ['profile', 'roleId', 'role', 'grantId', 'expiresAt'];

/**
 * The details that the subject of an event may read, by its type. Each is also a field that they may read elsewhere, or
 * says what was done to them. `reason` of USER_DEACTIVATED and ACCOUNT_LOCKED is written for other
 * administrators.
 */
const visibleDetails: Readonly<Record<keyof typeof SecurityEventType, Visible>> = {
  USER_REGISTERED: none,
  REGISTRATION_DISOWNED: none,
  EMAIL_VERIFIED: none,
  EMAIL_CHANGE_REQUESTED: none,
  EMAIL_CHANGED: none,
  EMAIL_CHANGE_UNDONE: none,
  USER_CREATED: ['profile', 'username', 'isAdmin'],
  USER_UPDATED: ['profile', 'fields', 'isAdmin'],
  USER_DEACTIVATED: none,
  USER_REACTIVATED: none,
  USER_DELETED: ['profile', 'username'],
  LOGIN_SUCCEEDED: none,
  LOGIN_FAILED: ['nothing', 'passwordProved', 'count', 'since', 'until'],
  ACCOUNT_LOCKED: ['profile', 'factor', 'until', 'device'],
  ACCOUNT_UNLOCKED: none,
  LOGOUT: none,
  SESSION_REVOKED: ['nothing', 'reason'],
  SESSION_EXPIRED: none,
  REFRESH_TOKEN_REUSED: none,
  REAUTHENTICATED: ['nothing', 'method'],
  REAUTHENTICATION_REQUIRED: none,
  PASSWORD_CHANGED: none,
  PASSWORD_RESET_REQUESTED: none,
  PASSWORD_RESET: none,
  TWO_FACTOR_ENABLED: none,
  TWO_FACTOR_DISABLED: none,
  TWO_FACTOR_FAILED: none,
  RECOVERY_CODE_USED: none,
  RECOVERY_CODES_REGENERATED: none,
  API_TOKEN_CREATED: ['session', 'name', 'scopes', 'tokenId', 'expiresAt'],
  API_TOKEN_REVOKED: ['session', 'name', 'tokenId'],
  ROLE_CREATED: none,
  ROLE_UPDATED: none,
  ROLE_DELETED: none,
  ROLE_GRANTED: ofGrant,
  ROLE_REVOKED: ofGrant,
  ROLE_EXPIRING: ofGrant,
  ROLE_EXPIRED: ofGrant,
  PERMISSION_DENIED: none,
  RATE_LIMITED: none,
  SIGNING_KEY_ROTATED: none,
  SIGNING_KEY_REVOKED: none,
  DATABASE_RESTORED: none,
  USERS_EXPORTED: none,
  EVENTS_EXPORTED: none,
};

/**
 * The fields whose old and new values in `changes` the subject may read, in events of any type. Each is a field of their
 * account that they may read elsewhere with the same right, `hasPassword` apart. A field that is not listed is not shown.
 */
const visibleChanges: Readonly<Record<string, Need>> = {
  username: 'profile',
  email: 'profile',
  isVerified: 'profile',
  isActive: 'profile',
  isAdmin: 'profile',
  firstName: 'profile',
  lastName: 'profile',
  avatarUrl: 'profile',
  bio: 'profile',
  location: 'profile',
  website: 'profile',
  timezone: 'profile',
  language: 'profile',
  emailNotifications: 'profile',
  lockedUntil: 'profile',
  passwordChangedAt: 'profile',
  /** No field of the API. False from when the account was taken back until a new password is set. */
  hasPassword: 'profile',
  twoFactorEnabled: 'profile',
  /** End of a grant. */
  expiresAt: 'profile',
  /** Of an API token. */
  revokedAt: 'session',
  unusedRecoveryCodes: 'session',
};

/**
 * An event as the caller may read it: whole with `security-event:read`, otherwise as its subject. A subject does not
 * read who else caused it, from where, in which session and request. The caller is one whom the guard of
 * `User.securityEvents` has let through.
 */
export function asReadBy(operation: Operation, event: SubjectsEventRow): SubjectsEventRow {
  if (may(operation.caller, 'security-event:read')) return event;
  const details = detailsFor(operation, event);
  const sessionId = event.isSubjectsSession ? event.sessionId : null;
  const seen = { ...event, requestId: null, details };
  if (isBySubject(event)) return { ...seen, sessionId };
  const hidden = { ...seen, actorId: null, sessionId: null };
  return isAttempt(event) ? hidden : { ...hidden, ipAddress: null, userAgent: null };
}

/** An administrator's lock, which has no factor, is none. */
const isAttempt = ({ type, details }: SubjectsEventRow): boolean =>
  attempts.has(type) && (type !== SecurityEventType.ACCOUNT_LOCKED || details['factor'] !== undefined);

/** Whether nobody else caused the event: the subject did, or somebody anonymous, or the service. */
const isBySubject = ({ actorId, subjectId }: SubjectsEventRow): boolean => actorId === null || actorId === subjectId;

function detailsFor({ caller }: Operation, event: SubjectsEventRow): Record<string, unknown> {
  // Without a caller it is somebody who has just proved to be the subject, by a password or a mailed token.
  const isInSession = caller === null || caller.sessionId !== null;
  const has = { nothing: true, profile: caller === null || mayOwn(caller, 'profile:read'), session: isInSession };
  const [need, ...names] = visibleDetails[event.type];
  const visible = ['by', ...(has[need] ? names : [])];
  if (isInSession && isBySubject(event)) visible.push('apiTokenId');
  const changes = changesFor(event.details['changes'], has);
  return {
    ...Object.fromEntries(Object.entries(event.details).filter(([name]) => visible.includes(name))),
    ...(changes.length > 0 && { changes: Object.fromEntries(changes) }),
  };
}

/** `Object.hasOwn`, because names come from the database. */
const changesFor = (changes: unknown, has: Readonly<Record<Need, boolean>>): [string, unknown][] =>
  Object.entries((changes ?? {}) as FieldChanges).filter(
    ([field]) => Object.hasOwn(visibleChanges, field) && has[visibleChanges[field] ?? 'session'],
  );
