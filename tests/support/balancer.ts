import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { eventually } from './eventually.js';

/** A load balancer in front of processes, as a reverse proxy is one: it hands on requests and websockets in turn. */
export class Balancer {
  private readonly backends: string[] = [];
  private readonly sockets = new Set<Socket>();
  /** Requests under way, by the process that they went to. */
  private readonly underWay = new Map<string, Set<IncomingMessage>>();
  private next = 0;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {
    server.on('request', (incoming, outgoing) => this.pass(incoming, outgoing));
    server.on('upgrade', (incoming, socket, head) => this.join(incoming, socket as Socket, head));
  }

  /** @param port where it listens */
  static async start(port: number): Promise<Balancer> {
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    return new Balancer(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  }

  /** Takes a process in; new requests go to it, too. */
  add(url: string): void {
    this.backends.push(url);
  }

  /**
   * Takes a process out, as before it is told to stop: no new request goes to it. Websockets go on.
   * @returns resolves when the requests are answered that went to it, since one that has not reached it yet would be refused
   */
  async remove(url: string): Promise<void> {
    this.backends.splice(this.backends.indexOf(url), 1);
    await eventually(() => !this.underWay.get(url)?.size);
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private target(): string {
    this.next += 1;
    const url = this.backends[this.next % this.backends.length];
    if (!url) throw new Error('no process is there');
    return url;
  }

  private pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const target = this.target();
    const { hostname, port } = new URL(target);
    this.note(target, incoming, outgoing);
    const { method, url: path, headers } = incoming;
    const onward = request({ hostname, port, method, path, headers: { ...headers, connection: 'close' } });
    onward.on('response', (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  }

  private note(target: string, incoming: IncomingMessage, outgoing: ServerResponse): void {
    const requests = this.underWay.get(target) ?? new Set();
    this.underWay.set(target, requests.add(incoming));
    outgoing.on('close', () => requests.delete(incoming));
  }

  private join({ method, url, rawHeaders }: IncomingMessage, socket: Socket, head: Buffer): void {
    const { hostname, port } = new URL(this.target());
    const onward = connect(Number(port), hostname);
    const lines = rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${rawHeaders[index + 1]}`] : []));
    onward.write(`${method} ${url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    onward.write(head);
    for (const each of [socket, onward]) {
      this.sockets.add(each);
      each.on('error', () => undefined);
      each.on('close', () => {
        this.sockets.delete(each);
        socket.destroy();
        onward.destroy();
      });
    }
    socket.pipe(onward).pipe(socket);
  }
}
