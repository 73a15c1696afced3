import type { ExecutionResult } from 'graphql';

/**
 * Weights in points, as `checkOperation` counts them: a value is a fifth of a row, and so are 80 characters of text.
 */
const value = 0.2;
const character = value / 80;

/**
 * Points of an answer whose nodes and bytes the meter counted during execution. Usually higher than `rowsIn`, because
 * the meter also counts field names and weighs fields with a resolver ten times.
 */
export const rowsCounted = ({ nodes, bytes }: { readonly nodes: number; readonly bytes: number }): number =>
  nodes * value + bytes * character;

/** Points of a finished result: its data, and one row for each error. */
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
