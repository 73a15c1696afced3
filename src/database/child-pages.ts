import { type ChildRows, childRows, type ListKey } from './child-rows.js';
import type { Parameters, Window } from './keyset.js';
import { keysetOf, type Order, type Placed, refusingCursors } from './pages.js';
import type { Sql } from './sql.js';

/** Names a page of a list that each of many parents has. */
export interface PageKey extends ListKey {
  readonly window: Window;
}

/** A list that can be walked from page to page. */
interface ChildList extends Pick<ChildRows, 'columns' | 'source'> {
  readonly order: Order;
}

type Asked<Key extends ListKey> = Omit<Key, 'parentId' | 'window'>;
type Describe<Key extends ListKey> = (asked: Asked<Key>, parameters: Parameters) => ChildList;

/**
 * Reads pages of many parents' lists, one statement for all that are alike.
 * @returns rows for each, one more than its page holds when there are more, or the error that its cursors are
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
      columns: `${columns}, (${order.expression})::text as place`,
      source: [source, ...bounds].join(' and '),
      orderBy,
      limit: window.size + 1,
    };
  });
  return Promise.all(lists.map((list) => (list instanceof Error ? refused(list) : list)));
}

const refused = (error: Error): Promise<Error> =>
  refusingCursors(Promise.reject<never>(error)).catch((reason: Error) => reason);
