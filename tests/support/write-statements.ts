import pg from 'pg';

/** Counts the statements of transactions during the work, including those that begin and end them. */
export async function writesOf(work: () => Promise<unknown>): Promise<number> {
  const { query } = pg.Client.prototype;
  let count = 0;
  pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
    const { application_name: name } = (this as unknown as Sender).connectionParameters;
    if (name === 'gatehouse-writes') count += 1;
    return Reflect.apply(query, this, args);
  } as typeof query;
  try {
    await work();
  } finally {
    pg.Client.prototype.query = query;
  }
  return count;
}

/** The part of the driver's client that its types leave out. */
interface Sender {
  readonly connectionParameters: { readonly application_name?: string };
}
