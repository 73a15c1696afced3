import type { Client } from './client.js';
import { allPublished } from './events.js';
import { eventually } from './eventually.js';
import type { Harness } from './harness.js';
import { RawSocket } from './raw-socket.js';

/** A subscription whose results are the same for everybody, so that streams may send them at once. */
export const forEveryone =
  'subscription ($after: String, $types: [SecurityEventType!]) { securityEvents(after: $after, filter: { types: $types }) { cursor type details } }';

interface Told {
  readonly data: { readonly securityEvents: { readonly cursor: string; readonly details: { readonly mark?: number } } };
  readonly extensions: { readonly cost?: { readonly spent: number } };
}

/** A stream of security events on a socket, and what it was told. */
export class Listener {
  constructor(
    readonly socket: RawSocket,
    readonly id: string,
  ) {}

  /** Opens a socket with streams of these ids. */
  static async open(url: string, { token }: Client, ids: readonly string[], query = forEveryone, more: object = {}) {
    const socket = await RawSocket.open(url, token);
    for (const id of ids) socket.send({ id, type: 'subscribe', payload: { query, ...more } });
    return ids.map((id) => new Listener(socket, id));
  }

  private get told(): Told[] {
    return this.socket.frames
      .filter(({ type, id }) => type === 'next' && id === this.id)
      .map(({ payload }) => payload as Told);
  }

  /** Marks of the marked events, as they came. */
  get marks(): number[] {
    return this.told.flatMap(({ data }) => data.securityEvents.details.mark ?? []);
  }

  get cursors(): string[] {
    return this.told.map(({ data }) => data.securityEvents.cursor);
  }

  /** What the caller had spent, as told with each marked event. */
  get spent(): (number | undefined)[] {
    return this.told
      .filter(({ data }) => data.securityEvents.details.mark !== undefined)
      .map(({ extensions }) => extensions.cost?.spent);
  }

  /** Whether the stream was completed, or its socket closed. */
  get hasEnded(): boolean {
    return (
      this.socket.closed !== undefined ||
      this.socket.frames.some(({ type, id }) => id === this.id && (type === 'complete' || type === 'error'))
    );
  }
}

/** Writes events with the marks `from` to `to` in one statement, so that they are published together. */
export const writeMarked = `insert into security_event_outbox (id, type, occurred_at, details)
  select gen_random_uuid(), 'LOGIN_FAILED', now(), jsonb_build_object('mark', n, 'more', $3::text)
  from generate_series($1::int, $2::int) n`;

export async function publishMarked(harness: Harness, from: number, to = from, more = ''): Promise<void> {
  const { database } = harness.app.services;
  await database.sql.rows(writeMarked, [from, to, more]);
  database.noteCommit();
}

/** Publishes events with negative marks until every stream has heard one: from then on they have begun. */
export async function begun(harness: Harness, listeners: readonly Listener[], mark = -1): Promise<void> {
  await eventually(() =>
    listeners.every(({ id, socket }) => socket.frames.every((f) => f.id !== id || f.type === 'next')),
  );
  await eventually(async () => {
    await publishMarked(harness, mark);
    await allPublished(harness);
    return listeners.every(({ marks }) => marks.includes(mark));
  });
}

/** `from` to `to`. */
export const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, n) => from + n);
