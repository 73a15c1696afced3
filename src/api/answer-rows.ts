import type { ExecutionResult } from 'graphql';

/** In points, as checkOperation reckons: a value is a fifth of a row, and so are eighty characters of text. */
const value = 0.2;
const character = value / 80;

/** The same of what was counted while it was made: fields that take a resolver, and names, come to more. */
export const rowsCounted = ({ nodes, bytes }: { readonly nodes: number; readonly bytes: number }): number =>
  nodes * value + bytes * character;

/** What has come, in points. */
export const rowsIn = ({ data, errors }: ExecutionResult): number =>
  weightOf(data) + (errors?.length ?? 0) * (1 + value);

function weightOf(part: unknown): number {
  if (typeof part === 'string') return value + part.length * character;
  if (typeof part !== 'object' || part === null) return value;
  let weight = value;
  if (Array.isArray(part)) for (const member of part) weight += weightOf(member);
  else for (const name in part) weight += weightOf((part as Record<string, unknown>)[name]);
  return weight;
}
