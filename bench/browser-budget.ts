import { aligned } from './report.js';

/** One row of the table of the browser pages. */
export interface Budget {
  readonly what: string;
  /** As it is printed, with its unit. */
  readonly measured: string;
  /** As it is printed, such as `≤ 120 kB`; empty when there is none. */
  readonly bound: string;
  readonly verdict: 'met' | 'missed' | 'reported' | 'not measured';
  readonly notes: readonly string[];
}

export const verdictOf = (holds: boolean): 'met' | 'missed' => (holds ? 'met' : 'missed');

const headings = ['browser pages', 'measured', 'bound', ''];

export function budgetTable(budgets: readonly Budget[]): string {
  const rows = budgets.map(({ what, measured, bound, verdict }) => [what, measured, bound, verdict]);
  const notes = budgets.flatMap(({ what, notes }) => notes.map((note) => `  ${what}: ${note}`));
  return [...aligned([headings, ...rows]), '', ...notes].join('\n');
}
