import { setTimeout as sleep } from 'node:timers/promises';
import { RawSocket } from './raw-socket.js';

interface Told {
  readonly errors?: unknown;
  readonly data: { readonly securityEvents: { readonly cursor: string; readonly id: string } } | null;
}

/** Follows security events through any break, always behind the last cursor, as a console does. */
export class ResumingReader {
  /** Ids of the events received, in order. */
  readonly seen: string[] = [];
  /** How often it has connected. */
  connections = 0;
  private socket: RawSocket | undefined;
  private isOver = false;
  private readonly running: Promise<void>;

  /**
   * @param urls tells the processes that may be connected to
   * @param filter arguments of `securityEvents` beside `after`, or nothing
   */
  constructor(
    private readonly urls: () => readonly string[],
    private readonly token: string,
    private cursor: string,
    private readonly filter = '',
  ) {
    this.running = this.run();
  }

  /** Cuts the connection, without a close frame. */
  cut(): void {
    this.socket?.socket.terminate();
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
    socket.on('open', () => raw.send({ type: 'connection_init', payload: { authorization: `Bearer ${this.token}` } }));
    socket.on('message', (data) => this.hear(raw, JSON.parse(String(data))));
    if (this.isOver) this.cut();
    await closed;
  }

  private hear(raw: RawSocket, { type, payload }: { type: string; payload?: unknown }): void {
    // What was on its way when the connection was given up is sent again.
    if (raw !== this.socket) return;
    if (type === 'connection_ack')
      raw.subscribe(
        's',
        `subscription ($after: String) { securityEvents(after: $after ${this.filter}) { id cursor } }`,
        { after: this.cursor },
      );
    if (type === 'ping') raw.send({ type: 'pong' });
    if (type === 'complete' || type === 'error') raw.socket.close();
    if (type !== 'next') return;
    const { data } = payload as Told;
    if (!data) return;
    this.seen.push(data.securityEvents.id);
    this.cursor = data.securityEvents.cursor;
  }
}
