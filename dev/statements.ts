import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import pg from 'pg';

/** Numbers HTTP requests; undefined in jobs and on websockets. */
const requests = new AsyncLocalStorage<number>();

/**
 * Prints each SQL statement as it is handed to the database driver, which all statements pass, with the number of the HTTP
 * request that caused it. Statements of the ORM have their values in them, those of plain SQL have placeholders: for
 * development only.
 * @param all also those of jobs and websockets: several each second
 */
export function printStatements(print: (line: string) => void, all: boolean): void {
  let count = 0;
  subscribe('http.server.request.start', () => {
    count += 1;
    requests.enterWith(count);
  });
  const { query } = pg.Client.prototype;
  pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
    const request = requests.getStore();
    if (all || request !== undefined)
      print(`SQL of ${request ? `request ${request}` : 'a job or websocket'}: ${textOf(args[0])}`);
    return Reflect.apply(query, this, args);
  } as typeof query;
}

/** The driver takes a text, or an object that has one. */
function textOf(statement: unknown): string {
  const text = typeof statement === 'string' ? statement : (statement as { readonly text?: unknown }).text;
  return String(text).replaceAll(/\s+/g, ' ').trim();
}
