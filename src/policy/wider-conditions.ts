import { attributeAt } from './attribute-values.js';
import { missesOf } from './condition-clauses.js';
import { type Attributes, type Binding, predicateOf } from './condition-matching.js';
import { type Conditions, checkedConditions, isValuePlaceholder } from './conditions.js';

/** What a decision compares conditions with. */
interface Scene {
  readonly attributes: Attributes;
  readonly binding: Binding;
}

/**
 * Changes conditions as little as possible so that they match: another value is allowed as well, or a bound is moved.
 * What matches stays as it is.
 * @param conditions returned by `checkedConditions`
 * @returns undefined when that cannot be done without leaving comparisons out, as for missing attributes and negations
 */
export function widerConditions(conditions: Conditions, scene: Scene): Conditions | undefined {
  const wider = widened(conditions, scene);
  try {
    const checked = wider && checkedConditions(wider);
    return checked && predicateOf(checked).matches(scene.attributes, scene.binding) ? checked : undefined;
  } catch {
    return undefined;
  }
}

const misses = (conditions: Conditions, { attributes, binding }: Scene): number =>
  missesOf(predicateOf(conditions), attributes, binding);

function widened(conditions: Conditions, scene: Scene): Conditions | undefined {
  const parts = Object.entries(conditions).map(([key, value]) => {
    if (misses({ [key]: value }, scene) === 0) return { [key]: value };
    if (key === '$and') return allOf(value as Conditions[], scene);
    if (key === '$or') return oneOf(value as Conditions[], scene);
    return key.startsWith('$') ? undefined : comparison(key, value, scene);
  });
  return parts.includes(undefined) ? undefined : Object.assign({}, ...parts);
}

function allOf(members: readonly Conditions[], scene: Scene): Conditions | undefined {
  const wider = members.map((member) => widened(member, scene));
  return wider.includes(undefined) ? undefined : { $and: wider };
}

/** Widens the alternative with the fewest comparisons to change. */
function oneOf(members: readonly Conditions[], scene: Scene): Conditions | undefined {
  const ways = members.flatMap((member, place) => {
    const wider = widened(member, scene);
    return wider ? [{ wider, place, count: misses(member, scene) }] : [];
  });
  const [best] = ways.sort((one, other) => one.count - other.count);
  return best && { $or: members.with(best.place, best.wider) };
}

type Plain = string | number | boolean;
type Operators = Readonly<Record<string, unknown>>;

function comparison(attribute: string, value: unknown, scene: Scene): Conditions | undefined {
  const actual = attributeAt(scene.attributes, attribute);
  if (!isPlain(actual)) return undefined;
  const operators = typeof value === 'object' && value !== null ? (value as Operators) : { $eq: value };
  const parts = Object.entries(operators).map(([name, operand]) =>
    misses({ [attribute]: { [name]: operand } }, scene) === 0 ? { [name]: operand } : wideners[name]?.(operand, actual),
  );
  const names = parts.flatMap((part) => Object.keys(part ?? {}));
  if (parts.includes(undefined) || new Set(names).size < names.length) return undefined;
  return { [attribute]: Object.assign({}, ...parts) };
}

const isPlain = (value: unknown): value is Plain => ['string', 'number', 'boolean'].includes(typeof value);

type Widen = (operand: unknown, actual: Plain) => Operators | undefined;
const upTo =
  (name: string): Widen =>
  (operand, actual) =>
    typeof operand === typeof actual && !isValuePlaceholder(operand) ? { [name]: actual } : undefined;

/** By the operator that does not match. */
const wideners: Readonly<Record<string, Widen>> = {
  $eq: (operand, actual) => ({ $in: [operand, actual] }),
  $in: (operand, actual) => (Array.isArray(operand) ? { $in: [...operand, actual] } : undefined),
  $gt: upTo('$gte'),
  $gte: upTo('$gte'),
  $lt: upTo('$lte'),
  $lte: upTo('$lte'),
};
