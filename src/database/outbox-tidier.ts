import { tidyOutbox } from './outbox-statements.js';
import { goneAfter, tidyReaders } from './signal-readers.js';
import type { Sql } from './sql.js';

/** The reader of a line, and the snapshot up to which it has read. */
interface Place {
  readonly id: string;
  readonly snapshot: string | null;
}

interface Mark {
  readonly snapshot: string;
  /** By `performance.now()`. */
  readonly at: number;
}

/** Deletes signals that everybody has read, and readers that are gone. Any number of processes may do so at a time. */
export class OutboxTidier {
  private reader = '';
  private marks: Mark[] = [];
  private before: string | null = null;

  constructor(private readonly sql: Pick<Sql, 'rows'>) {}

  /** To be called at intervals. @throws the error of a statement */
  async tidy({ id, snapshot }: Place): Promise<void> {
    await this.sql.rows(tidyReaders);
    if (id !== this.reader) [this.reader, this.marks, this.before] = [id, [], null];
    if (snapshot !== null) this.marks.push({ snapshot, at: performance.now() });
    const read = this.takeRead();
    if (read === undefined) return;
    await this.sql.rows(tidyOutbox, [id, read, this.before]);
    this.before = read;
  }

  /** @returns the newest snapshot from which on every reader has read by now: a slower one registers anew */
  private takeRead(): string | undefined {
    const first = this.marks.findIndex(({ at }) => performance.now() - at < goneAfter);
    const count = first === -1 ? this.marks.length : first;
    return this.marks.splice(0, count).at(-1)?.snapshot;
  }
}
