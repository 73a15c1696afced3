import { useEffect, useMemo } from 'react';
import { usePages } from '../ui/use-pages';
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
const size = 20;
/** So many are loaded at once; those beyond when one scrolls near the end. */
const atOnce = 500;

const read = ({ rolesConnection: { nodes, ...page } }: ConsoleRoleMapQuery) => ({ ...page, nodes: nodes.map(mapped) });

/** The roles with what they permit, page by page; those that are there are shown meanwhile. */
export function useRoleMap(search: string) {
  const pages = usePages(ConsoleRoleMapDocument, { search }, read, { size });
  const { rows, hasMore, isLoading, error, loadMore } = pages;
  useEffect(() => {
    if (hasMore && !isLoading && !error && rows.length < atOnce) loadMore();
  }, [hasMore, isLoading, error, rows.length, loadMore]);
  const terms = useMemo(() => [...new Set(rows.flatMap(({ permits }) => [...permits.keys()]))].sort(), [rows]);
  return { ...pages, terms };
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
