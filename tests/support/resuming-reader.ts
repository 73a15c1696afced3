import { setTimeout as sleep } from 'node:timers/promises';
import { RawSocket } from './raw-socket.js';

interface Told {
  readonly errors?: unknown;
  readonly data: { readonly event: { readonly cursor: string; readonly id?: string } } | null;
}

/** Follows security events through any break, always behind the last cursor, as a console does. */
export class ResumingReader {
  /** Ids of the security events received, in order. */
  readonly seen: string[] = [];
  /** Cursors of the events received, in order. */
  readonly cursors: string[] = [];
  /** How often it has connected. */
  connections = 0;
  private socket: RawSocket | undefined;
  private isStreaming = false;
  private isOver = false;
  private readonly running: Promise<void>;

  /**
   * @param urls tells the processes that may be connected to
   * @param filter arguments of the field beside `after`, or nothing
   * @param field what is subscribed to; session events have no id
   */
  constructor(
    private readonly urls: () => readonly string[],
    private readonly token: string,
    private cursor: string,
    private readonly filter = '',
    private readonly field: 'securityEvents' | 'sessionEvents' = 'securityEvents',
  ) {
    this.running = this.run();
  }

  /** Cuts the connection, without a close frame. @returns whether a stream was cut, and not just an attempt */
  cut(): boolean {
    const { isStreaming } = this;
    this.isStreaming = false;
    this.socket?.socket.terminate();
    return isStreaming;
  }

  async stop(): Promise<void> {
    this.isOver = true;
    this.cut();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.isOver) {
      await this.connect();
      await sleep(Math.random() * 20);
    }
  }

  private async connect(): Promise<void> {
    const urls = this.urls();
    const url = urls[Math.floor(Math.random() * urls.length)];
    if (!url) return;
    this.connections += 1;
    const raw = new RawSocket(url);
    this.socket = raw;
    const { socket } = raw;
    const closed = new Promise<void>((resolve) => {
      socket.on('close', () => resolve());
    });
    socket.on('close', () => {
      this.isStreaming = false;
    });
    socket.on('open', () => raw.send({ type: 'connection_init', payload: { authorization: `Bearer ${this.token}` } }));
    socket.on('message', (data) => this.hear(raw, JSON.parse(String(data))));
    if (this.isOver) this.cut();
    await closed;
  }

  private hear(raw: RawSocket, { type, payload }: { type: string; payload?: unknown }): void {
    // What was on its way when the connection was given up is sent again.
    if (raw !== this.socket) return;
    if (type === 'connection_ack') this.subscribe(raw);
    if (type === 'ping') raw.send({ type: 'pong' });
    if (type === 'complete' || type === 'error') raw.socket.close();
    if (type !== 'next') return;
    const { data } = payload as Told;
    if (!data) return;
    const { id, cursor } = data.event;
    if (id) this.seen.push(id);
    this.cursors.push(cursor);
    this.cursor = cursor;
  }

  private subscribe(raw: RawSocket): void {
    const fields = this.field === 'securityEvents' ? 'id cursor' : 'cursor';
    const query = `subscription ($after: String) { event: ${this.field}(after: $after ${this.filter}) { ${fields} } }`;
    raw.subscribe('s', query, { after: this.cursor });
    this.isStreaming = true;
  }
}
