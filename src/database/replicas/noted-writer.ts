import type { Writer } from '../database.js';
import type { OwnWrites } from './own-writes.js';

/** Notes the transactions that one operation commits for its caller. */
export class NotedWriter implements Writer {
  /** Whether a transaction of the current change has told every process. */
  isTold = false;

  constructor(
    private readonly ownWrites: OwnWrites,
    readonly userId: string,
  ) {}

  /** Call before each change. */
  begin(): void {
    this.isTold = false;
  }

  committed(): void {
    this.isTold = true;
    this.ownWrites.note(this.userId);
  }
}
