import { Socket } from 'node:net';
import { seconds } from '../clock.js';

/** Longest time to open a connection, and to wait for a free one in the pool, in milliseconds. */
export const connectTime = seconds(5);

/** TCP keep-alive: the system probes an idle peer after 5 seconds, then each second, ten times. */
export const keepAlive = { keepAlive: true, keepAliveInitialDelayMillis: seconds(5) };

/** Creates the sockets of database connections and destroys those on which nothing moves any more. */
export class DatabaseSockets {
  private readonly open = new Set<Socket>();

  /**
   * @param longestSilence in milliseconds: a socket that neither sends nor receives for longer is destroyed. Must
   *   exceed the server's statement timeout and the pool's idle timeout, so that only a lost connection reaches it. 0:
   *   never
   */
  constructor(private readonly longestSilence = 0) {}

  readonly make = (): Socket => {
    const socket = new Socket();
    this.open.add(socket);
    socket.setTimeout(this.longestSilence, () => socket.destroy());
    socket.once('close', () => this.open.delete(socket));
    return socket;
  };

  /** Destroys every open socket. Running statements fail; the pool opens new connections. */
  dropAll(): void {
    for (const socket of this.open) socket.destroy();
  }
}
