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
        setRole(found);
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

/** Tells when somebody else changes the role. Without the right to events, the preview finds out with the next change. */
export function useOthersChanges(roleId: string, viewerId: string, onChange: (by: string | null) => void): void {
  const mayFollow = useCan()('read', 'security-event');
  useEffect(() => {
    if (!mayFollow) return undefined;
    const filter = { types: ['ROLE_UPDATED', 'ROLE_DELETED'] as const };
    const events = gatehouse.follow(ConsoleRoleChangesDocument, { filter } as never);
    const listen = async () => {
      for await (const { securityEvents: event } of events)
        if (event.details['roleId'] === roleId && event.actorId !== viewerId) onChange(event.actorName ?? null);
    };
    void listen().catch(() => undefined);
    return () => void events.return?.();
  }, [mayFollow, roleId, viewerId, onChange]);
}
