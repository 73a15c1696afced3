import { CodedError, timedOut, unavailable } from '../errors.js';
import type { Deadlines } from './deadlines.js';
import { type Held, huge } from './held.js';
import type { Work } from './work.js';

/** Limits of one operation. docs/security.md documents the values. */
export interface Ceiling {
  /** Objects, and fields of objects, in the answer. */
  readonly nodes: number;
  /** Size of the answer, in bytes of JSON. */
  readonly bytes: number;
  /** Size of the rows read from the database, in bytes. */
  readonly read: number;
  /** Statements sent to the database outside of transactions. */
  readonly statements: number;
  /** Fields of the answer that failed or were refused. */
  readonly errors: number;
}

/** Up to this many bytes, read and answered together, an operation is not refused because memory is short. */
const small = 64 * 1024;

/**
 * Counts what one operation uses while it runs. When it exceeds a limit or its time, the operation ends: those that
 * registered with `onEnd` are called and nothing more is started for it. Nothing is counted before `start` and after
 * `stop`.
 *
 * @example
 * meter.start();
 * const cancel = meter.onEnd((reason) => abort(reason));
 * if (!meter.sends()) throw meter.endedBy;
 * meter.stop();
 * meter.release(); // once the answer has been handed over
 */
export class Meter {
  /** Why the operation ended before its answer was complete. */
  endedBy: CodedError | undefined;
  isRunning = false;
  /** The operation. */
  work: Work | undefined;
  /** Time that statements outside of transactions took, with the wait for a connection, in milliseconds. */
  sqlTime = 0;
  private nodes = 0;
  private bytes = 0;
  private read = 0;
  private statements = 0;
  private inTransactions = 0;
  private errors = 0;
  private waiting: ((reason: CodedError) => void)[] = [];

  constructor(
    readonly ceiling: Ceiling,
    private readonly held: Held,
    private readonly deadlines: Deadlines,
  ) {}

  /** Starts counting, and the time limit. */
  start(): void {
    this.isRunning = true;
    this.deadlines.add(this);
  }

  /** Ends the operation because its time limit has passed. */
  runOut(): void {
    this.end(timedOut());
  }

  /**
   * Counts a part of the answer before it is built.
   * @param bytes of JSON
   * @returns false when the operation has ended
   */
  answers(nodes: number, bytes: number): boolean {
    if (!this.isRunning) return this.endedBy === undefined;
    this.nodes += nodes;
    this.bytes += bytes;
    this.held.bytes += bytes;
    if (this.nodes > this.ceiling.nodes) return this.end(tooComplex('values', this.ceiling.nodes));
    if (this.bytes > this.ceiling.bytes) return this.end(tooComplex('bytes', this.ceiling.bytes));
    return this.fits();
  }

  /** Counts a statement before it is sent. @returns false when the operation has ended */
  sends(): boolean {
    if (!this.isRunning) return this.endedBy === undefined;
    this.statements += 1;
    return this.statements <= this.ceiling.statements || this.end(tooComplex('lists', this.ceiling.statements));
  }

  /** Takes the count of one statement back, because it is sent again elsewhere. */
  forgive(): void {
    if (this.isRunning) this.statements -= 1;
  }

  /** Counts a row from the database, in bytes. @returns false when the operation has ended */
  reads(bytes: number): boolean {
    if (!this.isRunning) return this.endedBy === undefined;
    this.read += bytes;
    this.held.bytes += bytes;
    return this.read > this.ceiling.read ? this.end(tooComplex('bytes', this.ceiling.read)) : this.fits();
  }

  /** Counts an error in the answer, in bytes of JSON. @returns false when the operation has ended */
  fails(bytes: number): boolean {
    this.errors += 1;
    if (this.errors > this.ceiling.errors) return this.end(tooComplex('errors', this.ceiling.errors));
    return this.answers(0, bytes);
  }

  /** Ends the operation and calls the listeners. Later reasons are ignored. @returns false */
  end(reason: CodedError): false {
    if (!this.isRunning) return false;
    this.stop();
    this.endedBy = reason;
    const { waiting } = this;
    this.waiting = [];
    for (const tell of waiting) tell(reason);
    return false;
  }

  /** Stops counting: the answer is complete. The memory counts as held until `release`. */
  stop(): void {
    this.isRunning = false;
    this.deadlines.remove(this);
  }

  /**
   * @param tell called once when the operation ends before its answer is complete
   * @returns a function that removes the listener
   */
  onEnd(tell: (reason: CodedError) => void): () => void {
    this.waiting.push(tell);
    return () => {
      const place = this.waiting.lastIndexOf(tell);
      if (place >= 0) this.waiting.splice(place, 1);
    };
  }

  /** Counts the statements of a transaction, which have no ceiling. */
  noteTransaction(statements: number): void {
    this.inTransactions += statements;
  }

  /** How many statements were sent so far, in transactions and outside of them. */
  get sent(): { readonly inTransactions: number; readonly others: number } {
    return { inTransactions: this.inTransactions, others: this.statements };
  }

  /** What the answer contains so far. */
  get answered(): { readonly nodes: number; readonly bytes: number } {
    return { nodes: this.nodes, bytes: this.bytes };
  }

  /** Above the size of a usual answer: such an operation is refused when memory is short. */
  get isLarge(): boolean {
    return this.read + this.bytes > small;
  }

  /** So much was read that building the answer blocks other requests noticeably. */
  get isHuge(): boolean {
    return this.read > huge;
  }

  /** Waits until this operation may build its answer; see `Held.slot`. */
  slot(): Promise<unknown> {
    return this.held.slot();
  }

  /** Frees what this operation holds. */
  release(): void {
    this.held.release(this.read + this.bytes);
    this.read = 0;
    this.bytes = 0;
  }

  private fits(): boolean {
    return !this.isLarge || this.held.hasRoom() || this.end(unavailable());
  }
}

/** @param what counted thing for the message, such as `bytes` @param limit becomes `extensions.limit` */
export const tooComplex = (what: string, limit: number): CodedError =>
  new CodedError('QUERY_TOO_COMPLEX', `The answer would take too many ${what}.`, { limit });
