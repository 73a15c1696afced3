/** In the words of MongoDB, as CASL's matcher reads it: comparisons, `$or` and `$nor`, without `$and`. */
export type Query = Readonly<Record<string, unknown>>;

/**
 * The same conditions so that CASL's own matcher decides as MongoDB and we do. Left to itself it takes nothing but a
 * document for one that lacks an attribute, finds no null in a list of values where the attribute is missing, and
 * `$exists: false` in a list of which one element lacks it.
 * @param query with placeholders filled in
 */
export function caslQueryOf(query: Query): Query {
  const parts = Object.entries(query).flatMap(([key, value]) => {
    if (key === '$and') return (value as Query[]).map(caslQueryOf);
    if (key === '$or' || key === '$nor') return [{ [key]: (value as Query[]).map(caslQueryOf) }];
    return fieldQueries(key, isOperators(value) ? value : { $eq: value });
  });
  return parts.reduce(both, {});
}

/** Side by side, or where they speak of the same attribute the second as a double negation: there is no `$and`. */
export function both(one: Query, other: Query): Query {
  if (!Object.keys(other).some((key) => Object.hasOwn(one, key))) return { ...one, ...other };
  const nor = Object.hasOwn(one, '$nor') ? (one['$nor'] as Query[]) : [];
  return { ...one, $nor: [...nor, { $nor: [other] }] };
}

type Operators = Readonly<Record<string, unknown>>;

const isOperators = (value: unknown): value is Operators =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** @returns what must all hold: the operators that CASL has as MongoDB has them, and the others, each in its words */
function fieldQueries(path: string, operators: Operators): Query[] {
  const plain: Record<string, unknown> = {};
  const others: Query[] = [];
  for (const [name, operand] of Object.entries(operators)) {
    const query = rewritten(path, name, operand);
    if (query) others.push(query);
    else plain[name] = operand;
  }
  const names = Object.keys(plain);
  if (names.length === 0) return others;
  return [{ [path]: names.length === 1 && names[0] === '$eq' ? plain['$eq'] : plain }, ...others];
}

/** @returns undefined where nothing is to be rewritten */
function rewritten(path: string, name: string, operand: unknown): Query | undefined {
  const isNested = path.includes('.');
  const lacks = () => lacking('', path.split('.'));
  if (name === '$not') {
    const inside = fieldQueries(path, operand as Operators);
    const isPlain = inside.length === 1 && Object.hasOwn(inside[0] ?? {}, path);
    return isPlain ? undefined : { $nor: [inside.reduce(both, {})] };
  }
  if (name === '$exists') return isNested && operand === false ? { $nor: [{ [path]: { $exists: true } }] } : undefined;
  if (name === '$eq') return isNested && operand === null ? { $or: lacks() } : undefined;
  if (name === '$ne') return isNested && operand === null ? { $nor: lacks() } : undefined;
  const isList = name === '$in' || name === '$nin';
  if (!isList || !(operand as unknown[]).includes(null)) return undefined;
  const values = (operand as unknown[]).filter((value) => value !== null);
  const ways = [...(values.length > 0 ? [{ [path]: { $in: values } }] : []), ...lacks()];
  return name === '$in' ? { $or: ways } : { $nor: ways };
}

/** No condition can ask for an attribute of this name, so every document lacks it, and nothing else does. */
const isDocument = { '-': null } as const;
/** CASL finds that in lists alone. */
const isNoList = { $not: { $all: [] } } as const;

/**
 * The ways in which an attribute can be null or missing, in a document or in one of a list of them. Of each all must hold;
 * there is no operator beside the attributes, which CASL would not take within `$elemMatch`.
 * @param before of the path, up to what is known to be no list
 */
function lacking(before: string, [segment = '', ...rest]: readonly string[]): Query[] {
  const path = before ? `${before}.${segment}` : segment;
  if (rest.length === 0) return before ? [{ [path]: null }, { [path]: { $exists: false } }] : [{ [path]: null }];
  const inElement = rest.length > 1 ? isDocument : {};
  return [
    ...lacking(path, rest).map((way) => ({ [path]: isNoList, ...way })),
    ...lacking('', rest).map((way) => ({ [path]: { $elemMatch: { ...inElement, ...way } } })),
  ];
}
