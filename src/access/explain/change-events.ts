import { seconds } from '../../clock.js';
import { Parameters } from '../../database/keyset.js';
import type { Operation } from '../../operation.js';
import { may, mayOwn } from '../../policy/policy.js';
import { rangeConditions, type SequenceRange, sequenceRange } from '../../security-events/event-range.js';
import { type SubjectsEventRow, subjectsColumns } from '../../security-events/event-rows.js';
import { SecurityEventType } from '../../security-events/event-types.js';
import { asReadBy } from '../../security-events/subjects-view.js';
import type { AccessChange, AccessChanges } from './access-changes.js';
import { AccessChangeKind, type Cause } from './change-causes.js';

const type = SecurityEventType;
const ofSubject = [
  ...[type.USER_REGISTERED, type.USER_CREATED, type.USER_UPDATED, type.USER_DEACTIVATED, type.USER_REACTIVATED],
  ...[type.REGISTRATION_DISOWNED, type.EMAIL_CHANGED, type.EMAIL_CHANGE_UNDONE],
  ...[type.ROLE_GRANTED, type.ROLE_REVOKED, type.ROLE_EXPIRED],
];
const ofRoles = [type.ROLE_UPDATED, type.ROLE_DELETED];

/** An event without the id of the row that it reports belongs to changes that are at most this far from it. */
const near = seconds(2);
/** The events of grants that expired are written by a job. */
const latest = seconds(86_400);
/** Most events of one kind that are read for a page. */
const mostRead = 2000;

/**
 * Reads the security events that report the changes of a page, as far as the caller may read them: all with
 * `security-event:read`, otherwise those that happened to themself.
 * @returns for each change its events, the oldest first
 */
export async function eventsOfChanges(
  operation: Operation,
  { userId, changes }: AccessChanges,
): Promise<ReadonlyMap<AccessChange, readonly SubjectsEventRow[]>> {
  const instants = changes.map(({ at }) => at.getTime());
  const mayReadAll = may(operation.caller, 'security-event:read');
  const isOwn = operation.caller?.userId === userId && mayOwn(operation.caller, 'session:read');
  if (instants.length === 0 || !(mayReadAll || isOwn)) return new Map();
  const { sql } = operation.services.database;
  const range = await sequenceRange(sql, {
    since: new Date(Math.min(...instants) - near),
    until: new Date(Math.max(...instants) + latest),
  });
  if (range === 'empty') return new Map();
  const roleIds = mayReadAll ? rolesOf(changes) : [];
  const { text, values } = statement(userId, roleIds, range);
  const events = await sql.rows<SubjectsEventRow>(text, values, 'fresh');
  return new Map(
    changes.map((change) => [
      change,
      events.filter((event) => reports(event, change)).map((one) => asReadBy(operation, one)),
    ]),
  );
}

const rolesOf = (changes: readonly AccessChange[]): string[] => [
  ...new Set(changes.flatMap(({ causes }) => causes.flatMap(({ role }) => (role ? [role.id] : [])))),
];

function statement(userId: string, roleIds: readonly string[], range: SequenceRange) {
  const parameters = new Parameters();
  const within = ['true', ...rangeConditions(range, parameters)].join(' and ');
  const newest = (where: string) =>
    `(select ${subjectsColumns} from security_events e where ${where} and ${within} order by e.sequence desc limit ${mostRead})`;
  const typed = (types: readonly SecurityEventType[]) => `e.type = any(${parameters.add(types)})`;
  const subjects = newest(`e.subject_id = ${parameters.add(userId)}::uuid and ${typed(ofSubject)}`);
  const roles = newest(`${typed(ofRoles)} and e.details->>'roleId' = any(${parameters.add(roleIds)})`);
  return { text: `select * from (${subjects} union all ${roles}) e order by e.sequence`, values: parameters.values };
}

const reports = (event: SubjectsEventRow, { at, causes }: AccessChange): boolean =>
  causes.some((cause) => isOf(event, cause, Math.abs(event.occurredAt.getTime() - at.getTime()) <= near));

/** The types of events that report a cause, and which of them. */
const kinds: Readonly<Record<AccessChangeKind, (event: SubjectsEventRow, cause: Cause, isNear: boolean) => boolean>> = {
  ACCOUNT_CREATED: ({ type: is }, _cause, isNear) => isNear && [type.USER_REGISTERED, type.USER_CREATED].includes(is),
  ACCOUNT_DEACTIVATED: ({ type: is }, _cause, isNear) =>
    isNear && [type.USER_DEACTIVATED, type.REGISTRATION_DISOWNED].includes(is),
  ACCOUNT_REACTIVATED: ({ type: is }, _cause, isNear) => isNear && is === type.USER_REACTIVATED,
  ADMINISTRATOR_MADE: (event, _cause, isNear) => isNear && setsFlag(event),
  ADMINISTRATOR_UNMADE: (event, _cause, isNear) => isNear && setsFlag(event),
  EMAIL_CHANGED: ({ type: is }, _cause, isNear) =>
    isNear && [type.EMAIL_CHANGED, type.EMAIL_CHANGE_UNDONE].includes(is),
  GRANT_BEGAN: (event, cause, isNear) => event.type === type.ROLE_GRANTED && isOfGrant(event, cause, isNear),
  GRANT_REVOKED: (event, cause, isNear) =>
    (event.type === type.ROLE_REVOKED && isOfGrant(event, cause, isNear)) || replaces(event, cause, isNear),
  GRANT_EXPIRED: (event, cause, isNear) => event.type === type.ROLE_EXPIRED && isOfGrant(event, cause, isNear),
  PERMISSION_ADDED: ({ details }, { permission }) => isPermission(details['added'], permission),
  PERMISSION_REMOVED: ({ details }, { permission }) => isPermission(details['removed'], permission),
  ROLE_RENAMED: (event, cause, isNear) => isNear && event.type === type.ROLE_UPDATED && isOfRole(event, cause),
  ROLE_DELETED: (event, cause) => event.type === type.ROLE_DELETED && isOfRole(event, cause),
  TIME_PASSED: () => false,
};

const isOf = (event: SubjectsEventRow, cause: Cause, isNear: boolean): boolean =>
  kinds[cause.kind](event, cause, isNear);

const isOfRole = ({ details }: SubjectsEventRow, { role }: Cause): boolean => details['roleId'] === role?.id;

/** The events of system roles do not name the grant. */
function isOfGrant(event: SubjectsEventRow, cause: Cause, isNear: boolean): boolean {
  const { grantId } = event.details;
  return grantId === undefined ? isNear && isOfRole(event, cause) : grantId === cause.grant?.id;
}

/** A grant with another end takes the place of one that is revoked; its event has both ends. */
const replaces = (event: SubjectsEventRow, cause: Cause, isNear: boolean): boolean =>
  isNear && event.type === type.ROLE_GRANTED && 'changes' in event.details && isOfRole(event, cause);

const setsFlag = ({ type: is, details }: SubjectsEventRow): boolean =>
  is === type.USER_UPDATED && typeof details['isAdmin'] === 'boolean';

const isPermission = (part: unknown, permission: Cause['permission']): boolean =>
  permission !== null && (part as { readonly permissionId?: unknown } | undefined)?.permissionId === permission.id;
