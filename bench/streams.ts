import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { loginBody, post } from './requests.js';
import { password, username } from './seed.js';
import { tried } from './side.js';

/** The service allows 30 streams an account and 100 sockets an address. */
export const streamsPerAccount = 30;
const perAddress = 100;
/** Sockets that are opened at a time. */
const atOnce = 50;

export interface Opening {
  readonly port: number;
  readonly path: string;
  /** Access tokens; none: nobody signs in, and nothing is subscribed. */
  readonly tokens: readonly string[];
  readonly query: string;
}

/** Signs in as many users as so many streams take, from the first one on. */
export async function tokensFor(port: number, streams: number): Promise<string[]> {
  const tokens: string[] = [];
  for (let n = 1; n <= Math.ceil(streams / streamsPerAccount); n += 1) {
    const { answer } = await tried(port, post('/graphql', loginBody(username(n), password)));
    tokens.push((answer as { data: { login: { result: { accessToken: string } } } }).data.login.result.accessToken);
  }
  return tokens;
}

/** Many sockets with one stream each, which count the messages they receive. */
export class Listeners {
  readonly sockets: WebSocket[] = [];
  /** Messages with data since `reset`. */
  received = 0;
  private awaited = Number.POSITIVE_INFINITY;
  private arrive = () => {};
  /** The last message. */
  last = '';

  async open(opening: Opening, count: number): Promise<void> {
    const before = this.sockets.length;
    for (let n = 0; n < count; n += atOnce)
      await Promise.all(
        Array.from({ length: Math.min(atOnce, count - n) }, (_, at) => this.openOne(opening, before + n + at)),
      );
  }

  /** @returns a promise that resolves when so many messages have been received */
  expect(count: number): Promise<void> {
    this.received = 0;
    this.awaited = count;
    return new Promise((resolve) => {
      this.arrive = resolve;
    });
  }

  close(): void {
    for (const socket of this.sockets) socket.terminate();
  }

  private async openOne({ port, path, tokens, query }: Opening, n: number): Promise<void> {
    const localAddress = `127.0.0.${2 + Math.floor(n / perAddress)}`;
    const protocol = path === '/graphql' ? 'graphql-transport-ws' : [];
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, protocol, { localAddress, perMessageDeflate: false });
    this.sockets.push(socket);
    await once(socket, 'open');
    if (path === '/graphql') {
      const token = tokens[Math.floor(n / streamsPerAccount)];
      socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }));
      await once(socket, 'message');
      // graphql-ws makes such an id for each operation.
      socket.send(JSON.stringify({ id: randomUUID(), type: 'subscribe', payload: { query } }));
    }
    socket.on('message', (data: Buffer) => this.hear(socket, data));
  }

  private hear(socket: WebSocket, data: Buffer): void {
    if (data.includes('"type":"ping"')) socket.send('{"type":"pong"}');
    else this.count(data);
  }

  private count(data: Buffer): void {
    this.received += 1;
    if (this.received < this.awaited) return;
    this.last = String(data);
    this.awaited = Number.POSITIVE_INFINITY;
    this.arrive();
  }
}
