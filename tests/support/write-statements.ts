import pg from 'pg';

/**
 * Counts the statements of transactions during the work, including those that begin and end them.
 * @param about what a statement of a transaction must match for it to be counted: transactions of background jobs, which
 *   begin when they like, do not
 */
export async function writesOf(work: () => Promise<unknown>, about: RegExp): Promise<number> {
  const { query } = pg.Client.prototype;
  const open = new Map<pg.Client, string[]>();
  let count = 0;
  pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
    const { application_name: name } = (this as unknown as Sender).connectionParameters;
    if (name === 'gatehouse-writes') {
      const texts = [...(open.get(this) ?? []), textOf(args[0])];
      const isOver = /^(commit|rollback)\b/i.test(texts.at(-1) ?? '');
      if (isOver && texts.some((text) => about.test(text))) count += texts.length;
      open.set(this, isOver ? [] : texts);
    }
    return Reflect.apply(query, this, args);
  } as typeof query;
  try {
    await work();
  } finally {
    pg.Client.prototype.query = query;
  }
  return count;
}

const textOf = (statement: unknown): string =>
  typeof statement === 'string' ? statement : String((statement as { readonly text?: unknown }).text);

/** The part of the driver's client that its types leave out. */
interface Sender {
  readonly connectionParameters: { readonly application_name?: string };
}
