import type { Caller } from '../../policy/caller.js';
import type { SecurityEventRow } from '../../security-events/event-rows.js';
import { type Following, followEvents } from '../../security-events/follow-events.js';

export interface FollowingAccess extends Omit<Following, 'filter' | 'caller'> {
  readonly caller: Caller;
  /** The caller as of now; null when they are not signed in any more. */
  readonly callerNow: () => Promise<Caller | null>;
}

/**
 * Streams events after which the caller may do other things: a role was granted to them, revoked or has ended, a role that
 * they hold was changed or deleted, or the administrator flag changed. Events of roles that they do not hold are left out, so
 * that nobody learns of them. Without a cursor to begin behind, the first event comes at once: the newest of the record, behind
 * which the stream begins. Errors are those of `followEvents`.
 */
export function followAccess({ callerNow, ...following }: FollowingAccess): AsyncIterableIterator<SecurityEventRow> {
  const source = followEvents({ ...following, filter: { rightsOf: following.caller.userId } });
  let held = rolesOf(following.caller);
  const concerns = async (event: SecurityEventRow) => {
    const [before, now] = [held, rolesOf(await callerNow())];
    held = now;
    return isOfCaller(event, following.caller) || [...before, ...now].includes(String(event.details['roleId']));
  };
  let isFirst = following.after == null;
  const next = async (): Promise<IteratorResult<SecurityEventRow, undefined>> => {
    const newest = isFirst ? (await following.services.eventFeed.refresh()).newest : undefined;
    isFirst = false;
    if (newest && (await following.mayGoOn())) return { done: false, value: newest };
    for (;;) {
      const found = await source.next();
      if (found.done || (await concerns(found.value))) return found;
    }
  };
  const events: AsyncIterableIterator<SecurityEventRow> = {
    next,
    return: () => end(source),
    throw: () => end(source),
    [Symbol.asyncIterator]: () => events,
  };
  return events;
}

/** A pending `next` of the source ends, too. */
async function end(source: AsyncIterator<SecurityEventRow>): Promise<IteratorReturnResult<undefined>> {
  await source.return?.();
  return { done: true, value: undefined };
}

/** Of changes of the account itself only the administrator flag counts. */
const isOfCaller = ({ type, subjectId, details }: SecurityEventRow, { userId }: Caller): boolean =>
  subjectId === userId && (type !== 'USER_UPDATED' || 'isAdmin' in details);

const rolesOf = (caller: Caller | null): readonly string[] =>
  caller?.rights.standing.held.map(({ roleId }) => roleId) ?? [];
