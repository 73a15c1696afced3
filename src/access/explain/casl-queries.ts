/** A MongoDB query of the form that CASL's matcher reads: comparisons, `$or` and `$nor`, but no `$and`. */
export type Query = Readonly<Record<string, unknown>>;

/**
 * Rewrites conditions so that CASL's own matcher decides as MongoDB does. Unchanged, it differs in three cases: it does
 * not treat an attribute below a non-document as missing, it does not find null in `$in` for a missing attribute, and
 * it does not match `$exists: false` when only one document of a list lacks the attribute.
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

/**
 * Joins two queries that must both match. With a common key the second is added as a double negation, for lack of
 * `$and`.
 */
export function both(one: Query, other: Query): Query {
  if (!Object.keys(other).some((key) => Object.hasOwn(one, key))) return { ...one, ...other };
  const nor = Object.hasOwn(one, '$nor') ? (one['$nor'] as Query[]) : [];
  return { ...one, $nor: [...nor, { $nor: [other] }] };
}

type Operators = Readonly<Record<string, unknown>>;

const isOperators = (value: unknown): value is Operators =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * @returns queries that must all match: one with the operators that need no rewriting, and one for each other operator
 */
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

/** @returns undefined when the operator needs no rewriting */
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

/** Matches any document and nothing else: conditions cannot name the attribute `-`, so every document lacks it. */
const isDocument = { '-': null } as const;
/** Excludes lists: CASL matches `$all: []` for lists only. */
const isNoList = { $not: { $all: [] } } as const;

/**
 * Queries of which one matches exactly when the attribute is null or missing, in a document or in a document of a list.
 * Uses no operator beside the attributes, because CASL does not accept one within `$elemMatch`.
 * @param before part of the path that is known not to be a list
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
