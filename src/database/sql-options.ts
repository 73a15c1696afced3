import type pg from 'pg';
import type { EndedStatement } from './ended-statement.js';
import { brokenOff } from './metered-query.js';

/** Decides whether a new connection can be used. @throws when it cannot */
type Verify = (ask: (text: string) => Promise<Record<string, string>>) => Promise<void>;

export interface SqlOptions {
  /**
   * Default: true. False behind a pooler that keeps the server from seeing the parameters of a connection's start. Each
   * statement then brings time limits and time zone along.
   */
  readonly keepsParameters?: boolean;
  /** Called with the error of each failed statement. */
  readonly onFailure?: (error: unknown) => void;
  readonly onSlow?: (statement: EndedStatement) => void;
  /** Called once when the server turns out to forget the names of prepared statements. */
  readonly onNamesLost?: () => void;
  /** Called with each new connection. */
  readonly verify?: Verify;
}

/** In the form that the pool takes; its types leave it out. */
export const verifier = (verify: Verify) => (client: pg.ClientBase, done: (error?: Error) => void) => {
  client.on('error', brokenOff);
  verify(async (text) => (await client.query(text)).rows[0])
    .finally(() => client.removeListener('error', brokenOff))
    .then(() => done(), done);
};
