import type { FieldError, GatehouseError } from '../../../client/gatehouse';
import { serverNow } from '../../server-clock';
import { gatehouse } from '../../session';
import type { Values } from '../../use-form';
import { asGatehouseError } from '../../use-loaded';
import { changedMeanwhile, type Undoing } from '../ui/undoing';
import { acts, type Errors } from './acts';
import {
  ConsolePersonStateDocument,
  type ConsolePersonStateFragment,
  type ConsolePersonStateQuery,
} from './operations';
import { grantUndoably, revokeUndoably } from './undo-grants';

/** What can be done with an account as a whole, alone or with many at once. */
export type Act =
  | 'lock'
  | 'unlock'
  | 'deactivate'
  | 'reactivate'
  | 'endSessions'
  | 'makeAdmin'
  | 'takeAdmin'
  | 'grant'
  | 'revoke';

/** What the API refused; and how it is undone, where it can be. */
export interface Done {
  readonly errors: Errors;
  readonly undo?: Undoing | undefined;
  /** Why the sessions that were to be ended with it go on, although the rest was done. */
  readonly sessionsGoOn?: FieldError | GatehouseError | undefined;
}

type State = ConsolePersonStateFragment;
type Before = NonNullable<ConsolePersonStateQuery['user']>;

const stateOf = async (id: string): Promise<Before | null> =>
  (await gatehouse.request(ConsolePersonStateDocument, { id })).user;

/**
 * Does something with a person.
 * @param values of the form: `until`, `reason`, `endSessions`, `roleId`, `expiresAt`
 * @throws GatehouseError
 */
export async function perform(act: Act, id: string, values: Values): Promise<Done> {
  const { roleId = '', expiresAt } = values;
  if (act === 'grant') return grantUndoably(id, roleId, expiresAt || null);
  if (act === 'revoke') return revokeUndoably(id, roleId);
  if (act === 'endSessions') return { errors: await acts.endSessions(id) };
  const before = await stateOf(id);
  const { errors, user } = await change(act, id, values);
  if (errors.length > 0 || !before || !user) return { errors };
  const sessionsGoOn = act === 'lock' && values['endSessions'] ? await refusalToEndSessions(id) : undefined;
  return { errors, undo: undoOf(before, user), sessionsGoOn };
}

/** Ends the sessions of somebody who is locked already. @returns why not */
async function refusalToEndSessions(id: string): Promise<FieldError | GatehouseError | undefined> {
  try {
    return (await acts.endSessions(id))[0];
  } catch (reason) {
    return asGatehouseError(reason);
  }
}

type Change = Exclude<Act, 'endSessions' | 'grant' | 'revoke'>;

function change(act: Change, id: string, { until = '', reason }: Values) {
  const why = reason?.trim() || null;
  const changes: Record<Change, () => ReturnType<typeof acts.lock>> = {
    lock: () => acts.lock(id, until, why),
    unlock: () => acts.unlock(id),
    deactivate: () => acts.deactivate(id, why),
    reactivate: () => acts.reactivate(id),
    makeAdmin: () => acts.setAdministrator(id, true),
    takeAdmin: () => acts.setAdministrator(id, false),
  };
  return changes[act]();
}

/** @returns undefined when nothing was changed, or what was cannot be brought back */
function undoOf(before: Before, left: State): Undoing | undefined {
  const { id } = before;
  const unless =
    (field: keyof State, undo: () => Promise<{ readonly errors: Errors }>): Undoing =>
    async () => {
      const now = await stateOf(id);
      return now?.[field] === left[field] ? (await undo()).errors : changedMeanwhile;
    };
  if (before.isActive !== left.isActive)
    return unless('isActive', () => (before.isActive ? acts.reactivate(id) : acts.deactivate(id, null)));
  if (before.isAdmin !== left.isAdmin)
    return unless('isAdmin', () => acts.setAdministrator(id, before.isAdmin === true));
  if (before.lockedUntil === left.lockedUntil) return undefined;
  const { lockedUntil: until } = before;
  if (until === null) return left.viewerCanUnlock ? unless('lockedUntil', () => acts.unlock(id)) : undefined;
  if (!before.viewerCanLock) return undefined;
  // A lock that would have ended by now has nothing left to be brought back.
  return unless('lockedUntil', () => (Date.parse(until) > serverNow() ? acts.lock(id, until, null) : acts.unlock(id)));
}
