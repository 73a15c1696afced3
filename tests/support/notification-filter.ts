import { Transform, type TransformCallback } from 'node:stream';

/**
 * Which notifications do not arrive: none, all, or those that come to a connection which runs no statement. The last is
 * what a pooler in transaction mode does: the server's connection is nobody's between transactions.
 */
export type Swallowing = 'none' | 'all' | 'idle';

/** Of PostgreSQL's protocol 3.0: every message of the server is a letter, its length in 4 bytes with them, and so much. */
const letter = { notification: 'A', ready: 'Z' } as const;
const header = 5;

/** Leaves notifications out of what a server says to its client. */
export class NotificationFilter extends Transform {
  private rest = Buffer.alloc(0);
  private isBusy = true;

  constructor(private readonly swallows: () => Swallowing) {
    super();
  }

  /** The client has said something. */
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

  /** 0: there is no whole message yet. */
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
