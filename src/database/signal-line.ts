import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { seconds } from '../clock.js';
import { databaseTime } from './database-clock.js';
import { connectTime, DatabaseSockets, keepAlive } from './database-sockets.js';
import { Heartbeat, type Loss } from './heartbeat.js';

/** application_name of the sending connections, by which `Echo` finds them in pg_stat_activity. */
export const applicationName = 'gatehouse-signals';

/** Time limit for LISTEN, in milliseconds; after it the heartbeat watches the connection. */
const answerTime = seconds(3);
/**
 * Lock timeout for sending a notification, in milliseconds. NOTIFY takes a lock of the whole server when it commits; a
 * statement that cannot get it must fail before the next heartbeat queues up behind it.
 */
const lockTime = seconds(2);
/** How long `close` waits for connections to end in good order, in milliseconds. */
const leaveTime = seconds(1);
/** Prefix of a heartbeat's payload. */
const beat = 'beat:';

/** The signal line was lost before its first heartbeat came back. */
export class LineLost extends Error {
  constructor(readonly loss: Loss) {
    super(`The signal connection is ${loss}`);
  }
}

/** Called with each heartbeat. `ask` queries the database's time, in milliseconds since 1970. */
export type KeepTime = (ask: () => Promise<number>) => Promise<void>;

/**
 * Two connections for notifications: one sends (`voice`), one listens (`ear`). A heartbeat is a notification that is
 * sent on the one and received on the other. The listening connection runs no statements: a pooler in transaction mode
 * delivers notifications to any connection that happens to run a statement, so receiving one's own notification on the
 * same connection would not prove that those of other processes arrive.
 */
export class SignalLine {
  /** Resolves when the line has ended: broken, given up, or closed. */
  readonly lost: Promise<Loss>;
  private lose: (loss: Loss) => void = () => {};
  private readonly sockets = new DatabaseSockets();
  readonly ear: pg.Client;
  private readonly voice: pg.Client;
  private readonly heartbeat: Heartbeat;
  private lastAnswer: Promise<unknown> = Promise.resolve();

  constructor(
    url: string,
    private readonly onNotification: (payload: string) => void,
    keepTime: KeepTime,
  ) {
    this.lost = new Promise((resolve) => {
      this.lose = resolve;
    });
    this.ear = this.client(url, 'gatehouse-listening', { query_timeout: answerTime });
    this.voice = this.client(url, applicationName);
    this.ear.on('notification', ({ payload = '' }) => this.hear(payload));
    this.heartbeat = new Heartbeat(randomUUID(), {
      probe: () => keepTime(async () => (await this.ask<{ time: number }>(databaseTime))[0]?.time ?? Number.NaN),
      send: (id) => this.ask(`select pg_notify('gatehouse', $1)`, [`${beat}${id}`]),
      onLoss: (loss) => this.lose(loss),
    });
    void this.lost.then(() => {
      this.heartbeat.stop();
      this.sockets.dropAll();
    });
  }

  /** Resolves when the first heartbeat has come back. @throws LineLost when none does, or the error of connecting */
  async open(): Promise<void> {
    try {
      await Promise.all([this.ear.connect(), this.voice.connect()]);
      await this.ear.query('listen gatehouse');
      await this.heartbeat.start();
    } catch (error) {
      this.lose('broken');
      throw error;
    }
    if (this.heartbeat.isOver) throw new LineLost(await this.lost);
  }

  /** Send time of the newest heartbeat that has come back, by `performance.now()`. */
  get heardAt(): number {
    return this.heartbeat.heardAt;
  }

  get isFresh(): boolean {
    return this.heartbeat.isFresh;
  }

  proves(): Promise<boolean> {
    return this.heartbeat.proves();
  }

  /** Statements run one after another: the driver does not take a second one while the first is running. */
  async ask<Row extends object>(text: string, values: readonly string[] = []): Promise<Row[]> {
    const answer = this.lastAnswer.then(() => this.voice.query<Row>(text, [...values]));
    this.lastAnswer = answer.catch(() => undefined);
    return (await answer).rows;
  }

  /** Closes both connections in good order, but destroys them after a second when the database does not answer. */
  async close(): Promise<void> {
    this.heartbeat.stop();
    const timer = setTimeout(() => this.sockets.dropAll(), leaveTime);
    await Promise.all([this.ear, this.voice].map((client) => client.end().catch(() => undefined)));
    clearTimeout(timer);
    this.lose('broken');
  }

  private hear(payload: string): void {
    if (payload.startsWith(beat)) this.heartbeat.hear(payload.slice(beat.length));
    else this.onNotification(payload);
  }

  private client(connectionString: string, name: string, more: pg.ClientConfig = {}): pg.Client {
    const client = new pg.Client({
      connectionString,
      connectionTimeoutMillis: connectTime,
      lock_timeout: lockTime,
      application_name: name,
      ...keepAlive,
      stream: this.sockets.make,
      ...more,
    });
    for (const event of ['error', 'end'] as const) client.on(event, () => this.lose('broken'));
    return client;
  }
}
