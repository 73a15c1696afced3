import { serverNow } from '../../server-clock';
import { gatehouse } from '../../session';
import { changedMeanwhile, type Undoing } from '../ui/undoing';
import { acts } from './acts';
import { ConsoleGrantsInForceDocument, type ConsoleGrantsInForceQuery } from './operations';
import type { Done } from './perform';

export type Grant = NonNullable<ConsoleGrantsInForceQuery['user']>['grantsConnection']['nodes'][number];

/** The grant by which somebody holds a role now. */
export async function grantOf(id: string, roleId: string): Promise<Grant | undefined> {
  for (let after: string | null = null; ; ) {
    const answer: ConsoleGrantsInForceQuery = await gatehouse.request(ConsoleGrantsInForceDocument, { id, after });
    const { user } = answer;
    if (!user) return undefined;
    const { nodes, pageInfo } = user.grantsConnection;
    const found = nodes.find(({ role, isActive }) => isActive && role.id === roleId);
    if (found || !pageInfo.hasNextPage) return found;
    after = pageInfo.endCursor;
  }
}

/** Grants a role. Undone, the role is held as before: until the same end, or not at all. */
export async function grantUndoably(id: string, roleId: string, expiresAt: string | null): Promise<Done> {
  const before = await grantOf(id, roleId);
  const { errors, grant } = await acts.grant(id, roleId, expiresAt);
  if (errors.length > 0 || !grant || grant.id === before?.id) return { errors };
  const undo: Undoing = async () => {
    if ((await grantOf(id, roleId))?.id !== grant.id) return changedMeanwhile;
    return before && isInFuture(before.expiresAt) ? giveBack(id, roleId, before) : acts.revoke(id, roleId);
  };
  return { errors, undo };
}

/** Revokes a role. Undone, it is granted until the same end. */
export async function revokeUndoably(id: string, roleId: string): Promise<Done> {
  const before = await grantOf(id, roleId);
  const errors = await acts.revoke(id, roleId);
  if (errors.length > 0 || !before) return { errors };
  const undo: Undoing = async () => ((await grantOf(id, roleId)) ? changedMeanwhile : giveBack(id, roleId, before));
  return { errors, undo };
}

const giveBack = async (id: string, roleId: string, { expiresAt }: Grant) =>
  (await acts.grant(id, roleId, expiresAt)).errors;

const isInFuture = (end: string | null): boolean => end === null || Date.parse(end) > serverNow();
