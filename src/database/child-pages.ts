import { type ChildRows, childRows, type ListKey } from './child-rows.js';
import type { Parameters, Window } from './keyset.js';
import { keysetOf, type Order, type Placed, refusingCursors } from './pages.js';
import type { Sql } from './sql.js';

/** Identifies one page of one parent's list, for example the first 20 posts of one user. */
export interface PageKey extends ListKey {
  readonly window: Window;
}

/** A list that can be read page by page. */
interface ChildList extends Pick<ChildRows, 'columns' | 'source'> {
  readonly order: Order;
}

type Asked<Key extends ListKey> = Omit<Key, 'parentId' | 'window'>;
type Describe<Key extends ListKey> = (asked: Asked<Key>, parameters: Parameters) => ChildList;

/**
 * Reads one page for each key. Keys that differ only in their parent share one statement.
 * @param describe builds the SQL of the list for a group of keys that differ only in their parent
 * @returns for each key, in order, its rows, or the error of its statement. There is one row more than the page holds
 *   when another page follows. A cursor that does not belong to the list gives a BAD_USER_INPUT error.
 */
export async function childPages<Row, Key extends PageKey>(
  sql: Sql,
  keys: readonly Key[],
  describe: Describe<Key>,
): Promise<(Placed<Row>[] | Error)[]> {
  const lists = await childRows<Placed<Row>, Key>(sql, keys, ({ window, ...asked }, parameters) => {
    const { columns, source, order } = describe(asked as unknown as Asked<Key>, parameters);
    const { bounds, orderBy } = keysetOf(window, order, parameters);
    return {
      columns: `${columns}, (${order.expression})::text as "position"`,
      source: [source, ...bounds].join(' and '),
      orderBy,
      limit: window.size + 1,
    };
  });
  return Promise.all(lists.map((list) => (list instanceof Error ? refused(list) : list)));
}

const refused = (error: Error): Promise<Error> =>
  refusingCursors(Promise.reject<never>(error)).catch((reason: Error) => reason);
