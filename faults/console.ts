import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '../tests/support/client.js';
import { eventually } from '../tests/support/eventually.js';
import { RawSocket } from '../tests/support/raw-socket.js';
import type { Count } from './audit.js';
import type { Ground } from './ground.js';

const follow = 'subscription ($after: String) { securityEvents(after: $after) { id cursor } }';

interface Told {
  readonly data?: { readonly securityEvents?: { readonly id: string; readonly cursor: string } } | null;
}

/** Follows security events through every break, behind the last cursor, as an administrator's console does. */
export class Console {
  private readonly seen: string[] = [];
  private socket: RawSocket | undefined;

  private constructor(
    private readonly url: () => string,
    private readonly token: string,
    private cursor: string,
    private readonly first: string,
  ) {
    void this.run();
  }

  static async open(url: () => string, admin: Client): Promise<Console> {
    const newest = await eventually(async () => {
      const { data } = await admin.ask('{ securityEvents(last: 1) { nodes { id cursor } } }');
      return data['securityEvents']?.['nodes']?.[0];
    });
    return new Console(url, String(admin.token), String(newest['cursor']), String(newest['id']));
  }

  cut(): void {
    this.socket?.socket.terminate();
  }

  /** Compares what was received with the table, once everything has arrived. */
  async compare(ground: Ground, scenario: string): Promise<Count[]> {
    const rows = await ground.rows<{ id: string }>(
      `select id from security_events where sequence > (select sequence from security_events where id = $1) order by sequence`,
      [this.first],
    );
    const wanted = rows.map(({ id }) => id);
    const last = wanted.at(-1);
    await eventually(() => last === undefined || this.seen.includes(last), 60_000).catch(() => undefined);
    const distinct = new Set(this.seen);
    const ordered = [...distinct].filter((id) => wanted.includes(id));
    const expected = wanted.filter((id) => distinct.has(id));
    return [
      { scenario, what: 'events received by a console', value: this.seen.length },
      { scenario, what: 'events missing', value: wanted.filter((id) => !distinct.has(id)).length, atMost: 0 },
      { scenario, what: 'events doubled', value: this.seen.length - distinct.size, atMost: 0 },
      { scenario, what: 'events out of order', value: ordered.filter((id, n) => id !== expected[n]).length, atMost: 0 },
    ];
  }

  private async run(): Promise<never> {
    for (;;) {
      await this.connect().catch(() => undefined);
      await sleep(50);
    }
  }

  private async connect(): Promise<void> {
    const raw = new RawSocket(this.url());
    this.socket = raw;
    const closed = new Promise<void>((resolve) => {
      raw.socket.on('close', () => resolve());
    });
    raw.socket.on('open', () =>
      raw.send({ type: 'connection_init', payload: { authorization: `Bearer ${this.token}` } }),
    );
    raw.socket.on('message', (data) => this.hear(raw, JSON.parse(String(data))));
    await closed;
  }

  private hear(raw: RawSocket, { type, payload }: { readonly type: string; readonly payload?: unknown }): void {
    if (raw !== this.socket) return;
    if (type === 'connection_ack') raw.subscribe('events', follow, { after: this.cursor });
    if (type === 'ping') raw.send({ type: 'pong' });
    if (type === 'complete' || type === 'error') raw.socket.close();
    const event = type === 'next' ? (payload as Told).data?.securityEvents : undefined;
    if (!event) return;
    this.seen.push(event.id);
    this.cursor = event.cursor;
  }
}
