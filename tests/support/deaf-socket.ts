import { connect, type Socket } from 'node:net';
import { eventually } from './eventually.js';

/** A websocket over a plain TCP connection that sends anything and reads only when told to. */
export class DeafSocket {
  /** Bytes that the service, or the kernel on its way, has accepted. */
  taken = 0;
  isClosed = false;
  private readonly connection: Socket;

  private constructor(url: string) {
    this.connection = connect({ port: Number(new URL(url).port), host: '127.0.0.1' });
    this.connection.on('error', () => undefined);
    this.connection.on('close', () => {
      this.isClosed = true;
    });
  }

  /** Opens the connection, waits for `connection_ack` and then stops reading. */
  static async open(url: string, token?: string): Promise<DeafSocket> {
    const deaf = new DeafSocket(url);
    const { connection } = deaf;
    let heard = '';
    connection.on('data', (data) => {
      heard += String(data);
    });
    const lines = [
      'GET /graphql HTTP/1.1',
      'Host: localhost',
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Protocol: graphql-transport-ws',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ];
    connection.write(`${lines.join('\r\n')}\r\n\r\n`);
    await eventually(() => heard.includes('101'));
    deaf.send({ type: 'connection_init', ...(token && { payload: { authorization: `Bearer ${token}` } }) });
    await eventually(() => heard.includes('connection_ack'));
    connection.removeAllListeners('data').pause();
    return deaf;
  }

  send(frame: object): void {
    this.sendBytes(Buffer.from(JSON.stringify(frame)));
  }

  /** Resolves when the kernel has accepted the data, or the connection has ended. */
  sendBytes(data: Buffer, kind: 'text' | 'ping' = 'text'): Promise<void> {
    return new Promise((resolve) => {
      const sent = (error?: Error | null) => {
        if (!error) this.taken += data.length;
        resolve();
      };
      this.connection.write(frameOf(kind === 'ping' ? 9 : 1, data), sent);
    });
  }

  /** Sends the same data repeatedly until `most` bytes were accepted or the connection has ended. */
  async flood(data: Buffer, most: number, kind?: 'text' | 'ping'): Promise<void> {
    while (!this.connection.destroyed && this.taken < most)
      await Promise.all(Array.from({ length: Math.ceil(60_000 / data.length) }, () => this.sendBytes(data, kind)));
  }

  /**
   * Writes a pong frame, because without reading only a write reveals a closed connection.
   * @returns whether it is closed
   */
  isOver(): boolean {
    if (!this.isClosed) this.connection.write(frameOf(10, Buffer.alloc(0)));
    return this.isClosed;
  }

  destroy(): void {
    this.connection.destroy();
  }
}

/** A final frame, masked with zeros (RFC 6455, section 5.2). */
function frameOf(opcode: number, data: Buffer): Buffer {
  const length = data.length < 126 ? [data.length] : [126, data.length >> 8, data.length & 0xff];
  const [first = 0, ...more] = length;
  return Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | first, ...more, 0, 0, 0, 0]), data]);
}
