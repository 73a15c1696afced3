import { MessageType, stringifyMessage } from 'graphql-ws';
import { seconds } from '../clock.js';
import type { EventFeed } from '../security-events/event-feed.js';
import type { PacedSocket } from './paced-socket.js';
import { textFrame } from './text-frame.js';

/** Time between two pings, in milliseconds. */
const pause = seconds(10);
/** Sockets that are pinged per turn of the event loop, so that requests are answered in between. */
const pingedPerTurn = 100;

/**
 * Pings sockets that have a stream, so that a console can tell an idle stream from a dead one. The payload is a
 * `FeedHealth`: the client hears it while the service can read events, and `isStalled` while it cannot.
 */
export class FeedPulse {
  private readonly streams = new Map<PacedSocket, number>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly eventFeed: EventFeed) {}

  /** @returns a function to call when the stream on this socket has ended */
  join(socket: PacedSocket): () => void {
    this.streams.set(socket, (this.streams.get(socket) ?? 0) + 1);
    this.timer ??= setInterval(() => void this.beat(), pause).unref();
    return () => this.leave(socket);
  }

  private leave(socket: PacedSocket): void {
    const left = (this.streams.get(socket) ?? 1) - 1;
    if (left > 0) this.streams.set(socket, left);
    else this.streams.delete(socket);
    if (this.streams.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private async beat(): Promise<void> {
    const health = await this.eventFeed.health();
    const text = stringifyMessage({ type: MessageType.Ping, payload: { ...health } });
    this.ping(textFrame(text), [...this.streams.keys()]);
  }

  /** A client that has not yet taken what was sent before can do without it. */
  private ping(frame: Buffer, sockets: PacedSocket[]): void {
    for (const socket of sockets.splice(0, pingedPerTurn)) if (socket.isClear) socket.sendNow(frame);
    if (sockets.length > 0) setImmediate(() => this.ping(frame, sockets));
  }
}
