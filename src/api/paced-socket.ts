import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { seconds } from '../clock.js';
import type { Held } from '../operations/held.js';

/** In bytes. While more than this is unsent, no further messages are read from the client. */
const fullFrom = 32 * 1024;
/**
 * In milliseconds. An unsent answer may make no progress for this long. The stream checks at this interval, so the
 * connection may last up to twice as long.
 */
const stallTime = seconds(10);
/** Time for a client that is closed as too slow to complete the closing handshake, in milliseconds. */
const leaveTime = seconds(2);
/** Time a client has to answer one of our pings, in milliseconds. */
const answerTime = seconds(20);
/** RFC 6455, section 7.4.2 (IANA registry): try again later. */
const tryAgainLater = 1013;
/** In bytes (RFC 6455, section 5.5: 125 for a control frame, less the code). */
const longestReason = 123;

const nothing = Buffer.alloc(0);

interface Outgoing {
  readonly data: Buffer;
  readonly sent: () => void;
}

/** Runs one message; the promise settles when all work that the message started is done. */
type Handle = (text: string) => Promise<void>;

/**
 * A websocket with back-pressure. While answers are unsent, or too many messages are being processed, it does not read
 * from the connection, so TCP slows the client down. A client that does not read its answers is closed with 1013.
 * Unsent bytes count as held memory.
 */
export class PacedSocket {
  private readonly inbox: Buffer[] = [];
  private readonly outbox: Outgoing[] = [];
  /** Resolves the `room()` call that is waiting. */
  private admit: (() => void) | undefined;
  private handle: Handle | undefined;
  private atWork = 0;
  /** Payload of the client's last unanswered ping. One pong answers all pings before it (RFC 6455, section 5.5.3). */
  private pinged: Buffer | undefined;
  private isPonging = false;
  /** Our ping that the client has not answered yet. */
  private beaten: { readonly nonce: Buffer; readonly at: number } | undefined;
  private turn: NodeJS.Immediate | undefined;
  /** Whether the stream's idle timeout is set because bytes are unsent. */
  private isWaiting = false;

  /** @param mostAtWork number of messages processed at once; one more is read, because it may end one of them */
  constructor(
    private readonly socket: WebSocket,
    private readonly stream: Duplex & { setTimeout?(milliseconds: number): unknown },
    private readonly held: Held,
    private readonly mostAtWork: number,
  ) {
    // The matching close code has been sent by then: 1002, 1007 or 1009 (RFC 6455, section 7.4.1).
    socket.on('error', () => undefined);
    socket.on('message', (data) => this.receive(data as Buffer));
    socket.on('ping', (data) => this.answerPing(data));
    socket.on('pong', (data) => this.hearPong(data));
    socket.on('close', () => this.end());
    // The HTTP server's own listener would destroy the connection without a close code.
    stream.removeAllListeners('timeout').on('timeout', () => this.giveUp());
  }

  /**
   * Sets the handler of messages.
   * @param handle must not reject
   */
  onMessage(handle: Handle): void {
    this.handle = handle;
  }

  /** Queues a text. The promise resolves when the text has left this process or is discarded; it never rejects. */
  send(text: string): Promise<void> {
    if (!this.isOpen) return Promise.resolve();
    const data = Buffer.from(text);
    return new Promise((resolve) => {
      this.outbox.push({ data, sent: resolve });
      this.held.send(this, data.length);
      this.write();
    });
  }

  /** Whether everything has left this process, so that `sendNow` takes a message. */
  get isClear(): boolean {
    return this.isOpen && this.outbox.length === 0 && this.socket.bufferedAmount === 0;
  }

  /** Sends a text at once, or discards it when the socket has closed. @param frame of `textFrame`; no longer one than `isClear` allowed */
  sendNow(frame: Buffer): void {
    if (!this.isOpen) return;
    this.stream.write(frame);
    if (this.socket.bufferedAmount > 0) this.sendOn(frame.length);
  }

  /**
   * Closes the connection with a close frame. Queued messages are dropped.
   * @param reason shortened if it is too long for a close frame
   */
  close(code: number, reason: string): void {
    this.discard();
    this.socket.close(code, shortened(reason));
    this.socket.resume();
  }

  /** Destroys the connection without a close frame. Queued messages are dropped. */
  terminate(): void {
    this.discard();
    this.socket.terminate();
  }

  /**
   * Waits until fewer messages are being processed, so that this one may start.
   * @returns true if it did not have to wait
   */
  async room(): Promise<boolean> {
    if (this.atWork <= this.mostAtWork) return true;
    await new Promise<void>((go) => {
      this.admit = go;
    });
    return false;
  }

  get isOpen(): boolean {
    return this.socket.readyState === this.socket.OPEN;
  }

