import { useCallback, useEffect, useRef, useState } from 'react';
import type { GatehouseError } from '../../../client/gatehouse';
import { gatehouse } from '../../session';
import { asGatehouseError } from '../../use-loaded';
import { useCan } from '../ui/viewer';
import { type EditedRole, loadRole } from './load-role';
import { ConsoleRoleChangesDocument } from './operations';

/** A role and how it is read anew. @returns role: undefined before the first answer, null when there is none */
export function useRole(id: string) {
  const [role, setRole] = useState<EditedRole | null>();
  const [error, setError] = useState<GatehouseError>();
  const newest = useRef(0);
  const reload = useCallback(async () => {
    newest.current += 1;
    const own = newest.current;
    // An answer to an earlier question may come last, and would hide somebody's change.
    const isNewest = () => own === newest.current;
    try {
      const found = await loadRole(id);
      if (isNewest()) {
        // The same object as long as nothing has changed: a draft begins with it.
        setRole((before) => (JSON.stringify(before) === JSON.stringify(found) ? before : found));
        setError(undefined);
      }
      return found;
    } catch (reason) {
      if (isNewest()) setError(asGatehouseError(reason));
      return undefined;
    }
  }, [id]);
  useEffect(() => void reload(), [reload]);
  return { role, error, reload };
}

/**
 * Tells when the role is changed, also by the viewer in another window. Without the right to events, the preview finds out with
 * the next change of the draft.
 * @param onChange gets the actor's id and name
 */
export function useRoleChanges(roleId: string, onChange: (id: string | null, name: string | null) => void): void {
  const mayFollow = useCan()('read', 'security-event');
  useEffect(() => {
    if (!mayFollow) return undefined;
    const filter = { types: ['ROLE_UPDATED', 'ROLE_DELETED'] as const };
    const events = gatehouse.follow(ConsoleRoleChangesDocument, { filter } as never);
    const listen = async () => {
      for await (const { securityEvents: event } of events)
        if (event.details['roleId'] === roleId) onChange(event.actorId, event.actorName);
    };
    void listen().catch(() => undefined);
    return () => void events.return?.();
  }, [mayFollow, roleId, onChange]);
}
