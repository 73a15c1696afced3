import type { PacedSocket } from './paced-socket.js';

/**
 * Sends frames to many sockets together once the function that makes them has ended. A client that waits for its next
 * message has to be woken for each that is sent alone, which takes longer than the sending; and what decides about the
 * next stream stays in the processor's caches while no frame is sent in between.
 */
export class FrameBatch {
  private frames: { readonly socket: PacedSocket; readonly frame: Buffer }[] = [];

  /** @param frame of `textFrame`, for a socket that is clear; several for one socket keep their order */
  add(socket: PacedSocket, frame: Buffer): void {
    // Before any promise goes on, so nothing that is told later overtakes it.
    if (this.frames.length === 0) process.nextTick(() => this.send());
    this.frames.push({ socket, frame });
  }

  private send(): void {
    const { frames } = this;
    this.frames = [];
    for (const { socket, frame } of frames) socket.sendNow(frame);
  }
}
