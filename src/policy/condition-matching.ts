import { type CompoundCondition, type Condition, createInterpreter, type FieldCondition } from '@ucast/mongo2js';
import { compare, someAt } from './attribute-values.js';
import { parse, Template } from './condition-parsing.js';
import { type Conditions, isValuePlaceholder, rolesPlaceholder, type ValuePlaceholder } from './conditions.js';

/** Attributes of a resource as JSON values; instants in the format of `toISOString()`. */
export type Attributes = Readonly<Record<string, unknown>>;

/** Values of the placeholders in one decision. */
export interface Binding {
  readonly user: { readonly id: string; readonly email: string; readonly roles: readonly string[] };
  readonly now: Date;
}

/** Parsed conditions. Placeholders are bound at each match, so all users share one instance. */
export class Predicate {
  readonly ast: Condition;

  constructor(readonly conditions: Conditions) {
    this.ast = parse(conditions);
  }

  /**
   * Evaluates the conditions with MongoDB's semantics, on own properties only. For a list, one matching element is
   * enough. A missing attribute equals null, also where its containing document is missing. Comparisons for order are
   * false for a missing attribute, for an operand of another type, and for null, true and false; strings are ordered by
   * code point.
   * @example
   * predicateOf({ authorId: '${user.id}' }).matches({ authorId: '7' }, binding) // true for the user with id 7
   */
  matches(attributes: Attributes, binding: Binding): boolean {
    return evaluate(this.ast, attributes, binding);
  }
}

/** @param conditions returned by `checkedConditions`; unchecked ones may throw */
export const predicateOf = (conditions: Conditions): Predicate => new Predicate(conditions);

/** The properties of a leaf that the operators read. A plain object, because instances take longer than the match. */
export type Comparison = Pick<FieldCondition, 'operator' | 'field' | 'value'>;

/** @returns the comparison of a leaf, with its placeholders filled in */
export function boundLeaf(leaf: Condition, binding: Binding): Comparison {
  if (!(leaf instanceof Template)) return leaf as FieldCondition;
  const { operator, field, value } = leaf.value;
  return { operator, field, value: filled(value, binding) };
}

/** @returns the operand with its placeholders filled in */
export function filled(value: unknown, binding: Binding): unknown {
  if (value === rolesPlaceholder) return binding.user.roles;
  if (Array.isArray(value)) return value.map((item) => filled(item, binding));
  return isValuePlaceholder(value) ? fillings[value](binding) : value;
}

const fillings: Record<ValuePlaceholder, (binding: Binding) => string> = {
  '${user.id}': ({ user }) => user.id,
  '${user.email}': ({ user }) => user.email,
  '${now}': ({ now }) => now.toISOString(),
};

/** The properties of a node that the operators read. */
type Node = Pick<Condition, 'operator' | 'value'>;
type Evaluate = (node: Node, attributes: Attributes, binding: Binding) => boolean;
interface Context {
  readonly interpret: Evaluate;
}
type Operator = (node: Node, attributes: Attributes, binding: Binding, context: Context) => boolean;

/** Compares a found value, undefined when it is missing, with the operand. */
type Comparing = (found: unknown, operand: never) => boolean;

const equals: Comparing = (found, operand) => compare(found ?? null, operand) === 0;
const isListed: Comparing = (found, operands: readonly never[]) => operands.some((operand) => equals(found, operand));
const ordered =
  (...orders: readonly number[]): Comparing =>
  (found, operand) =>
    orders.includes(compare(found, operand));

/** A positive operator matches when one of the found values does; its negation, when none does. */
const some =
  (compares: Comparing): Operator =>
  (node, attributes) => {
    const { field, value } = node as FieldCondition<never>;
    return someAt(attributes, field, (found) => compares(found, value));
  };
const none =
  (operator: Operator): Operator =>
  (...asked) =>
    !operator(...asked);

const isThere = some((found) => found !== undefined);
const exists: Operator = (node, ...asked) => isThere(node, ...asked) === (node as FieldCondition<boolean>).value;

const every: Operator = (node, attributes, binding, { interpret }) => {
  for (const member of (node as CompoundCondition).value) if (!interpret(member, attributes, binding)) return false;
  return true;
};
const any: Operator = (node, attributes, binding, { interpret }) => {
  for (const member of (node as CompoundCondition).value) if (interpret(member, attributes, binding)) return true;
  return false;
};
const interpreters: Record<string, Operator> = {
  and: every,
  or: any,
  nor: none(any),
  not: none(any),
  template: (node, attributes, binding, { interpret }) =>
    interpret(boundLeaf(node as Condition, binding), attributes, binding),
  eq: some(equals),
  ne: none(some(equals)),
  in: some(isListed),
  nin: none(some(isListed)),
  gt: some(ordered(1)),
  gte: some(ordered(0, 1)),
  lt: some(ordered(-1)),
  lte: some(ordered(0, -1)),
  exists,
};

/** Evaluates a tree or a part of one. */
export const evaluate = createInterpreter(interpreters, { numberOfArguments: 3 }) as unknown as Evaluate;
