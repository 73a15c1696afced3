import { useCallback, useEffect, useRef, useState } from 'react';
import type { GatehouseError } from '../../../client/gatehouse';
import type { TypedDocument } from '../../../client/post';
import { gatehouse } from '../../session';
import { asGatehouseError } from '../../use-loaded';

/** A page of a list, as connections of the API give it. */
export interface PageOf<Node> {
  readonly nodes: readonly Node[];
  readonly totalCount?: number | null;
  readonly pageInfo: {
    readonly hasNextPage?: boolean;
    readonly endCursor?: string | null;
    readonly hasPreviousPage?: boolean;
    readonly startCursor?: string | null;
  };
}

export interface Pages<Node> {
  readonly rows: readonly Node[];
  /** Undefined until the first answer, and where the list is not counted. */
  readonly total: number | undefined;
  readonly hasMore: boolean;
  readonly isLoading: boolean;
  readonly error: GatehouseError | undefined;
  /** Reads the next page, once at a time; also after an error. */
  readonly loadMore: () => void;
  /** Reads the list anew from its beginning; the rows stay until the answer is there. */
  readonly reload: () => void;
}

/** `backward` reads with `last` and `before`, for lists whose newest rows stand at their end; rows are newest first then. */
export type Direction = 'forward' | 'backward';

interface State<Node> {
  readonly rows: readonly Node[];
  readonly total: number | undefined;
  readonly cursor: string | null;
  readonly hasMore: boolean;
  readonly isLoading: boolean;
  readonly error: GatehouseError | undefined;
}

const empty = { rows: [], total: undefined, cursor: null, hasMore: true, isLoading: true, error: undefined };

/**
 * Reads a list page by page. When the variables change it begins anew: the answer to the newest question is shown, the rows
 * before stay until then.
 * @param read finds the page in an answer
 */
export function usePages<Result, Node>(
  document: TypedDocument<Result, never>,
  variables: Readonly<Record<string, unknown>>,
  read: (result: Result) => PageOf<Node>,
  { size = 50, direction = 'forward' }: { readonly size?: number; readonly direction?: Direction } = {},
): Pages<Node> {
  const [state, setState] = useState<State<Node>>(empty);
  const newest = useRef(0);
  const busy = useRef(false);
  const readPage = useRef(read);
  readPage.current = read;
  const key = JSON.stringify(variables);

  const load = useCallback(
    async (from: string | null) => {
      newest.current += 1;
      const own = newest.current;
      busy.current = true;
      setState((before) => ({ ...before, isLoading: true, error: undefined }));
      const place = direction === 'forward' ? { first: size, after: from } : { last: size, before: from };
      try {
        const asked = { ...JSON.parse(key), ...place } as never;
        const page = readPage.current(await gatehouse.request(document, asked));
        if (own === newest.current)
          setState((before) => joined(from === null ? [] : before.rows, page, direction, before));
      } catch (reason) {
        if (own === newest.current)
          setState((before) => ({ ...before, isLoading: false, error: asGatehouseError(reason) }));
      }
      if (own === newest.current) busy.current = false;
    },
    [document, key, size, direction],
  );
  useEffect(() => {
    void load(null);
    return () => {
      newest.current += 1;
    };
  }, [load]);
  const { rows, total, cursor, hasMore, isLoading, error } = state;
  const loadMore = useCallback(() => {
    if (hasMore && !busy.current) void load(cursor);
  }, [hasMore, cursor, load]);
  const reload = useCallback(() => void load(null), [load]);
  return { rows, total, hasMore, isLoading, error, loadMore, reload };
}

function joined<Node>(
  before: readonly Node[],
  { nodes, totalCount, pageInfo }: PageOf<Node>,
  direction: Direction,
  { total }: State<Node>,
): State<Node> {
  const isForward = direction === 'forward';
  return {
    rows: [...before, ...(isForward ? nodes : [...nodes].reverse())],
    total: totalCount ?? total,
    cursor: (isForward ? pageInfo.endCursor : pageInfo.startCursor) ?? null,
    hasMore: (isForward ? pageInfo.hasNextPage : pageInfo.hasPreviousPage) ?? false,
    isLoading: false,
    error: undefined,
  };
}
