import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { GatehouseError } from '../../../client/gatehouse';
import { gatehouse } from '../../session';
import { asGatehouseError } from '../../use-loaded';
import { ConsoleRoleMapDocument, type ConsoleRoleMapQuery } from './operations';

export interface MappedRole {
  readonly id: string;
  readonly name: string;
  /** The role of administrators, which permits everything. */
  readonly isUnlimited: boolean;
  /** By resource:action. */
  readonly permits: ReadonlyMap<string, 'always' | 'conditions'>;
}

/** Small, because the permissions of each role come with it. */
const pageSize = 20;

/** All roles with what they permit, page by page; those that are there are shown meanwhile. */
export function useRoleMap() {
  const [roles, setRoles] = useState<readonly MappedRole[]>([]);
  const [isLoading, setLoading] = useState(true);
  const [error, setError] = useState<GatehouseError>();
  const newest = useRef(0);
  const reload = useCallback(async () => {
    newest.current += 1;
    const own = newest.current;
    setLoading(true);
    setError(undefined);
    try {
      const found: MappedRole[] = [];
      for (let after: string | null = null; ; ) {
        const { rolesConnection: page }: ConsoleRoleMapQuery = await gatehouse.request(ConsoleRoleMapDocument, {
          first: pageSize,
          after,
        });
        if (own !== newest.current) return;
        found.push(...page.nodes.map(mapped));
        setRoles([...found]);
        if (!page.pageInfo.hasNextPage) break;
        after = page.pageInfo.endCursor ?? null;
      }
    } catch (reason) {
      if (own === newest.current) setError(asGatehouseError(reason));
    }
    if (own === newest.current) setLoading(false);
  }, []);
  useEffect(() => {
    void reload();
    return () => {
      newest.current += 1;
    };
  }, [reload]);
  const terms = useMemo(() => [...new Set(roles.flatMap(({ permits }) => [...permits.keys()]))].sort(), [roles]);
  return { roles, terms, isLoading, error, reload: () => void reload() };
}

const mapped = ({
  id,
  name,
  isSystem,
  permissions,
}: ConsoleRoleMapQuery['rolesConnection']['nodes'][number]): MappedRole => ({
  id,
  name,
  isUnlimited: isSystem && name === 'admin',
  permits: new Map(
    permissions.map(({ resource, action, conditions }) => [
      `${resource}:${action}`,
      conditions ? 'conditions' : 'always',
    ]),
  ),
});
