import { CompoundCondition, type Condition } from '@ucast/mongo2js';
import { attributeAt } from './attribute-values.js';
import { type Attributes, type Binding, boundLeaf, evaluate, type Predicate } from './condition-matching.js';
import type { Conditions } from './conditions.js';

/** One comparison of a predicate with its expected and its actual value; explains a decision. */
export interface Clause {
  /** Position within the conditions, such as `$or.1.authorId`. */
  readonly path: string;
  readonly attribute: string;
  /** Such as `$gt`, or `$not $gt` under an odd number of negations. */
  readonly operator: string;
  /** The operand, with placeholders filled in. */
  readonly expected: unknown;
  /** The value of the attribute, or null. */
  readonly actual: unknown;
  /** True when the comparison contributes to a match, negations considered. */
  readonly satisfied: boolean;
}

/** @returns one clause per comparison, in the order in which they are written */
export function clausesOf(predicate: Predicate, attributes: Attributes, binding: Binding): Clause[] {
  const paths = pathsOf(predicate.conditions);
  return leavesOf(predicate.ast, false).map(({ leaf, negated }, i) => {
    const { operator, field, value } = boundLeaf(leaf, binding);
    return {
      path: paths[i] ?? field,
      attribute: field,
      operator: negated ? `$not $${operator}` : `$${operator}`,
      expected: value,
      actual: attributeAt(attributes, field) ?? null,
      satisfied: evaluate(leaf, attributes, binding) !== negated,
    };
  });
}

/** @returns the smallest number of clauses that would have to change for a match; 0 exactly when it matches */
export const missesOf = (predicate: Predicate, attributes: Attributes, binding: Binding): number =>
  misses(predicate.ast, false, (leaf) => evaluate(leaf, attributes, binding));

/** De Morgan's laws: under a negation "all" becomes "any" and "any" becomes "all". */
function misses(node: Condition, negated: boolean, holds: (leaf: Condition) => boolean): number {
  if (!(node instanceof CompoundCondition)) return holds(node) === negated ? 1 : 0;
  const inside = negated !== isNegation(node);
  const counts = node.value.map((member) => misses(member, inside, holds));
  const needsAll = (node.operator === 'and') !== inside;
  return needsAll ? counts.reduce((sum, count) => sum + count, 0) : Math.min(...counts);
}

const isNegation = ({ operator }: Condition): boolean => operator === 'nor' || operator === 'not';

/** Parsing flattens the tree but keeps the order of its leaves, so leaves and paths correspond by index. */
function leavesOf(node: Condition, negated: boolean): { leaf: Condition; negated: boolean }[] {
  if (!(node instanceof CompoundCondition)) return [{ leaf: node, negated }];
  return node.value.flatMap((member) => leavesOf(member, negated !== isNegation(node)));
}

function pathsOf(conditions: Conditions, before = ''): string[] {
  return Object.entries(conditions).flatMap(([key, value]) => {
    const path = `${before}${key}`;
    if (key === '$not') return pathsOf(value as Conditions, `${path}.`);
    if (key === '$and' || key === '$or')
      return (value as Conditions[]).flatMap((member, i) => pathsOf(member, `${path}.${i}.`));
    return Array.from({ length: comparisonsOf(value) }, () => path);
  });
}

/** Counts the comparisons of an attribute: one for the short form, otherwise one per operator, also within `$not`. */
function comparisonsOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.entries(value).reduce((sum, [key, part]) => sum + (key === '$not' ? comparisonsOf(part) : 1), 0);
}
