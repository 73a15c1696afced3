import { connect, type Socket } from 'node:net';
import { eventually } from './eventually.js';

/** A websocket over a bare connection: it sends what it likes and reads only what it is told to. */
export class DeafSocket {
  /** Bytes that the service, and the kernel between, have taken. */
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

  /** Introduces itself, reads the acknowledgement and then nothing more. */
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

  /** Resolves when the kernel has taken it, or the connection is over. */
  sendBytes(data: Buffer, kind: 'text' | 'ping' = 'text'): Promise<void> {
    return new Promise((resolve) => {
      const sent = (error?: Error | null) => {
        if (!error) this.taken += data.length;
        resolve();
      };
      this.connection.write(frameOf(kind === 'ping' ? 9 : 1, data), sent);
    });
  }

  /** Sends the same again and again, until so many bytes were taken or the connection is over. */
  async flood(data: Buffer, most: number, kind?: 'text' | 'ping'): Promise<void> {
    while (!this.connection.destroyed && this.taken < most)
      await Promise.all(Array.from({ length: Math.ceil(60_000 / data.length) }, () => this.sendBytes(data, kind)));
  }

  /** Who does not read learns that the connection is over when it writes. @returns whether it is */
  isOver(): boolean {
    if (!this.isClosed) this.connection.write(frameOf(10, Buffer.alloc(0)));
    return this.isClosed;
  }

  destroy(): void {
    this.connection.destroy();
  }
}

/** RFC 6455, section 5.2: final, and masked with zeros. */
function frameOf(opcode: number, data: Buffer): Buffer {
  const length = data.length < 126 ? [data.length] : [126, data.length >> 8, data.length & 0xff];
  const [first = 0, ...more] = length;
  return Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | first, ...more, 0, 0, 0, 0]), data]);
}
