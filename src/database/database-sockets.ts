import { Socket } from 'node:net';
import { seconds } from '../clock.js';

/** For a connection to be made, and to be waited for where all are busy. */
export const connectTime = seconds(5);

/** The system asks whether an idle peer is still there: after this time, then each second, ten times. */
export const keepAlive = { keepAlive: true, keepAliveInitialDelayMillis: seconds(5) };

/** Makes the sockets of connections, and ends those that a network has silently given up. */
export class DatabaseSockets {
  private readonly open = new Set<Socket>();

  /**
   * @param longestSilence in milliseconds; a connection on which nothing is sent or received for longer is ended. It
   *   outlasts the server's own limit for a statement and the pool's for an idle connection, so it is reached
   *   only when answers do not arrive. 0: never
   */
  constructor(private readonly longestSilence = 0) {}

  readonly make = (): Socket => {
    const socket = new Socket();
    this.open.add(socket);
    socket.setTimeout(this.longestSilence, () => socket.destroy());
    socket.once('close', () => this.open.delete(socket));
    return socket;
  };

  /** What is under way on them fails as with any broken connection; the pool makes new ones. */
  dropAll(): void {
    for (const socket of this.open) socket.destroy();
  }
}
