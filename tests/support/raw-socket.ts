import WebSocket from 'ws';
import { eventually } from './eventually.js';

interface Frame {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

/** A websocket without a client library, so that tests can violate the protocol. */
export class RawSocket {
  readonly frames: Frame[] = [];
  /** The close code (RFC 6455, section 7.4); undefined while the connection is open. */
  closed: number | undefined;
  /** HTTP status of a refused upgrade. */
  refused: number | undefined;
  isOpen = false;
  readonly socket: WebSocket;

  constructor(url: string, headers: Record<string, string> = {}, path = '/graphql') {
    this.socket = new WebSocket(`${url.replace(/^http/, 'ws')}${path}`, 'graphql-transport-ws', { headers });
    this.socket.on('open', () => {
      this.isOpen = true;
    });
    this.socket.on('message', (data) => this.frames.push(JSON.parse(String(data)) as Frame));
    this.socket.on('close', (code) => {
      this.closed = code;
    });
    this.socket.on('unexpected-response', (request, response) => {
      this.refused = response.statusCode;
      request.destroy();
    });
    this.socket.on('error', () => undefined);
  }

  static async open(url: string, token?: string): Promise<RawSocket> {
    const socket = new RawSocket(url);
    await eventually(() => socket.isOpen);
    socket.send({ type: 'connection_init', ...(token && { payload: { authorization: `Bearer ${token}` } }) });
    await socket.frame('connection_ack');
    return socket;
  }

  send(frame: object | string | Buffer): void {
    this.socket.send(typeof frame === 'string' || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame));
  }

  subscribe(id: string, query: string, variables?: object): void {
    this.send({ id, type: 'subscribe', payload: { query, variables } });
  }

  /** Waits for a frame of this type, and of this operation if an id is given. */
  frame(type: string, id?: string): Promise<Frame> {
    return eventually(() => this.frames.find((frame) => frame.type === type && (!id || frame.id === id)));
  }

  closure(): Promise<number> {
    return eventually(() => this.closed);
  }
}

/** The codes in the payload of an `error` frame. */
export const codesIn = ({ payload }: Frame): string[] =>
  (payload as { extensions?: { code?: string } }[]).map(({ extensions }) => String(extensions?.code));
