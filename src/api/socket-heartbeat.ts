import { randomBytes } from 'node:crypto';
import { seconds } from '../clock.js';
import type { PacedSocket } from './paced-socket.js';

/** Sockets are pinged in as many groups, one after another, so that not all are at once. */
const groupCount = 12;

/** Pings all sockets with one timer: one for each would take more memory than their part of the groups. */
export class SocketHeartbeat {
  private readonly groups = Array.from({ length: groupCount }, () => new Set<PacedSocket>());
  private next = 0;
  private timer: NodeJS.Timeout | undefined;

  /** @param pause time between two pings of a socket, in milliseconds */
  constructor(private readonly pause = seconds(12)) {}

  /** The first ping comes after one pause. */
  join(socket: PacedSocket): void {
    this.timer ??= setInterval(() => this.beat(), this.pause / groupCount).unref();
    this.groups.at(this.next - 1)?.add(socket);
  }

  leave(socket: PacedSocket): void {
    for (const group of this.groups) group.delete(socket);
    if (this.groups.some(({ size }) => size > 0)) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  /** Pings the next group. */
  beat(): void {
    const nonce = randomBytes(64 / 8);
    for (const socket of this.groups[this.next] ?? []) socket.beat(nonce);
    this.next = (this.next + 1) % groupCount;
  }
}
