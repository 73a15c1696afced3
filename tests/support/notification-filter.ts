import { Transform, type TransformCallback } from 'node:stream';

/**
 * Which notifications are dropped: none, all, or those for a connection that runs no statement. The last is what a
 * pooler in transaction mode does, because between transactions no client owns the server connection.
 */
export type Swallowing = 'none' | 'all' | 'idle';

/**
 * PostgreSQL protocol 3.0: a server message is a type letter, a length of 4 bytes that includes itself, and the
 * content.
 */
const letter = { notification: 'A', ready: 'Z' } as const;
const header = 5;

/** Drops notifications from the messages that a server sends to its client. */
export class NotificationFilter extends Transform {
  private rest = Buffer.alloc(0);
  private isBusy = true;

  constructor(private readonly swallows: () => Swallowing) {
    super();
  }

  /** Call when the client has sent something: it runs a statement now. */
  ask(): void {
    this.isBusy = true;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.rest = Buffer.concat([this.rest, chunk]);
    for (let length = this.nextLength(); length > 0; length = this.nextLength()) {
      const message = this.rest.subarray(0, length);
      this.rest = this.rest.subarray(length);
      if (!this.isLost(message)) this.push(message);
    }
    done();
  }

  /** Length of the next message in bytes; 0 while it is incomplete. */
  private nextLength(): number {
    const length = this.rest.length < header ? Number.POSITIVE_INFINITY : this.rest.readInt32BE(1) + 1;
    return this.rest.length < length ? 0 : length;
  }

  private isLost(message: Buffer): boolean {
    const type = String.fromCharCode(message[0] ?? 0);
    if (type === letter.ready) this.isBusy = false;
    if (type !== letter.notification) return false;
    return this.swallows() === 'all' || (this.swallows() === 'idle' && !this.isBusy);
  }
}
