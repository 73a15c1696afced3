import {
  type CompoundCondition,
  type Condition,
  createInterpreter,
  type FieldCondition,
  getObjectFieldCursor,
  allInterpreters as operators,
} from '@ucast/mongo2js';
import { attributeAt, compare, isHolder } from './attribute-values.js';
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
   * Attributes are own properties only; of an array any element may match. A missing attribute equals null
   * where the object that would hold it is there. A missing attribute, or one of another type than the operand's,
   * is never less or greater than anything, nor is null, true or false; strings are ordered by code point.
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

/** The library's own operators know nothing of a binding. */
function leaf(operator: (node: never, attributes: never, context: never) => boolean): Operator {
  const test = operator as unknown as (node: Node, attributes: Attributes, context: Context) => boolean;
  return (node, attributes, _binding, context) => test(node, attributes, context);
}

/** In place of the library's, which takes a string's letters and length for attributes. */
const exists: Operator = (node, attributes) => {
  const { field, value } = node as FieldCondition<boolean>;
  const [holder, name] = getObjectFieldCursor<object>(attributes, field, attributeAt);
  const answers = (candidate: unknown) => (isHolder(candidate) && Object.hasOwn(candidate, name)) === value;
  return Array.isArray(holder) && Number.isNaN(Number(name)) ? holder.some(answers) : answers(holder);
};

const every: Operator = (node, attributes, binding, { interpret }) => {
  for (const member of (node as CompoundCondition).value) if (!interpret(member, attributes, binding)) return false;
  return true;
};
const some: Operator = (node, attributes, binding, { interpret }) => {
  for (const member of (node as CompoundCondition).value) if (interpret(member, attributes, binding)) return true;
  return false;
};
const none: Operator = (node, attributes, binding, context) => !some(node, attributes, binding, context);

const interpreters: Record<string, Operator> = {
  and: every,
  or: some,
  nor: none,
  not: none,
  template: (node, attributes, binding, { interpret }) =>
    interpret(boundLeaf(node as Condition, binding), attributes, binding),
  eq: leaf(operators.eq),
  ne: leaf(operators.ne),
  in: leaf(operators.within),
  nin: leaf(operators.nin),
  gt: leaf(operators.gt),
  gte: leaf(operators.gte),
  lt: leaf(operators.lt),
  lte: leaf(operators.lte),
  exists,
};

/** Whether a tree, or a part of one, matches. */
export const evaluate = createInterpreter(interpreters, {
  numberOfArguments: 3,
  get: attributeAt,
  compare,
  isArray: Array.isArray,
}) as unknown as Evaluate;
