import pg from 'pg';
import type { Work } from '../operations/work.js';

/** The part of the driver's connection that its types leave out. */
interface Wire {
  parse(message: { readonly text: string; readonly name: string; readonly types: readonly number[] }): void;
  bind(message: { readonly portal: string; readonly statement: string; readonly values: readonly string[] }): void;
  execute(message: { readonly portal: string }): void;
}

/** The part of the driver's query that its types leave out. */
interface DriverQuery extends pg.Query {
  name: string | undefined;
  queryMode: 'extended' | undefined;
  prepare(connection: Wire): void;
  handleDataRow(message: { readonly length: number }): void;
  handleCommandComplete(message: unknown, connection: Wire): void;
  /** The rows received so far. */
  readonly _result: { rows: unknown[] };
}
const Query = pg.Query as unknown as new (text: string, values: unknown[] | undefined) => DriverQuery;

/**
 * A statement that can bring settings of its own along: they are set by a second statement, which goes before it in the same
 * round trip. Up to the Sync that follows both, PostgreSQL's protocol makes them one transaction, so the settings end with it.
 */
export class LimitedQuery extends Query {
  private isSetting: boolean;
  /** What the statement is sent for. */
  readonly work: Work | undefined;

  /** @param settings a select list of `set_config(…, true)`; undefined where the connection has been told at its start */
  constructor(
    { text, values, name }: pg.QueryConfig,
    private readonly settings: string | undefined,
    work?: Work,
  ) {
    // Passed as an object, the configuration is copied property by property, which doubles the cost of a small query.
    super(text, values);
    this.name = name;
    this.work = work;
    this.isSetting = settings !== undefined;
    if (this.isSetting) this.queryMode = 'extended';
  }

  override prepare(connection: Wire): void {
    if (this.settings !== undefined) {
      connection.parse({ text: `select ${this.settings}`, name: '', types: [] });
      connection.bind({ portal: '', statement: '', values: [] });
      connection.execute({ portal: '' });
    }
    super.prepare(connection);
  }

  override handleDataRow(message: { readonly length: number }): void {
    if (!this.isSetting) this.takeRow(message);
  }

  override handleCommandComplete(message: unknown, connection: Wire): void {
    if (this.isSetting) this.isSetting = false;
    else super.handleCommandComplete(message, connection);
  }

  /** Called with each row of the statement itself. */
  protected takeRow(message: { readonly length: number }): void {
    super.handleDataRow(message);
  }
}

/** Sends a statement with settings. @throws the driver's error */
export const sendLimited = <Row extends object>(
  connection: Pick<pg.ClientBase, 'query'>,
  query: LimitedQuery,
): Promise<pg.QueryResult<Row>> =>
  new Promise((resolve, reject) => {
    const done = (error: Error | null, result: pg.QueryResult<Row>) => (error ? reject(error) : resolve(result));
    connection.query(query as never, done as never);
  });
