import { asTree, type Part } from '../roles/conditions.js';
import { placeholders } from '../roles/placeholders.js';
import type { Json } from './json.js';

/** An attribute that conditions ask about, and values that they compare it with. */
export interface Known {
  readonly name: string;
  readonly values: readonly Json[];
}

/** Values beyond these are not proposed. */
const mostValues = 20;

/**
 * @param conditions of permissions, as the API has them
 * @param names further names, which come last
 * @param ofUser what the placeholder of the caller's id stands for
 */
export function knownIn(
  conditions: readonly unknown[],
  names: readonly string[] = [],
  ofUser?: string,
): readonly Known[] {
  const found = new Map<string, Map<string, Json>>();
  const valuesOf = (name: string) => found.get(name) ?? found.set(name, new Map()).get(name);
  const visit = (part: Part): void => {
    if (part.kind !== 'clause') {
      for (const child of part.children) visit(child);
      return;
    }
    const [name = ''] = part.attribute.split('.', 1);
    const values = valuesOf(name);
    // What a path names is within the attribute.
    if (name !== part.attribute || part.operator === '$exists') return;
    for (const value of namedIn(part.value, ofUser))
      if (values && values.size < mostValues) values.set(JSON.stringify(value), value);
  };
  for (const each of conditions) visit(asTree(each));
  for (const name of names) valuesOf(name);
  return [...found].filter(([name]) => name !== '').map(([name, values]) => ({ name, values: [...values.values()] }));
}

/** The values of an operand, without placeholders that nobody can fill in here. */
function namedIn(operand: Json, ofUser: string | undefined): readonly Json[] {
  const all = Array.isArray(operand) ? (operand as readonly Json[]) : [operand];
  return all.flatMap((value) => {
    if (value === placeholders.ofUser && ofUser) return [ofUser];
    const isPlain = typeof value !== 'object' && !(typeof value === 'string' && value.startsWith('${'));
    return isPlain ? [value] : [];
  });
}
