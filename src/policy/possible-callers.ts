import { CompoundCondition, type Condition } from '@ucast/mongo2js';
import { someAt } from './attribute-values.js';
import { type Attributes, type Comparison, evaluate, type Predicate } from './condition-matching.js';
import { Template } from './condition-parsing.js';
import { emailPlaceholder, idPlaceholder, isValuePlaceholder, rolesPlaceholder } from './conditions.js';

/** People for whom conditions may match: all, or those with one of these ids or addresses. */
export type PossibleCallers = 'all' | { readonly ids: ReadonlySet<string>; readonly emails: ReadonlySet<string> };

/**
 * Narrows down for whom a predicate can match these attributes, without looking at anybody: `{ authorId: '${user.id}' }`
 * matches the author's id alone. Nobody is left out for whom it matches; others may be included.
 */
export const possibleCallers = (predicate: Predicate, attributes: Attributes): PossibleCallers =>
  callersOf(predicate.ast, false, attributes);

const nobody: PossibleCallers = { ids: new Set(), emails: new Set() };

/** De Morgan's laws: under a negation "all" becomes "any" and "any" becomes "all". */
function callersOf(node: Condition, negated: boolean, attributes: Attributes): PossibleCallers {
  if (node instanceof Template) return callersOfTemplate(node.value as Comparison, negated, attributes);
  // No placeholder, so the binding is not read.
  if (!(node instanceof CompoundCondition)) return evaluate(node, attributes, unbound) === negated ? nobody : 'all';
  const inside = negated !== (node.operator === 'nor' || node.operator === 'not');
  const members = node.value.map((member) => callersOf(member, inside, attributes));
  const needsAll = (node.operator === 'and') !== inside;
  return needsAll ? members.reduce(fewer, 'all') : members.reduce(either, nobody);
}

const unbound = { user: { id: '', email: '', roles: [] }, now: new Date(0) };

const sizeOf = (callers: PossibleCallers): number =>
  callers === 'all' ? Number.POSITIVE_INFINITY : callers.ids.size + callers.emails.size;

const fewer = (one: PossibleCallers, other: PossibleCallers): PossibleCallers =>
  sizeOf(other) < sizeOf(one) ? other : one;

function either(one: PossibleCallers, other: PossibleCallers): PossibleCallers {
  if (one === 'all' || other === 'all') return 'all';
  return { ids: new Set([...one.ids, ...other.ids]), emails: new Set([...one.emails, ...other.emails]) };
}

/** Only "equals" narrows down; everything else may match anybody. */
function callersOfTemplate({ operator, field, value }: Comparison, negated: boolean, attributes: Attributes) {
  const isEqual = negated ? operator === 'ne' || operator === 'nin' : operator === 'eq' || operator === 'in';
  const operands: readonly unknown[] = [value].flat();
  const isKnown = operands.every(
    (operand) => operand === idPlaceholder || operand === emailPlaceholder || !isOpen(operand),
  );
  if (!isEqual || !isKnown) return 'all';
  const fixed = operands.filter((operand) => !isOpen(operand));
  const texts = new Set<string>();
  const isFixed = someAt(attributes, field, (found) => {
    if (typeof found === 'string') texts.add(found);
    return fixed.includes(found ?? null);
  });
  if (isFixed) return 'all';
  const where = (placeholder: string) => (operands.includes(placeholder) ? texts : new Set<string>());
  return { ids: where(idPlaceholder), emails: where(emailPlaceholder) };
}

const isOpen = (operand: unknown): boolean => isValuePlaceholder(operand) || operand === rolesPlaceholder;
