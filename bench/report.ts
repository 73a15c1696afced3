import { availableParallelism, cpus, totalmem } from 'node:os';
import type { Cores } from './cores.js';
import type { Cost } from './profile.js';

/** One row of the result table. */
export interface Result {
  readonly scenario: string;
  readonly floor: string;
  readonly service: string;
  readonly ratio: number;
  readonly target: { readonly atLeast: number } | { readonly atMost: number };
  /** Details that the ratio alone would hide. */
  readonly notes: readonly string[];
}

export function describeMachine(cores: Cores | undefined): string {
  const [cpu] = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  const placing = cores
    ? `server processes on core ${cores.server}; load and PostgreSQL on core ${cores.load}`
    : 'NOT PINNED (no taskset, or one core only): server, load and PostgreSQL share the cores, so ratios say little';
  return `${cpu?.model ?? 'unknown processor'}, ${availableParallelism()} cores, ${memory}, Node ${process.version}\n${placing}`;
}

const headings = ['scenario', 'floor', 'service', 'ratio', 'target', ''] as const;

export function table(results: readonly Result[]): string {
  const notes = results.flatMap(({ scenario, notes }) => notes.map((note) => `  ${scenario}: ${note}`));
  return [...aligned([headings, ...results.map(cells)]), '', ...notes].join('\n');
}

/** Pads the cells of each column to the same width. @returns a line per row */
export function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function cells({ scenario, floor, service, ratio, target }: Result): string[] {
  const [goal, met] =
    'atLeast' in target
      ? [`≥ ${target.atLeast}`, ratio >= target.atLeast]
      : [`≤ ${target.atMost}`, ratio <= target.atMost];
  return [scenario, floor, service, ratio.toFixed(2), goal, met ? 'met' : 'missed'];
}

/** @param most number of lines shown */
export function costTable(title: string, costs: readonly Cost[], most = 25): string {
  const lines = costs.slice(0, most).map(({ where, share }) => `  ${(share * 100).toFixed(1).padStart(5)} %  ${where}`);
  return [`Main thread during ${title}, self time:`, ...lines].join('\n');
}
