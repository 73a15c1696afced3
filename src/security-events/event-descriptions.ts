import type { SecurityEventType } from './event-types.js';

/** What each type of event reports, as the schema publishes it. */
export const eventDescriptions: Readonly<Record<keyof typeof SecurityEventType, string>> = {
  USER_REGISTERED: 'Somebody registered an account.',
  REGISTRATION_DISOWNED: 'The owner of an e-mail address took back an account that was registered with it.',
  EMAIL_VERIFIED: 'The e-mail address of an account was verified by a mailed link.',
  EMAIL_CHANGE_REQUESTED: 'A user asked to change their e-mail address.',
  EMAIL_CHANGED: 'An account got another e-mail address: confirmed by mail, or set with `updateUser`.',
  EMAIL_CHANGE_UNDONE: 'A change of e-mail address was undone by the link that was mailed to the old one.',
  USER_CREATED:
    'An account was created with `createUser`, or by the operator of the service; `details.imported` when it came from a file.',
  USER_UPDATED: 'Fields of an account changed; `details.fields` names them.',
  USER_DEACTIVATED: 'An account was deactivated; `details.reason` says why, if a reason was given.',
  USER_REACTIVATED: 'A deactivated account may sign in again.',
  USER_DELETED: 'An account was deleted; `details.username` was its name.',
  LOGIN_SUCCEEDED: 'A user signed in, which opened a session.',
  LOGIN_FAILED:
    'A wrong password was given, at a sign-in or to confirm a change; or the right one ' +
    '(`details.passwordProved`) of an account that may not sign in. `details.count` stands for that many.',
  ACCOUNT_LOCKED:
    'Wrong passwords or codes (`details.factor`) locked an account until `details.until`; with `details.device` ' +
    'for one device alone. Without a factor, `lockUser` did; `details.reason` says why, if a reason was given.',
  ACCOUNT_UNLOCKED: 'A lock was lifted with `unlockUser`.',
  LOGOUT: 'A user signed out.',
  SESSION_REVOKED: 'A session was ended before its time; `details.reason` says why.',
  SESSION_EXPIRED: 'A session was not refreshed in time, or reached its longest life.',
  REFRESH_TOKEN_REUSED:
    'A refresh token was presented after it had been exchanged, as a thief would do; its session was ended.',
  REAUTHENTICATED: 'A user proved once more who they are, by `details.method`, in the session of the event.',
  REAUTHENTICATION_REQUIRED:
    'A dangerous action, the mutation `details.field`, was refused because the proof of who the caller is was too old. ' +
    'Of many within a minute the first are recorded, and one event with `details.count` for the others.',
  PASSWORD_CHANGED: 'A user changed their password.',
  PASSWORD_RESET_REQUESTED: 'A link to reset the password was mailed to the owner of an account.',
  PASSWORD_RESET: 'A new password was set by a mailed link, or by the operator of the service.',
  TWO_FACTOR_ENABLED: 'A user switched a second factor on.',
  TWO_FACTOR_DISABLED:
    'A second factor was switched off, or removed: by the operator, or when an account was taken back by mail.',
  TWO_FACTOR_FAILED: 'A wrong code of a second factor was given.',
  RECOVERY_CODE_USED: 'A recovery code was used in place of the authenticator.',
  RECOVERY_CODES_REGENERATED: 'A user replaced their recovery codes; the old ones no longer work.',
  API_TOKEN_CREATED: 'A user created an API token; `details` has its name, scopes and id.',
  API_TOKEN_REVOKED: 'An API token was revoked; `details` has its name and id.',
  ROLE_CREATED: 'A role was created.',
  ROLE_UPDATED: 'Name, description, level or permissions of a role changed; `details` has what changed.',
  ROLE_DELETED: 'A role was deleted.',
  ROLE_GRANTED: 'A role was granted to a user, or given by the administrator flag.',
  ROLE_REVOKED: 'A role was revoked from a user, or taken with the administrator flag.',
  ROLE_EXPIRING: 'A grant of a role expires within a week; reported once for each grant.',
  ROLE_EXPIRED: 'A grant of a role expired.',
  PERMISSION_DENIED:
    'A signed-in caller was refused a root field, `details.field`, with FORBIDDEN; `details.needs` names the permissions. ' +
    'Of many within a minute the first are recorded, and one event with `details.count` for the others.',
  RATE_LIMITED:
    'A call exceeded the limit `details.limit` of an address, a caller or a mailbox (`details.of`). Of many within a ' +
    'minute the first are recorded, and one event with `details.count` for the others.',
  SIGNING_KEY_ROTATED: 'Access tokens are signed with a new key, `details.kid`.',
  SIGNING_KEY_REVOKED: 'The key `details.kid` was revoked; access tokens that it signed no longer work.',
  DATABASE_RESTORED:
    'The operator restored a backup, taken at `details.takenAt`; what happened between that and this event is not in the record.',
  USERS_EXPORTED:
    'All accounts were written to a file; `details.secrets` tells whether with hashes of passwords and seeds.',
  EVENTS_EXPORTED:
    'Security events were exported with `beginSecurityEventExport`; `details.filter` says which, unless it was all.',
};
