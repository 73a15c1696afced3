import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { seconds } from '../clock.js';
import { connectTime, DatabaseSockets, keepAlive } from './database-sockets.js';
import { Heartbeat, type Loss } from './heartbeat.js';
import { LimitedQuery, sendLimited } from './limited-query.js';
import { type KeepTime, type Line, LineLost } from './line.js';
import {
  type Attendance,
  attendance,
  leave,
  longestGap,
  Registration,
  register,
  tell,
  tidyPause,
  tidyReaders,
} from './signal-readers.js';
import { withoutLimits } from './time-limits.js';
import type { Topic } from './topic.js';

/** application_name of the sending connections, by which `Echo` finds them in pg_stat_activity. */
export const applicationName = 'gatehouse-signals';

/** Time limit for LISTEN, in milliseconds; after it the heartbeat watches the connection. */
const answerTime = seconds(3);
/**
 * Lock timeout for sending a notification, in milliseconds. NOTIFY takes a lock of the whole server when it commits; a
 * statement that cannot get it must fail before the next heartbeat queues up behind it.
 */
const lockLimit = `set_config('lock_timeout', '${seconds(2)}', true)`;
/** How long `close` waits for connections to end in good order, in milliseconds. */
const leaveTime = seconds(1);
/** Prefix of a heartbeat's payload. */
const beat = 'beat:';

const attend = `select ${attendance}`;
const attendWithBeat = `with heard as (insert into signal_beats (reader) values ($1::uuid)) ${attend}`;

/**
 * Two connections for notifications: one sends (`voice`), one listens (`ear`). A heartbeat is a notification that is
 * sent on the one and received on the other. The listening connection runs no statements: a pooler in transaction mode
 * delivers notifications to any connection that happens to run a statement, so receiving one's own notification on the
 * same connection would not prove that those of other processes arrive.
 */
export class SignalLine implements Line {
  readonly lost: Promise<Loss>;
  private lose: (loss: Loss) => void = () => {};
  private readonly sockets = new DatabaseSockets();
  readonly ear: pg.Client;
  private readonly voice: pg.Client;
  private readonly heartbeat: Heartbeat;
  private lastAnswer: Promise<unknown> = Promise.resolve();
  private readonly registration = new Registration('notify');
  /** When the last beat was written for others to see, by `performance.now()`. */
  private recordedAt = Number.NEGATIVE_INFINITY;

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
      probe: () => keepTime(() => this.attend()),
      send: async (id) => {
        if (this.registration.isThrough) await this.ask(`select pg_notify('gatehouse', $1)`, [`${beat}${id}`]);
        else this.heartbeat.disregard(id);
      },
      onLoss: (loss) => this.lose(loss),
    });
    void this.lost.then(() => {
      this.heartbeat.stop();
      this.sockets.dropAll();
    });
  }

  async open(): Promise<void> {
    try {
      await Promise.all([this.ear.connect(), this.voice.connect()]);
      await this.ear.query('listen gatehouse');
      this.recordedAt = performance.now();
      await this.ask(register, [this.registration.id, 'notify']);
      await this.heartbeat.start();
    } catch (error) {
      this.lose('broken');
      throw error;
    }
    if (this.heartbeat.isOver) throw new LineLost(await this.lost);
  }

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
    const answer = this.lastAnswer.then(() =>
      sendLimited<Row>(this.voice, new LimitedQuery({ text, values: [...values] }, lockLimit)),
    );
    this.lastAnswer = answer.catch(() => undefined);
    return (await answer).rows;
  }

  tell(topic: Topic, detail: string): Promise<unknown> {
    return this.ask(tell, [topic, detail]);
  }

  async close(): Promise<void> {
    this.heartbeat.stop();
    const timer = setTimeout(() => this.sockets.dropAll(), leaveTime);
    await this.ask(leave, [this.registration.id]).catch(() => undefined);
    await Promise.all([this.ear, this.voice].map((client) => client.end().catch(() => undefined)));
    clearTimeout(timer);
    this.lose('broken');
  }

  /** @returns the database's time, in milliseconds since 1970 */
  private async attend(): Promise<number> {
    const since = performance.now() - this.recordedAt;
    const isDue = since >= tidyPause;
    if (isDue) this.recordedAt = performance.now();
    const [row] = await this.ask<Attendance>(isDue ? attendWithBeat : attend, [this.registration.id]);
    if (!row?.isRegistered || since > longestGap) {
      this.lose('forgotten');
      throw new LineLost('forgotten');
    }
    if (this.registration.note(row)) this.onNotification('reset');
    if (isDue) void this.ask(tidyReaders).catch(() => undefined);
    return row.time;
  }

  private hear(payload: string): void {
    if (payload.startsWith(beat)) this.heartbeat.hear(payload.slice(beat.length));
    else this.onNotification(payload);
  }

  private client(connectionString: string, name: string, more: pg.ClientConfig = {}): pg.Client {
    const client = new pg.Client({
      connectionString: withoutLimits(connectionString),
      connectionTimeoutMillis: connectTime,
      application_name: name,
      ...keepAlive,
      stream: this.sockets.make,
      ...more,
    });
    for (const event of ['error', 'end'] as const) client.on(event, () => this.lose('broken'));
    return client;
  }
}
