import { useEffect, useState } from 'react';
import { gatehouse } from '../../session';
import { ConsoleGrantableRolesDocument, type ConsoleGrantableRolesQuery } from './operations';

export type ListedRole = ConsoleGrantableRolesQuery['rolesConnection']['nodes'][number];

/** The service allows no more. */
const mostRoles = 1000;

/** All roles that the viewer may read, the highest level first; none until they are loaded. */
export function useRoles(isAllowed: boolean): readonly ListedRole[] {
  const [roles, setRoles] = useState<readonly ListedRole[]>([]);
  useEffect(() => {
    let isShown = true;
    const load = async () => {
      const all = await everyRole();
      if (isShown) setRoles(all);
    };
    if (isAllowed) load().catch(() => undefined);
    return () => {
      isShown = false;
    };
  }, [isAllowed]);
  return roles;
}

async function everyRole(): Promise<readonly ListedRole[]> {
  const all: ListedRole[] = [];
  for (let after: string | null = null; all.length < mostRoles; ) {
    const { rolesConnection }: ConsoleGrantableRolesQuery = await gatehouse.request(ConsoleGrantableRolesDocument, {
      after,
    });
    all.push(...rolesConnection.nodes);
    after = rolesConnection.pageInfo.endCursor;
    if (!rolesConnection.pageInfo.hasNextPage) break;
  }
  return all;
}
