import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface Answer {
  readonly status: number;
  readonly body: readonly Buffer[];
  /** Length of the body, in bytes. */
  readonly length: number;
}

const nothing = Buffer.alloc(0);
const endOfHead = Buffer.from('\r\n\r\n');
const contentLength = /\r\ncontent-length: (\d+)/i;

/** A keep-alive connection with one request at a time; supports just as much of HTTP/1.1 as the benchmark needs. */
export class Connection {
  private head: Buffer = nothing;
  private body: Buffer[] = [];
  private status = 0;
  private length = 0;
  /** Bytes of the body still to come; negative while the header is incomplete. */
  private left = -1;
  private resolve: ((answer: Answer) => void) | undefined;
  private reject: ((error: Error) => void) | undefined;

  private constructor(private readonly socket: Socket) {
    socket.on('data', (chunk) => this.receive(chunk));
    socket.on('error', (error) => this.reject?.(error));
    socket.on('close', () => this.reject?.(new Error('The connection was closed')));
  }

  static async open(port: number): Promise<Connection> {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    await once(socket, 'connect');
    return new Connection(socket);
  }

  exchange(request: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
      this.socket.write(request);
    });
  }

  close(): void {
    this.reject = undefined;
    this.socket.destroy();
  }

  private receive(chunk: Buffer): void {
    const body = this.left < 0 ? this.readHead(chunk) : chunk;
    if (!body) return;
    this.body.push(body);
    this.left -= body.length;
    if (this.left === 0) this.finish();
  }

  /** @returns the part of the body in this chunk, or undefined while the header is incomplete */
  private readHead(chunk: Buffer): Buffer | undefined {
    this.head = this.head.length === 0 ? chunk : Buffer.concat([this.head, chunk]);
    const end = this.head.indexOf(endOfHead);
    if (end < 0) return undefined;
    const head = this.head.toString('latin1', 0, end);
    this.status = Number(head.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length));
    this.length = this.left = Number(contentLength.exec(head)?.[1]);
    return this.head.subarray(end + endOfHead.length);
  }

  private finish(): void {
    const answer = { status: this.status, body: this.body, length: this.length };
    this.head = nothing;
    this.body = [];
    this.left = -1;
    this.resolve?.(answer);
  }
}
