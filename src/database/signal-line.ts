import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { seconds } from '../clock.js';
import { databaseTime } from './database-clock.js';
import { connectTime, DatabaseSockets, keepAlive } from './database-sockets.js';
import { Heartbeat, type Loss } from './heartbeat.js';

/** Of the connections that speak, as the database knows them. */
export const applicationName = 'gatehouse-signals';

/** For the one statement before the heartbeat begins. */
const answerTime = seconds(3);
/** Notifications take turns in the whole server: one that does not get its turn must not pile up with the next. */
const lockTime = seconds(2);
const leaveTime = seconds(1);
/** How the payload of a heartbeat begins. */
const beat = 'beat:';

export class LineLost extends Error {
  constructor(readonly loss: Loss) {
    super(`The signal connection is ${loss}`);
  }
}

/** Is told the database's time with each heartbeat, in milliseconds since 1970. */
export type KeepTime = (ask: () => Promise<number>) => Promise<void>;

/**
 * Two connections: one speaks and one hears. A heartbeat is a notification that is sent on the one and has come
 * round on the other. The one that hears asks nothing, since a pooler in transaction mode hands notifications to
 * whoever happens to run a statement: what it would hear of itself proves nothing about what others say.
 */
export class SignalLine {
  /** Resolves when it is over: broken, given up, or closed. */
  readonly lost: Promise<Loss>;
  private lose: (loss: Loss) => void = () => {};
  private readonly sockets = new DatabaseSockets();
  readonly ear: pg.Client;
  private readonly voice: pg.Client;
  private readonly heartbeat: Heartbeat;

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

  /** Resolves when the first notification has come round. @throws LineLost when none does, and as connecting fails */
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

  get isFresh(): boolean {
    return this.heartbeat.isFresh;
  }

  proves(): Promise<boolean> {
    return this.heartbeat.proves();
  }

  async ask<Row extends object>(text: string, values: readonly string[] = []): Promise<Row[]> {
    return (await this.voice.query<Row>(text, [...values])).rows;
  }

  /** Leaves in good order; a database that has gone silent is not waited for. */
  async close(): Promise<void> {
    this.heartbeat.stop();
    const impatience = setTimeout(() => this.sockets.dropAll(), leaveTime);
    await Promise.all([this.ear, this.voice].map((client) => client.end().catch(() => undefined)));
    clearTimeout(impatience);
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
