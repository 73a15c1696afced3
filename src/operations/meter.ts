import { CodedError, timedOut, unavailable } from '../errors.js';
import type { Deadlines } from './deadlines.js';
import type { Held } from './held.js';

/** What one operation may take; docs/security.md promises these figures. */
export interface Ceiling {
  /** Of the answer: objects, and fields of objects. */
  readonly nodes: number;
  /** Of the answer, in bytes of JSON. */
  readonly bytes: number;
  /** Of the rows that its statements bring, in bytes. */
  readonly read: number;
  /** Of the database. */
  readonly statements: number;
  /** Of the answer: fields that failed or were refused. */
  readonly errors: number;
}

/** From this on, in bytes, what was read is made into an answer when it is its turn. */
const huge = 1024 ** 2;
/** Below this, in bytes, an operation is not refused for what others hold. */
const small = 64 * 1024;

/**
 * Counts what one operation takes while it runs. Past its ceiling or its time the operation is over: what waits for
 * it is told, and nothing more is begun for it. Before it starts and after it has finished nothing is counted.
 */
export class Meter {
  /** Why the operation ended before its answer was complete. */
  endedBy: CodedError | undefined;
  isRunning = false;
  private nodes = 0;
  private bytes = 0;
  private read = 0;
  private statements = 0;
  private errors = 0;
  private waiting: ((reason: CodedError) => void)[] = [];

  constructor(
    readonly ceiling: Ceiling,
    private readonly held: Held,
    private readonly deadlines: Deadlines,
  ) {}

  /** From now on its time counts. */
  start(): void {
    this.isRunning = true;
    this.deadlines.add(this);
  }

  runOut(): void {
    this.end(timedOut());
  }

  /** Notes what comes into the answer, before anything is made of it. @returns false when the operation is over */
  answers(nodes: number, bytes: number): boolean {
    if (!this.isRunning) return this.endedBy === undefined;
    this.nodes += nodes;
    this.bytes += bytes;
    this.held.bytes += bytes;
    if (this.nodes > this.ceiling.nodes) return this.end(tooComplex('values', this.ceiling.nodes));
    if (this.bytes > this.ceiling.bytes) return this.end(tooComplex('bytes', this.ceiling.bytes));
    return this.fits();
  }

  /** Notes a statement before it is sent. @returns false when the operation is over */
  sends(): boolean {
    if (!this.isRunning) return this.endedBy === undefined;
    this.statements += 1;
    return this.statements <= this.ceiling.statements || this.end(tooComplex('lists', this.ceiling.statements));
  }

  /** Notes a row that came from the database. @returns false when the operation is over */
  reads(bytes: number): boolean {
    if (!this.isRunning) return this.endedBy === undefined;
    this.read += bytes;
    this.held.bytes += bytes;
    return this.read > this.ceiling.read ? this.end(tooComplex('bytes', this.ceiling.read)) : this.fits();
  }

  /** Notes an error that is told. @returns false when the operation is over */
  fails(bytes: number): boolean {
    this.errors += 1;
    if (this.errors > this.ceiling.errors) return this.end(tooComplex('errors', this.ceiling.errors));
    return this.answers(0, bytes);
  }

  /** The first reason is the one that counts. @returns false */
  end(reason: CodedError): false {
    if (!this.isRunning) return false;
    this.stop();
    this.endedBy = reason;
    const { waiting } = this;
    this.waiting = [];
    for (const tell of waiting) tell(reason);
    return false;
  }

  /** The answer is made. What was counted is held until `release`. */
  stop(): void {
    this.isRunning = false;
    this.deadlines.remove(this);
  }

  /** @param tell called once, when the operation ends before its answer is complete @returns a function that calls it off */
  onEnd(tell: (reason: CodedError) => void): () => void {
    this.waiting.push(tell);
    return () => {
      const place = this.waiting.lastIndexOf(tell);
      if (place >= 0) this.waiting.splice(place, 1);
    };
  }

  /** What has come into the answer so far. */
  get answered(): { readonly nodes: number; readonly bytes: number } {
    return { nodes: this.nodes, bytes: this.bytes };
  }

  /** More than a usual answer, so that it matters how long it is held. */
  get isLarge(): boolean {
    return this.read + this.bytes > small;
  }

  /** So much was read that making an answer of it would keep others waiting. */
  get isHuge(): boolean {
    return this.read > huge;
  }

  /** Waits until it may be made. */
  turn(): Promise<unknown> {
    return this.held.turn();
  }

  /** What was counted is held no longer. */
  release(): void {
    this.held.release(this.read + this.bytes);
    this.read = 0;
    this.bytes = 0;
  }

  private fits(): boolean {
    return !this.isLarge || this.held.hasRoom() || this.end(unavailable());
  }
}

export const tooComplex = (what: string, limit: number): CodedError =>
  new CodedError('QUERY_TOO_COMPLEX', `The answer would take too many ${what}.`, { limit });
