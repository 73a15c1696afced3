import { CompoundCondition, type Condition } from '@ucast/mongo2js';
import { someAt } from './attribute-values.js';
import type { Attributes, Comparison, Predicate } from './condition-matching.js';
import { Template } from './condition-parsing.js';
import { nowPlaceholder } from './conditions.js';

/**
 * The texts among the attributes that a predicate compares with the time: its answer can change when the time, as text,
 * reaches or passes one of them, and at no other instant while nothing else changes.
 */
export function comparedWithNow(predicate: Predicate, attributes: Attributes): string[] {
  const found = new Set<string>();
  for (const field of fieldsOf(predicate.ast))
    someAt(attributes, field, (value) => {
      if (typeof value === 'string') found.add(value);
      return false;
    });
  return [...found];
}

function fieldsOf(node: Condition): string[] {
  if (node instanceof CompoundCondition) return node.value.flatMap(fieldsOf);
  if (!(node instanceof Template)) return [];
  const { field, value } = node.value as Comparison;
  return [value].flat().includes(nowPlaceholder) ? [field] : [];
}
