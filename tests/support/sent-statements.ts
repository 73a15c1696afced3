import type { App } from '../../src/app.js';

/**
 * What is sent at intervals, however many events and subscribers there are: the budget of callers every tenth of a second,
 * and each second the looks for events that are to be published and for jobs.
 */
const isRegular = (text: string): boolean =>
  /into rate_limits|from security_event_outbox where written_by|\bjobs\b/.test(text);

/** Records the texts of the statements that a process sends, without regular ones. */
export function recordStatements({ services }: App): { readonly texts: string[]; readonly stop: () => void } {
  const { sql } = services.database;
  const original = sql.rows;
  const texts: string[] = [];
  sql.rows = function (this: typeof sql, text, ...more) {
    if (!isRegular(text)) texts.push(text);
    return original.call(this, text, ...more) as never;
  };
  const stop = () => {
    sql.rows = original;
  };
  return { texts, stop };
}
