import { CompoundCondition, type Condition } from '@ucast/mongo2js';
import { attributeAt } from './attribute-values.js';
import { type Attributes, type Binding, boundLeaf, evaluate, type Predicate } from './condition-matching.js';
import type { Conditions } from './conditions.js';

/** One comparison of a predicate, with what was asked for and what was found. */
export interface Clause {
  /** Where it stands in the conditions, as `$or.1.authorId`. */
  readonly path: string;
  readonly attribute: string;
  /** `$gt`, or `$not $gt` under an odd number of negations. */
  readonly operator: string;
  /** The operand, with placeholders filled in. */
  readonly expected: unknown;
  /** The attribute found, or null. */
  readonly actual: unknown;
  /** Whether it does what it should here, negations considered. */
  readonly satisfied: boolean;
}

/** @returns one clause per comparison, in the order they are written */
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

/** @returns how many clauses would have to change at least for a match: 0 exactly when it matches */
export const missesOf = (predicate: Predicate, attributes: Attributes, binding: Binding): number =>
  misses(predicate.ast, false, (leaf) => evaluate(leaf, attributes, binding));

/** By De Morgan: under a negation all becomes any, and any becomes all. */
function misses(node: Condition, negated: boolean, holds: (leaf: Condition) => boolean): number {
  if (!(node instanceof CompoundCondition)) return holds(node) === negated ? 1 : 0;
  const inside = negated !== isNegation(node);
  const counts = node.value.map((member) => misses(member, inside, holds));
  const needsAll = (node.operator === 'and') !== inside;
  return needsAll ? counts.reduce((sum, count) => sum + count, 0) : Math.min(...counts);
}

const isNegation = ({ operator }: Condition): boolean => operator === 'nor' || operator === 'not';

/** Parsing flattens the tree, but keeps the order of its leaves. */
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

/** An attribute's short form is one comparison; of operators each is one, inside `$not` too. */
function comparisonsOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.entries(value).reduce((sum, [key, part]) => sum + (key === '$not' ? comparisonsOf(part) : 1), 0);
}
