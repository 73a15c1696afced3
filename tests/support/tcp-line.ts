import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP proxy before a service, whose connections can be cut and restored. */
export class TcpLine {
  private readonly open = new Set<Socket>();
  private isCut = false;
  /** How many new connections were broken at once. */
  refused = 0;

  private constructor(
    private readonly server: Server,
    /** URL of the service through this line. */
    readonly url: string,
  ) {}

  static async to(target: string): Promise<TcpLine> {
    const { hostname, port } = new URL(target);
    const server = createServer((inner) => line.join(inner, connect(Number(port), hostname)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const line = new TcpLine(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return line;
  }

  /** Breaks all connections, and every new one until `mend`. */
  cut(): void {
    this.isCut = true;
    for (const socket of this.open) socket.resetAndDestroy();
  }

  mend(): void {
    this.isCut = false;
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
    if (this.isCut) {
      this.refused += 1;
      inner.resetAndDestroy();
    }
    inner.pipe(outer).pipe(inner);
  }
}
