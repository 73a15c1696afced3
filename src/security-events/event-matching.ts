import { isUuid } from '../database/uuid.js';
import { changesRights, type EventFilter, type SecurityEventRow } from './event-rows.js';
import { hasWords, soughtWords, wordsOf } from './event-words.js';

export type Matches = (event: SecurityEventRow) => boolean;

/**
 * The filter of a stream for events in memory. Selects the same events as the SQL of `eventConditions`, which
 * tests/security-events/event-matching.test.ts compares on the table.
 * @throws BAD_USER_INPUT for a text that `soughtWords` refuses
 */
export function matcherOf(filter: EventFilter | null | undefined): Matches {
  const conditions = filter ? conditionsOf(filter) : [];
  return (event) => conditions.every((holds) => holds(event));
}

function conditionsOf(filter: EventFilter): Matches[] {
  const { types, subjectId, actorId, personId, sessionId, requestId, ipAddress, text, since, until, rightsOf } = filter;
  const found: Matches[] = [];
  if (types) found.push((event) => types.includes(event.type));
  if (subjectId != null) found.push(hasId('subjectId', subjectId));
  if (actorId != null) found.push(hasId('actorId', actorId));
  if (personId != null) found.push(either(hasId('subjectId', personId), hasId('actorId', personId)));
  if (sessionId != null) found.push(hasId('sessionId', sessionId));
  if (requestId != null) found.push((event) => event.requestId === requestId);
  if (ipAddress != null) found.push((event) => event.ipAddress === ipAddress);
  if (text != null) found.push(hasText(text));
  // Rows hold microseconds and events milliseconds, rounded down; both compare alike with whole milliseconds.
  if (since) found.push(({ occurredAt }) => occurredAt >= since);
  if (until) found.push(({ occurredAt }) => occurredAt < until);
  if (rightsOf != null) found.push(mayChangeRightsOf(rightsOf));
  return found;
}

const either =
  (one: Matches, other: Matches): Matches =>
  (event) =>
    one(event) || other(event);

/** PostgreSQL reads ids in any case and writes them in small letters. A malformed id matches nothing. */
function hasId(column: 'subjectId' | 'actorId' | 'sessionId', id: string): Matches {
  if (!isUuid(id)) return () => false;
  const wanted = id.toLowerCase();
  return (event) => event[column] === wanted;
}

function mayChangeRightsOf(userId: string): Matches {
  const isSubject = hasId('subjectId', userId);
  const ofSubject: readonly string[] = changesRights.ofSubject;
  const ofRoles: readonly string[] = changesRights.ofRoles;
  return (event) => ofRoles.includes(event.type) || (ofSubject.includes(event.type) && isSubject(event));
}

function hasText(text: string): Matches {
  const sought = soughtWords(text);
  return ({ details }) => hasWords(wordsInMemory(details), sought);
}

/** By the details of events in memory, so that many streams split them once. */
const split = new WeakMap<object, ReadonlySet<string>>();

function wordsInMemory(details: SecurityEventRow['details']): ReadonlySet<string> {
  const words = split.get(details) ?? new Set(wordsOf(details));
  split.set(details, words);
  return words;
}
