import { Parameters } from './keyset.js';
import type { Sql } from './sql.js';

/** Identifies one parent's list: the parent, and in subtypes everything else that the list depends on. */
export interface ListKey {
  readonly parentId: string;
}

/** SQL of a child list. */
export interface ChildRows {
  readonly columns: string;
  /** `from … where …`; refers to the parent as `parent.id`. */
  readonly source: string;
  readonly orderBy: string;
  readonly limit: number;
}

type Asked<Key extends ListKey> = Omit<Key, 'parentId'>;
type Describe<Key extends ListKey, Description> = (asked: Asked<Key>, parameters: Parameters) => Description;

/**
 * Reads one list for each key, at most `limit` rows of each. Keys that differ only in their parent share one statement.
 * @param describe builds the SQL of the list for a group of keys that differ only in their parent
 * @returns for each key, in order, its rows, or the error of its statement
 */
export const childRows = <Row, Key extends ListKey>(
  sql: Sql,
  keys: readonly Key[],
  describe: Describe<Key, ChildRows>,
): Promise<(Row[] | Error)[]> => ofEach(keys, (group) => readLists<Row, Key>(sql, group, describe));

/**
 * Counts the rows of each list without a limit. Keys that differ only in their parent share one statement.
 * @param describe builds `from … where …`
 * @returns for each key, in order, the count, or the error of its statement
 */
export const childCounts = <Key extends ListKey>(
  sql: Sql,
  keys: readonly Key[],
  describe: Describe<Key, string>,
): Promise<(number | Error)[]> => ofEach(keys, (group) => readCounts(sql, group, describe));

/** Keys that differ only in their parent. */
interface Group<Key extends ListKey> {
  readonly asked: Asked<Key>;
  readonly parentIds: string[];
}

async function ofEach<Value, Key extends ListKey>(
  keys: readonly Key[],
  read: (group: Group<Key>) => Promise<Map<string, Value>>,
): Promise<(Value | Error)[]> {
  const reads = new Map([...alike(keys)].map(([name, group]) => [name, read(group)]));
  const values = keys.map(async (key) => (await reads.get(nameOf(key)))?.get(key.parentId) as Value);
  const settled = await Promise.allSettled(values);
  return settled.map((value) => (value.status === 'fulfilled' ? value.value : (value.reason as Error)));
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
  describe: Describe<Key, ChildRows>,
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

async function readCounts<Key extends ListKey>(
  sql: Sql,
  { asked, parentIds }: Group<Key>,
  describe: Describe<Key, string>,
): Promise<Map<string, number>> {
  const parameters = new Parameters();
  const parents = parameters.add(parentIds);
  const text = `select parent.id, (select count(*) ${describe(asked, parameters)})::int as count
    from unnest(${parents}::uuid[]) as parent (id)`;
  const rows = await sql.rows<{ id: string; count: number }>(text, parameters.values);
  return new Map(rows.map(({ id, count }) => [id, count]));
}
