import pg from 'pg';

/** Sent all the time by the service itself; they would hide what an operation sends. */
const ofTheService = /^(listen|notify|select pg_notify)\b/i;

/**
 * Prints each SQL statement as it is handed to the database driver, which all statements pass. Values are left out, as they
 * are everywhere in the log.
 */
export function printStatements(print: (line: string) => void): void {
  const { query } = pg.Client.prototype;
  pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
    const text = textOf(args[0]);
    if (!ofTheService.test(text)) print(`SQL: ${text}`);
    return Reflect.apply(query, this, args);
  } as typeof query;
}

/** The driver takes a text, or an object that has one. */
function textOf(statement: unknown): string {
  const text = typeof statement === 'string' ? statement : (statement as { readonly text?: unknown }).text;
  return String(text).replaceAll(/\s+/g, ' ').trim();
}
