import { type CompoundCondition, type Condition, createInterpreter, type FieldCondition } from '@ucast/mongo2js';
import { compare, someAt } from './attribute-values.js';
import { parse, Template } from './condition-parsing.js';
import { type Conditions, isValuePlaceholder, rolesPlaceholder, type ValuePlaceholder } from './conditions.js';

/** What a resource is known by: JSON values, instants as `toISOString()` writes them. */
export type Attributes = Readonly<Record<string, unknown>>;

/** What placeholders stand for in one decision. */
export interface Binding {
  readonly user: { readonly id: string; readonly email: string; readonly roles: readonly string[] };
  readonly now: Date;
}

/** A parsed predicate. Placeholders are bound at each match, so one is shared by all users. */
export class Predicate {
  readonly ast: Condition;

  constructor(readonly conditions: Conditions) {
    this.ast = parse(conditions);
  }

  /**
   * As MongoDB does. Attributes are own properties only; of a list any element may match. A missing attribute equals
   * null, also where the document that would hold it is missing. A missing attribute, or one of another type than the
   * operand's, is never less or greater than anything, nor is null, true or false; strings are ordered by code point.
   */
  matches(attributes: Attributes, binding: Binding): boolean {
    return evaluate(this.ast, attributes, binding);
  }
}

/** @param conditions as `checkedConditions` has returned them; others may throw */
export const predicateOf = (conditions: Conditions): Predicate => new Predicate(conditions);

/** What the library's operators read of a leaf; making one of its own class takes longer than the match. */
export type Comparison = Pick<FieldCondition, 'operator' | 'field' | 'value'>;

/** @returns the comparison that a leaf of the tree is in this decision */
export function boundLeaf(leaf: Condition, binding: Binding): Comparison {
  if (!(leaf instanceof Template)) return leaf as FieldCondition;
  const { operator, field, value } = leaf.value;
  return { operator, field, value: filled(value, binding) };
}

/** @returns an operand with what its placeholders stand for */
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

/** All that operators read of a node. */
type Node = Pick<Condition, 'operator' | 'value'>;
type Evaluate = (node: Node, attributes: Attributes, binding: Binding) => boolean;
interface Context {
  readonly interpret: Evaluate;
}
type Operator = (node: Node, attributes: Attributes, binding: Binding, context: Context) => boolean;

/** Whether what is found at a path does what the operator asks, with its operand; undefined: it is missing. */
type Comparing = (found: unknown, operand: never) => boolean;

const equals: Comparing = (found, operand) => compare(found ?? null, operand) === 0;
const isListed: Comparing = (found, operands: readonly never[]) => operands.some((operand) => equals(found, operand));
const ordered =
  (...orders: readonly number[]): Comparing =>
  (found, operand) =>
    orders.includes(compare(found, operand));

/** One of what is found is enough, and for their negations none must be. */
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

/** Whether a tree, or a part of one, matches. */
export const evaluate = createInterpreter(interpreters, { numberOfArguments: 3 }) as unknown as Evaluate;
