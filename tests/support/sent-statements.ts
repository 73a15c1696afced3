import type { App } from '../../src/app.js';

/** What the budget of callers sends every tenth of a second, however many events there are. */
const isOfBudget = (text: string): boolean => text.includes('into rate_limits');

/** Records the texts of the statements that a process sends; those of the budget are left out. */
export function recordStatements({ services }: App): { readonly texts: string[]; readonly stop: () => void } {
  const { sql } = services.database;
  const original = sql.rows;
  const texts: string[] = [];
  sql.rows = function (this: typeof sql, text, ...more) {
    if (!isOfBudget(text)) texts.push(text);
    return original.call(this, text, ...more) as never;
  };
  const stop = () => {
    sql.rows = original;
  };
  return { texts, stop };
}
