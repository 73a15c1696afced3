import type { Client } from './client.js';
import { eventually } from './eventually.js';
import { type Harness, password } from './harness.js';
import { RawSocket } from './raw-socket.js';

/** The service allows 20 streams a socket, 30 an account and 100 sockets an address. */
const perSocket = 15;
const socketsPerAccount = 2;

interface Told {
  readonly data: { readonly securityEvents: { readonly details: { readonly mark?: number } } };
}

/** Many streams of one subscription, with `details`, over as few sockets and accounts as the service's limits allow. */
export class Audience {
  private readonly sockets: RawSocket[] = [];
  private accounts = 0;

  constructor(
    private readonly harness: Harness,
    private readonly query: string,
  ) {}

  /** The number of streams that are live. */
  get size(): number {
    return this.harness.app.services.eventFeed.size;
  }

  /** How many streams have received the event with this `details.mark`. */
  heard(mark: number): number {
    const isIt = ({ type, payload }: { type: string; payload?: unknown }) =>
      type === 'next' && (payload as Told).data.securityEvents.details.mark === mark;
    return this.sockets.reduce((sum, { frames }) => sum + frames.filter(isIt).length, 0);
  }

  /** Forgets what was received. */
  clear(): void {
    for (const { frames } of this.sockets) frames.length = 0;
  }

  /** Adds streams, of administrators of their own, until there are so many. */
  async growTo(size: number): Promise<void> {
    while (this.size < size) {
      const { token } = await this.administrator();
      for (let n = 0; n < socketsPerAccount && this.size < size; n += 1) {
        const socket = await RawSocket.open(this.harness.app.url, token);
        this.sockets.push(socket);
        const target = Math.min(this.size + perSocket, size);
        for (let stream = this.size; stream < target; stream += 1) socket.subscribe(`s${stream}`, this.query);
        await eventually(() => this.size === target);
      }
    }
  }

  close(): void {
    for (const { socket } of this.sockets) socket.terminate();
  }

  private async administrator(): Promise<Client> {
    const root = await this.harness.admin();
    this.accounts += 1;
    const username = `audience${this.accounts}`;
    const input = { username, email: `${username}@example.com`, password, isAdmin: true };
    await root.mutate('createUser', input, 'user { id }');
    const client = this.harness.client();
    await client.login(username, password);
    return client;
  }
}