  private get isFull(): boolean {
    return this.outbox.length > 0 || this.socket.bufferedAmount >= fullFrom;
  }

  private receive(data: Buffer): void {
    if (!this.isOpen || !this.handle) return;
    this.inbox.push(data);
    this.read();
  }

  /**
   * Starts the next message. One read of the connection may bring thousands: those beyond the limit wait in the inbox,
   * and the others start one per turn of the event loop, so that many busy sockets do not delay other work.
   */
  private read(): void {
    if (!this.isOpen || this.turn) return;
    if (this.inbox.length > 0 && this.mayRead) {
      this.turn = setImmediate(() => this.nextTurn());
      this.work(String(this.inbox.shift()));
    }
    if (this.inbox.length > 0 || !this.mayRead) this.socket.pause();
    else if (this.socket.isPaused) this.socket.resume();
  }

  private nextTurn(): void {
    this.turn = undefined;
    this.read();
  }

  private get mayRead(): boolean {
    return this.atWork <= this.mostAtWork && !this.admit && !this.isFull && !this.pinged;
  }

  /** Not an async function, which would take more memory while a stream is idle. */
  private work(text: string): void {
    this.atWork += 1;
    void this.handle?.(text).then(() => {
      this.atWork -= 1;
      if (this.atWork <= this.mostAtWork) this.letIn();
      this.read();
    });
  }

  private letIn(): void {
    this.admit?.();
    this.admit = undefined;
  }

  private write(): void {
    while (this.outbox.length > 0 && this.socket.bufferedAmount < fullFrom) {
      const { data, sent } = this.outbox.shift() as Outgoing;
      this.socket.send(data, { binary: false }, () => {
        this.held.arrive(this, data.length);
        sent();
        this.drained();
      });
    }
    this.watchProgress();
  }

  private drained(): void {
    this.write();
    this.pong();
    this.read();
  }

  /** The stream regards a write as idle when no byte moves, however long the whole write takes. */
  private watchProgress(): void {
    const isWaiting = this.socket.bufferedAmount > 0;
    // Setting the timeout again would restart it whenever another answer is queued.
    if (isWaiting !== this.isWaiting) this.stream.setTimeout?.(isWaiting ? stallTime : 0);
    this.isWaiting = isWaiting;
  }

  /** The connection has not taken all: what is left counts as unread until it has. */
  private sendOn(bytes: number): void {
    this.held.send(this, bytes);
    // Without a callback for each frame, of which nearly all have left at once.
    this.stream.write(nothing, () => {
      this.held.arrive(this, bytes);
      this.drained();
    });
    this.watchProgress();
  }

  private giveUp(): void {
    if (this.socket.bufferedAmount === 0) return;
    // The connection stays paused: a client that does not read needs no further answers.
    this.discard();
    this.socket.close(tryAgainLater, 'Too slow');
    setTimeout(() => this.terminate(), leaveTime).unref();
  }

  private answerPing(data: Buffer): void {
    this.pinged = Buffer.from(data);
    this.pong();
    this.read();
  }

  private pong(): void {
    const { pinged } = this;
    if (!pinged || this.isPonging || this.isFull || !this.isOpen) return;
    this.pinged = undefined;
    this.isPonging = true;
    this.socket.pong(pinged, false, () => {
      this.isPonging = false;
      this.drained();
    });
    this.watchProgress();
  }

  /**
   * Pings the client, or terminates the connection when it has not answered the last ping in time. While the connection is
   * paused because of our own work, the client's time does not run.
   * @param nonce payload of the ping, which the client cannot know before
   */
  beat(nonce: Buffer): void {
    const now = performance.now();
    if (this.beaten) {
      if (!this.isFull && this.socket.isPaused) this.beaten = { ...this.beaten, at: now };
      if (now - this.beaten.at >= answerTime) this.terminate();
      return;
    }
    if (!this.isOpen) return;
    this.beaten = { nonce, at: now };
    this.socket.ping(nonce);
  }

  private hearPong(data: Buffer): void {
    if (this.beaten?.nonce.equals(data)) this.beaten = undefined;
  }

  private discard(): void {
    this.inbox.length = 0;
    for (const { data, sent } of this.outbox.splice(0)) {
      this.held.arrive(this, data.length);
      sent();
    }
    this.letIn();
  }

  private end(): void {
    clearImmediate(this.turn);
    this.discard();
    this.held.forget(this);
  }
}

/**
 * Shortens a close reason to its maximal length, because reasons repeat text of the client and ws throws for a longer
 * one.
 */
function shortened(reason: string): string {
  const bytes = Buffer.from(reason);
  return bytes.length <= longestReason
    ? reason
    : bytes
        .subarray(0, longestReason)
        .toString('utf8')
        .replace(/\ufffd+$/, '');
}
