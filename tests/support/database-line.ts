import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { NotificationFilter, type Swallowing } from './notification-filter.js';

/** A TCP proxy between service and database, whose connections can be cut, silenced and restored. */
export class DatabaseLine {
  private readonly open = new Set<Socket>();
  private isCut = false;
  private losesCommit = false;
  private lost: () => void = () => undefined;
  private isMute = false;
  /** Which notifications are dropped, as some poolers do. */
  swallows: Swallowing = 'none';

  private constructor(
    private readonly server: Server,
    /** The database's URL through this line. */
    readonly url: string,
    private target: URL,
  ) {}

  static async to(databaseUrl: string): Promise<DatabaseLine> {
    const target = new URL(databaseUrl);
    const server = createServer((inner) =>
      proxy.join(inner, connect(Number(proxy.target.port), proxy.target.hostname)),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const through = new URL(databaseUrl);
    through.hostname = '127.0.0.1';
    through.port = String((server.address() as AddressInfo).port);
    const proxy = new DatabaseLine(server, through.href, target);
    return proxy;
  }

  /** Has new connections lead to another server. */
  leadTo(databaseUrl: string): void {
    this.target = new URL(databaseUrl);
  }

  /** Breaks all open connections, and every new one. */
  cut(): void {
    this.isCut = true;
    for (const socket of this.open) socket.resetAndDestroy();
  }

  /** Open connections stay open but carry nothing in either direction any more; new connections work. */
  silence(): void {
    for (const socket of this.open) socket.unpipe().pause();
  }

  /** Like `silence`, and new connections carry nothing either. */
  mute(): void {
    this.isMute = true;
    this.silence();
  }

  /** Lets new connections work again. */
  mend(): void {
    this.isCut = false;
    this.isMute = false;
  }

  /** Delivers the next COMMIT but drops its answer with the connection. Resolves when that has happened. */
  loseNextCommit(): Promise<void> {
    this.losesCommit = true;
    return new Promise((resolve) => {
      this.lost = resolve;
    });
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(inner: Socket, outer: Socket): void {
    for (const socket of [inner, outer]) {
      this.open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.open.delete(socket);
        inner.destroy();
        outer.destroy();
      });
    }
    if (this.isCut) inner.resetAndDestroy();
    if (this.isMute) return;
    const filter = new NotificationFilter(() => this.swallows);
    inner.on('data', () => filter.ask());
    inner.on('data', (sent: Buffer) => {
      if (!this.losesCommit || !/commit/i.test(sent.toString('latin1'))) return;
      this.losesCommit = false;
      outer.unpipe();
      outer.once('data', () => {
        for (const socket of [inner, outer]) socket.resetAndDestroy();
        this.lost();
      });
      // Unpiping has paused the socket.
      outer.resume();
    });
    inner.pipe(outer).pipe(filter).pipe(inner);
  }
}
