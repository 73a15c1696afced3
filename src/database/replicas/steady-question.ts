import pg from 'pg';
import { seconds } from '../../clock.js';
import { connectTime, DatabaseSockets, keepAlive } from '../database-sockets.js';

/** Between two ticks, in milliseconds. */
export const tickTime = 250;
/** A question that has no answer for this many ticks has failed. Ticks are counted, because a suspended process has not waited. */
const mostTicks = seconds(1) / tickTime;
/** The same for a connection that is being made. */
const mostConnecting = connectTime / tickTime;
/** Longest pause between two attempts to connect, in ticks; doubled after each. */
const longestPause = 8;

/** The question has no answer in time. */
export class NoAnswer extends Error {}

interface Terms<Answer> {
  readonly url: string;
  readonly name: string;
  readonly question: string;
  /** Called before the question is sent. @returns a function for its answer, which may throw */
  readonly begin: () => (answer: Answer) => void;
  /** Called when the connection breaks, cannot be made, or does not answer. */
  readonly onFailure: (error: Error) => void;
}

interface Line {
  readonly client: pg.Client;
  readonly sockets: DatabaseSockets;
  readonly open: Promise<unknown>;
  isOpen: boolean;
}

/** Asks a server the same question four times a second, over a connection of its own that is made anew when it breaks. */
export class SteadyQuestion<Answer> {
  private line: Line | undefined;
  private isAsking = false;
  private waited = 0;
  private pause = 0;
  private left = 0;
  private isClosed = false;

  constructor(private readonly terms: Terms<Answer>) {}

  tick(): void {
    if (this.isClosed) return;
    if (this.isAsking) this.wait();
    else if (this.left > 0) this.left -= 1;
    else void this.ask();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    const { line } = this;
    this.line = undefined;
    line?.sockets.dropAll();
  }

  private wait(): void {
    this.waited += 1;
    const { line } = this;
    const isLate = this.waited >= (line?.isOpen ? mostTicks : mostConnecting);
    if (line && isLate) this.lose(line, new NoAnswer('no answer in time'));
  }

  private async ask(): Promise<void> {
    this.isAsking = true;
    this.waited = 0;
    this.line ??= this.connect();
    const { line } = this;
    try {
      await line.open;
      const take = this.terms.begin();
      const { rows } = await line.client.query(this.terms.question);
      if (this.line !== line) return;
      this.isAsking = false;
      this.pause = 0;
      take(rows[0] as Answer);
    } catch (error) {
      this.lose(line, error as Error);
    }
  }

  private lose(line: Line, error: Error): void {
    if (this.line !== line) return;
    this.line = undefined;
    this.isAsking = false;
    line.sockets.dropAll();
    this.pause = Math.min(2 * this.pause || 1, longestPause);
    this.left = this.pause;
    this.terms.onFailure(error);
  }

  private connect(): Line {
    const sockets = new DatabaseSockets();
    const client = new pg.Client({
      connectionString: this.terms.url,
      connectionTimeoutMillis: connectTime,
      application_name: this.terms.name,
      ...keepAlive,
      stream: sockets.make,
    });
    const line: Line = { client, sockets, open: client.connect(), isOpen: false };
    line.open.then(
      () => {
        line.isOpen = true;
      },
      () => undefined,
    );
    for (const event of ['error', 'end'] as const)
      client.on(event, (error?: Error) => this.lose(line, error ?? new Error('the connection ended')));
    return line;
  }
}
