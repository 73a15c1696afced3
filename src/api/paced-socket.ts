import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { seconds } from '../clock.js';
import type { Held } from '../operations/held.js';

/** In bytes: with more than this unsent, the client has to read before it is read. */
const fullFrom = 32 * 1024;
/** How long unsent bytes may make no progress, in milliseconds; it is looked at this often, so twice as long at most. */
const patience = seconds(10);
/** For a client that is told to go to take its leave, in milliseconds. */
const leaveTime = seconds(2);
/** Between two pings of ours, and from a ping to the pong that repeats it. */
const heartbeat = { pause: seconds(12), patience: seconds(20) } as const;
/** RFC 6455, section 7.4.2 (IANA registry): try again later. */
const tryAgainLater = 1013;
/** In bytes (RFC 6455, section 5.5: 125 for a control frame, less the code). */
const longestReason = 123;

interface Outgoing {
  readonly data: Buffer;
  readonly sent: () => void;
}

/** Runs one message; settles when all work that it began is done. */
type Handle = (text: string) => Promise<void>;

/**
 * A websocket that is read no faster than its client reads and than its work is done. While answers wait, or
 * too many messages are being worked on, nothing is taken from the connection, so TCP holds the client back.
 * A client that lets its answers wait is closed with 1013; what is unsent counts as held.
 */
export class PacedSocket {
  private readonly inbox: Buffer[] = [];
  private readonly outbox: Outgoing[] = [];
  /** Lets the one message begin that waits for room. */
  private admit: (() => void) | undefined;
  private handle: Handle | undefined;
  private atWork = 0;
  /** What the last unanswered ping of the client held. One pong answers all before it (RFC 6455, section 5.5.3). */
  private pinged: Buffer | undefined;
  private isPonging = false;
  /** Our ping that the client has still to repeat. */
  private beaten: { readonly nonce: Buffer; readonly at: number } | undefined;
  private readonly heart: NodeJS.Timeout;
  private turn: NodeJS.Immediate | undefined;
  /** For the client to take what was sent. */
  private isWaiting = false;

  /** @param mostAtWork messages that are worked on at once; one more is taken, which may end one of them */
  constructor(
    private readonly socket: WebSocket,
    private readonly stream: Duplex & { setTimeout?(milliseconds: number): unknown },
    private readonly held: Held,
    private readonly mostAtWork: number,
  ) {
    // Its codes have been sent by then: 1002, 1007, 1009 (RFC 6455, section 7.4.1).
    socket.on('error', () => undefined);
    socket.on('message', (data) => this.receive(data as Buffer));
    socket.on('ping', (data) => this.answerPing(data));
    socket.on('pong', (data) => this.hearPong(data));
    socket.on('close', () => this.end());
    // The HTTP server's own listener would destroy the connection without a code.
    stream.removeAllListeners('timeout').on('timeout', () => this.giveUp());
    this.heart = setInterval(() => this.beat(), heartbeat.pause);
  }

  /** @param handle never rejects */
  onMessage(handle: Handle): void {
    this.handle = handle;
  }

  /** Resolves when the text has left this process, or never will. */
  send(text: string): Promise<void> {
    if (!this.isOpen) return Promise.resolve();
    const data = Buffer.from(text);
    return new Promise((resolve) => {
      this.outbox.push({ data, sent: resolve });
      this.held.send(this, data.length);
      this.write();
    });
  }

  close(code: number, reason: string): void {
    this.discard();
    this.socket.close(code, shortened(reason));
    this.socket.resume();
  }

  terminate(): void {
    this.discard();
    this.socket.terminate();
  }

  /** Waits until so few messages are worked on that this one may begin. @returns whether there was none to wait for */
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
   * One read of the connection may hold thousands of messages: those beyond the bound wait in the inbox, and of those within
   * it one is begun in each turn of the event loop, so that many sockets at once keep nobody else waiting.
   */
  private read(): void {
    if (!this.isOpen || this.turn) return;
    if (this.inbox.length > 0 && this.mayRead) {
      this.turn = setImmediate(() => this.nextTurn());
      void this.work(String(this.inbox.shift()));
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

  private async work(text: string): Promise<void> {
    this.atWork += 1;
    await this.handle?.(text);
    this.atWork -= 1;
    if (this.atWork <= this.mostAtWork) this.letIn();
    this.read();
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

  /** The stream calls a write idle that moves no byte, however long it takes otherwise. */
  private watchProgress(): void {
    const isWaiting = this.socket.bufferedAmount > 0;
    // Set again it would begin anew, whenever one more answer is to be sent.
    if (isWaiting !== this.isWaiting) this.stream.setTimeout?.(isWaiting ? patience : 0);
    this.isWaiting = isWaiting;
  }

  private giveUp(): void {
    if (this.socket.bufferedAmount === 0) return;
    // It is still not read: there is no answer to this from who does not read, only more of the same.
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

  /** Only who reads can repeat what a ping holds. Who is not read because of our own work is waited for. */
  private beat(): void {
    const now = performance.now();
    if (this.beaten) {
      if (!this.isFull && this.socket.isPaused) this.beaten = { ...this.beaten, at: now };
      if (now - this.beaten.at >= heartbeat.patience) this.terminate();
      return;
    }
    if (!this.isOpen) return;
    const nonce = randomBytes(64 / 8);
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
    clearInterval(this.heart);
    clearImmediate(this.turn);
    this.discard();
    this.held.forget(this);
  }
}

/** Reasons repeat what the client has sent; ws throws for one that is too long. */
function shortened(reason: string): string {
  const bytes = Buffer.from(reason);
  return bytes.length <= longestReason
    ? reason
    : bytes
        .subarray(0, longestReason)
        .toString('utf8')
        .replace(/\ufffd+$/, '');
}
