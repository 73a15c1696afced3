import type { Json } from '../attributes/json.js';

/** Conditions of a permission, as the API has them. */
export type Conditions = Readonly<Record<string, Json>>;

/** So that what is typed stays with its part when others are taken out. */
interface Identified {
  readonly id: number;
}

let last = 0;
/** @returns an id that no other part has */
export const newId = (): number => {
  last += 1;
  return last;
};

/** One comparison. The operator is that of the API; `is` compares with a value that stands alone. */
export interface Clause extends Identified {
  readonly kind: 'clause';
  readonly attribute: string;
  readonly operator: string;
  readonly value: Json;
}

/**
 * Conditions that are joined: `all`, `any` of them, or `not` all of them.
 * `isListed` tells `$and: […]` from an object with several members, which means the same.
 */
export interface Group extends Identified {
  readonly kind: 'all' | 'any' | 'not';
  readonly isListed: boolean;
  readonly children: readonly Part[];
}

export type Part = Clause | Group;

const isObject = (value: unknown): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads conditions as a tree for the builder; `asConditions` gives back the same conditions. */
export function asTree(conditions: unknown): Group {
  return { id: newId(), kind: 'all', isListed: false, children: isObject(conditions) ? partsOf(conditions) : [] };
}

const partsOf = (conditions: Record<string, Json>): Part[] =>
  Object.entries(conditions).flatMap(([key, value]): Part[] => {
    if ((key === '$and' || key === '$or') && Array.isArray(value))
      return [{ id: newId(), kind: key === '$and' ? 'all' : 'any', isListed: true, children: value.map(memberOf) }];
    if (key === '$not' && isObject(value))
      return [{ id: newId(), kind: 'not', isListed: false, children: partsOf(value) }];
    if (!isObject(value)) return [{ id: newId(), kind: 'clause', attribute: key, operator: 'is', value }];
    return Object.entries(value).map(([operator, operand]) => ({
      id: newId(),
      kind: 'clause',
      attribute: key,
      operator,
      value: operand,
    }));
  });

/** A member of `$and` or `$or`. */
function memberOf(value: Json): Part {
  const parts = isObject(value) ? partsOf(value) : [];
  const [only] = parts;
  return parts.length === 1 && only ? only : { id: newId(), kind: 'all', isListed: false, children: parts };
}

/** @returns null, which allows all, for a tree without conditions; empty groups are left out */
export function asConditions(tree: Group): Conditions | null {
  const written = write(tree);
  return Object.keys(written).length === 0 ? null : written;
}

function write(part: Part): Record<string, Json> {
  if (part.kind === 'clause')
    return { [part.attribute]: part.operator === 'is' ? part.value : { [part.operator]: part.value } };
  const members = part.children.map(write).filter((member) => Object.keys(member).length > 0);
  if (members.length === 0) return {};
  if (part.kind === 'any') return { $or: members };
  if (part.kind === 'all' && part.isListed) return { $and: members };
  const joined = members.reduce<Record<string, Json> | undefined>(
    (before, member) => before && join(before, member),
    {},
  );
  const whole = joined ?? { $and: members };
  return part.kind === 'not' ? { $not: whole } : whole;
}

/** @returns one object for both; undefined when they have a member in common that cannot be shared */
function join(one: Record<string, Json>, other: Record<string, Json>): Record<string, Json> | undefined {
  const result = { ...one };
  for (const [key, value] of Object.entries(other)) {
    const present = result[key];
    if (present === undefined) result[key] = value;
    else if (key.startsWith('$') || !isObject(present) || !isObject(value)) return undefined;
    else if (Object.keys(value).some((operator) => operator in present)) return undefined;
    else result[key] = { ...present, ...value };
  }
  return result;
}
