import { shortened } from '../database/slow-statements.js';
import type { StatementFigure } from '../database/statement-figures.js';
import type { Services } from '../services.js';
import type { Scraped } from './scraped.js';

/** Figures of the statements of all pools since the start, as JSON. Those that took most in all come first. */
export function statementsOf({ database, replicas }: Services): Scraped {
  const of = (pool: string, figures: readonly StatementFigure[]) => figures.map((figure) => row(pool, figure));
  const rows = [
    ...of('reads', database.sql.times.figures.read()),
    ...of('transactions', database.times.figures.read()),
    ...(replicas?.all ?? []).flatMap(({ sql }) => of('replica', sql.times.figures.read())),
  ];
  const text = `${JSON.stringify(rows.sort((one, other) => other.total - one.total))}\n`;
  return { contentType: 'application/json', text };
}

const row = (pool: string, { text, calls, total, mean, max, errors }: StatementFigure) => ({
  total: rounded(total),
  calls,
  mean: rounded(mean),
  max: rounded(max),
  errors,
  pool,
  text: shortened(text),
});

/** To microseconds. */
const rounded = (milliseconds: number): number => Math.round(milliseconds * 1000) / 1000;
