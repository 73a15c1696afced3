import type pg from 'pg';
import { seconds } from '../clock.js';
import { Distribution } from '../operations/distribution.js';
import type { Work } from '../operations/work.js';
import type { EndedStatement } from './ended-statement.js';
import { StatementFigures } from './statement-figures.js';
import { recordStatement } from './statement-spans.js';

/** In seconds. */
const durations = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 15];
/** A statement that takes longer is slow, in milliseconds. */
const slow = seconds(1);

const endOfTransaction = /^(?:commit|rollback);?$/i;

/** The parts of the driver's client that its types leave out. */
interface Watchable extends pg.ClientBase {
  /** Whether no statement is under way. */
  readonly readyForQuery: boolean;
  /** The statement under way; null once it has failed. */
  readonly _activeQuery: Query | null;
  readonly connection: {
    prependListener(event: 'readyForQuery' | 'errorMessage', listener: (message?: Failure) => void): unknown;
  };
}

interface Failure {
  /** SQLSTATE. */
  readonly code?: string | undefined;
}

interface Query {
  readonly text?: string;
  /** What it is sent for, if it knows that itself. */
  readonly work?: Work;
}

/** How one connection is used. */
interface ConnectionUse {
  /** Statements that have ended on it, those that failed among them. */
  ended: number;
  /** What its statements are sent for until the end of a transaction, unless they know that themselves. */
  work: Work | undefined;
}

/**
 * How long the statements of a pool's connections took, and how many failed. Those of libraries count too, and so do BEGIN
 * and COMMIT. The server's messages are watched, so nothing has to be made for a statement.
 */
export class StatementTimes {
  /** From the sending of a statement until the server was ready for the next one, in seconds. */
  readonly durations = new Distribution(durations);
  readonly figures = new StatementFigures();
  /** Statements that the server refused, that were cancelled, or whose connection broke. */
  errors = 0;
  private readonly uses = new WeakMap<object, ConnectionUse>();

  constructor(
    /** Called with each statement that took more than a second. */
    private readonly onSlow: (statement: EndedStatement) => void = () => undefined,
    /** The text of a statement without values. */
    private readonly textOf = (text: string): string => text,
  ) {}

  /** How a connection is used; the same object for its whole life. */
  useOf(connection: object): ConnectionUse {
    const known = this.uses.get(connection);
    if (known) return known;
    const made = { ended: 0, work: undefined };
    this.uses.set(connection, made);
    return made;
  }

  /** @param connection that has just been opened */
  watch(connection: pg.ClientBase): void {
    const client = connection as Watchable;
    const use = this.useOf(connection);
    // The first statement of a pool may be sent before the driver says that the connection is ready.
    let begunAt = performance.now();
    let hasFailed = false;
    let failed: Query | null = null;
    let code: string | undefined;
    const begin = (at: number) => {
      begunAt = at;
      hasFailed = false;
      failed = null;
      code = undefined;
    };
    const fail = (message?: Failure) => {
      if (!client.readyForQuery && !hasFailed) this.errors += 1;
      hasFailed = true;
      failed ??= client._activeQuery;
      code ??= message?.code;
    };
    client.query = function (this: Watchable, ...given: unknown[]) {
      if (this.readyForQuery) begin(performance.now());
      // Looked up at each call, so that others can watch the driver as well.
      return Reflect.apply(Object.getPrototypeOf(client).query, this, given);
    } as Watchable['query'];
    client.connection.prependListener('errorMessage', fail);
    client.connection.prependListener('readyForQuery', () => {
      if (client.readyForQuery) return;
      const now = performance.now();
      use.ended += 1;
      this.note(client._activeQuery ?? failed, use, { begunAt, milliseconds: now - begunAt, hasFailed, code });
      // The driver now sends what was queued meanwhile.
      begin(now);
    });
    client.once('end', () => fail());
  }

  private note(query: Query | null, use: ConnectionUse, took: Omit<EndedStatement, 'text' | 'work'>): void {
    const { milliseconds } = took;
    this.durations.note(milliseconds / 1000);
    const text = this.textOf(query?.text ?? '');
    this.figures.note(text, milliseconds, took.hasFailed);
    const work = query?.work ?? use.work;
    if (milliseconds > slow) this.onSlow({ ...took, text, work });
    if (work?.span) recordStatement(work.span, { ...took, text });
    // Only now: from then on somebody else may use the connection.
    if (endOfTransaction.test(text)) use.work = undefined;
  }
}
