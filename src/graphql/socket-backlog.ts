/** In bytes: what the answers to all sockets of this process may hold that their clients have not read. */
const most = 32 * 1024 * 1024;

interface Reader {
  terminate(): void;
}

/**
 * Counts what waits to be sent on all sockets together, so that many slow ones are bounded as one is. Past the
 * bound the one that has made no progress for the longest is cut off.
 */
export class Backlog {
  private bytes = 0;
  /** In the order of their last progress. */
  private readonly readers = new Map<Reader, number>();

  add(reader: Reader, bytes: number): void {
    this.readers.set(reader, (this.readers.get(reader) ?? 0) + bytes);
    this.bytes += bytes;
    while (this.bytes > most && this.readers.size > 0) this.cutOff();
  }

  /** The reader has taken these. */
  remove(reader: Reader, bytes: number): void {
    const waiting = this.readers.get(reader);
    if (waiting === undefined) return;
    this.readers.delete(reader);
    this.bytes -= bytes;
    if (waiting > bytes) this.readers.set(reader, waiting - bytes);
  }

  forget(reader: Reader): void {
    this.bytes -= this.readers.get(reader) ?? 0;
    this.readers.delete(reader);
  }

  private cutOff(): void {
    const [slowest] = this.readers.keys();
    if (!slowest) return;
    this.forget(slowest);
    slowest.terminate();
  }
}
