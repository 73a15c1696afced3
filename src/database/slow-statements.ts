import type { Logger } from '../operations/logging.js';
import { nameInLog } from '../operations/operation-line.js';
import type { EndedStatement } from './ended-statement.js';

/** Longest text that is logged, in characters. */
const longestText = 1000;

/** Makes the function that logs a slow statement of a pool as a warning. */
export const logSlow =
  (log: Logger, pool: 'reads' | 'transactions' | 'replica') =>
  ({ text, milliseconds, hasFailed, work }: EndedStatement): void => {
    const { operation, ...rest } = work?.describe() ?? {};
    const about = { ...(operation !== undefined && { operation: operation && nameInLog(operation) }), ...rest };
    const duration = Math.round(milliseconds);
    log.warn(
      { duration, pool, ...(hasFailed && { failed: true }), ...about, statement: shortened(text) },
      'A slow statement',
    );
  };

/** On one line, and cut. */
export function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > longestText ? `${line.slice(0, longestText - 1)}…` : line;
}
