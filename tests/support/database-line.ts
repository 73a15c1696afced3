import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { NotificationFilter, type Swallowing } from './notification-filter.js';

/** Stands between the service and its database, so that the line can be cut, silenced and mended. */
export class DatabaseLine {
  private readonly open = new Set<Socket>();
  private isCut = false;
  private losesCommit = false;
  private lost: () => void = () => undefined;
  private isMute = false;
  /** Which notifications get lost, as in a pooler. */
  swallows: Swallowing = 'none';

  private constructor(
    private readonly server: Server,
    /** The database's URL through this line. */
    readonly url: string,
  ) {}

  static async to(databaseUrl: string): Promise<DatabaseLine> {
    const target = new URL(databaseUrl);
    const server = createServer((inner) => proxy.join(inner, connect(Number(target.port), target.hostname)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const through = new URL(databaseUrl);
    through.hostname = '127.0.0.1';
    through.port = String((server.address() as AddressInfo).port);
    const proxy = new DatabaseLine(server, through.href);
    return proxy;
  }

  /** Breaks what is open, and everything that is opened from now on. */
  cut(): void {
    this.isCut = true;
    for (const socket of this.open) socket.resetAndDestroy();
  }

  /** What is open stays so and carries nothing any more, in neither direction; what is opened from now on works. */
  silence(): void {
    for (const socket of this.open) socket.unpipe().pause();
  }

  /** The same for what is opened from now on, too. */
  mute(): void {
    this.isMute = true;
    this.silence();
  }

  /** For what is opened from now on. */
  mend(): void {
    this.isCut = false;
    this.isMute = false;
  }

  /** The next COMMIT reaches the database, and its answer is lost with the connection; resolves when that has happened. */
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
      // It was paused with its pipe.
      outer.resume();
    });
    inner.pipe(outer).pipe(filter).pipe(inner);
  }
}
