import { Parameters } from './keyset.js';
import type { Sql } from './sql.js';

/** Names a list that each of many parents has: whose, and whatever else it depends on. */
export interface ListKey {
  readonly parentId: string;
}

/** Lists in SQL, as long as they may be. */
interface ChildRows {
  readonly columns: string;
  /** `from … where …`, in which `parent.id` is whose they are. */
  readonly source: string;
  readonly orderBy: string;
  readonly limit: number;
}

type Asked<Key extends ListKey> = Omit<Key, 'parentId'>;
type Describe<Key extends ListKey> = (asked: Asked<Key>, parameters: Parameters) => ChildRows;

/**
 * Reads the lists of many parents, one statement for all that differ in nothing else, and of each no row beyond its limit.
 * @returns a list for each key, in order, or the error that reading it is
 */
export async function childRows<Row, Key extends ListKey>(
  sql: Sql,
  keys: readonly Key[],
  describe: Describe<Key>,
): Promise<(Row[] | Error)[]> {
  const reads = new Map<string, Promise<Map<string, Row[]>>>();
  for (const [name, group] of alike(keys)) reads.set(name, readLists(sql, group, describe));
  const lists = keys.map(async (key) => (await reads.get(nameOf(key)))?.get(key.parentId) ?? []);
  const settled = await Promise.allSettled(lists);
  return settled.map((list) => (list.status === 'fulfilled' ? list.value : (list.reason as Error)));
}

/** Lists that differ only in whose they are. */
interface Group<Key extends ListKey> {
  readonly asked: Asked<Key>;
  readonly parentIds: string[];
}

const askedOf = <Key extends ListKey>({ parentId: _parentId, ...asked }: Key): Asked<Key> => asked;
const nameOf = (key: ListKey): string => JSON.stringify(askedOf(key));

function alike<Key extends ListKey>(keys: readonly Key[]): Map<string, Group<Key>> {
  const groups = new Map<string, Group<Key>>();
  for (const key of keys) {
    const name = nameOf(key);
    const group = groups.get(name) ?? { asked: askedOf(key), parentIds: [] };
    group.parentIds.push(key.parentId);
    groups.set(name, group);
  }
  return groups;
}

async function readLists<Row, Key extends ListKey>(
  sql: Sql,
  { asked, parentIds }: Group<Key>,
  describe: Describe<Key>,
): Promise<Map<string, Row[]>> {
  const parameters = new Parameters();
  const parents = parameters.add(parentIds);
  const { columns, source, orderBy, limit } = describe(asked, parameters);
  const text = `select parent.id as "parentId", listed.* from unnest(${parents}::uuid[]) as parent (id) cross join lateral (
      select ${columns}, row_number() over (order by ${orderBy}) as nth ${source}
      order by ${orderBy} limit ${parameters.add(limit)}) listed
    order by listed.nth`;
  const rows = await sql.rows<Row & { parentId: string }>(text, parameters.values);
  const lists = new Map<string, Row[]>(parentIds.map((id) => [id, []]));
  for (const row of rows) lists.get(row.parentId)?.push(row);
  return lists;
}
