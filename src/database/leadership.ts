import pg from 'pg';
import { seconds } from '../clock.js';
import { connectTime, DatabaseSockets, keepAlive } from './database-sockets.js';
import type { Sql } from './sql.js';
import { withoutLimits } from './time-limits.js';

/** How long one transaction holds the lock, in milliseconds. A pooler that is told to pause waits for its end. */
const term = seconds(10);
/** A transaction that goes on for longer is of a process that stands still, and is ended, in milliseconds. */
const longestTerm = 2 * term;
/** Time limit for an answer, in milliseconds. */
const answerTime = seconds(3);
/** How long `close` waits for the connection to end in good order, in milliseconds. */
const leaveTime = seconds(1);

const isFree = 'select pg_try_advisory_xact_lock($1) as free';

/**
 * An advisory lock that one process at a time holds. It belongs to a transaction that the process leaves open on a connection
 * of its own, so that it needs no session and works through a pooler in any mode. That transaction has no snapshot, so it keeps
 * nobody waiting and nothing from being vacuumed. When the process dies, its connection ends, and the lock with it.
 *
 * A process that stood still may believe that it holds the lock after another has taken it: what is done under it must be safe
 * to do twice at a time, and must be looked after by the others.
 */
export class Leadership {
  private readonly sockets = new DatabaseSockets();
  private client: pg.Client | undefined;
  private held = false;
  /** When the open transaction has begun, by `performance.now()`. */
  private begunAt = Number.NEGATIVE_INFINITY;
  private readonly begin: string;

  /**
   * @param lock one of `advisoryLocks`
   * @param onLoss called when the connection ends that holds the lock
   */
  constructor(
    private readonly database: { readonly url: string; readonly sql: Sql },
    private readonly lock: number,
    private readonly onLoss: () => void = () => undefined,
  ) {
    this.begin = `begin; set local idle_in_transaction_session_timeout = ${longestTerm};
      select pg_try_advisory_xact_lock(${lock}) as held`;
  }

  /** As of the last call of `take`, or until the connection has ended. */
  get isHeld(): boolean {
    return this.held;
  }

  /**
   * Takes the lock if it is free. Call it at least once a second: it is held in terms of some seconds.
   * @returns whether this process holds it; false while it cannot ask
   */
  async take(): Promise<boolean> {
    if (this.held && performance.now() - this.begunAt < term) return true;
    try {
      this.held = await this.beginTerm();
    } catch {
      this.held = false;
    }
    if (!this.held) await this.close();
    return this.held;
  }

  /** Frees the lock. */
  async close(): Promise<void> {
    const { client } = this;
    this.client = undefined;
    this.held = false;
    if (!client) return;
    const timer = setTimeout(() => this.sockets.dropAll(), leaveTime);
    await client.end().catch(() => undefined);
    clearTimeout(timer);
  }

  private async beginTerm(): Promise<boolean> {
    if (this.client) await this.client.query('commit');
    // Whoever does not lead needs no connection for it.
    else if (!(await this.database.sql.row<{ free: boolean }>(isFree, [this.lock]))?.free) return false;
    const client = this.client ?? (await this.connect());
    // A simple query with several statements has a result for each. With parameters it would leave a portal, and its snapshot.
    const results = (await client.query(this.begin)) as unknown as readonly pg.QueryResult<{ held: boolean }>[];
    this.begunAt = performance.now();
    return results.at(-1)?.rows[0]?.held ?? false;
  }

  private async connect(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: withoutLimits(this.database.url),
      connectionTimeoutMillis: connectTime,
      query_timeout: answerTime,
      application_name: 'gatehouse-leadership',
      ...keepAlive,
      stream: this.sockets.make,
    });
    for (const event of ['error', 'end'] as const) client.on(event, () => this.lose(client));
    this.client = client;
    await client.connect();
    return client;
  }

  private lose(client: pg.Client): void {
    if (this.client !== client) return;
    this.client = undefined;
    this.held = false;
    this.onLoss();
  }
}
