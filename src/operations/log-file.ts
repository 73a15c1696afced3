import { closeSync, existsSync, fstatSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

interface Bounds {
  /** Size from which a file is rotated, in bytes. */
  readonly bytes: number;
  /** Rotated files that are kept: PATH.1 is the latest. */
  readonly files: number;
}

const defaults: Bounds = { bytes: 10 * 1024 ** 2, files: 10 };
/** Between two looks at whether another program has moved or emptied the file, in milliseconds. */
const lookPause = 1000;
/** Until a rotation that failed is tried again, in milliseconds. */
const retryPause = 60_000;

/**
 * A file that lines are appended to. When it is full it becomes PATH.1, PATH.1 becomes PATH.2, and so on. If another
 * program moves, deletes or empties the file, the lines go to a new one within a second. All is synchronous, so that a
 * line is in the file when `write` returns.
 */
export class LogFile {
  private fd: number;
  private size = 0;
  private lookedAt = Number.NEGATIVE_INFINITY;
  private retryAt = Number.NEGATIVE_INFINITY;
  /** Whether it was told that the file cannot be rotated. */
  private isTold = false;

  /** Makes the file, and its folder. @throws when that fails */
  constructor(
    private readonly path: string,
    private readonly bounds: Bounds = defaults,
    /** In milliseconds. */
    private readonly now = () => performance.now(),
  ) {
    mkdirSync(dirname(path), { recursive: true });
    this.fd = openSync(path, 'a');
  }

  /** @returns the number of bytes written @throws the system's error */
  write(text: Buffer): number {
    const written = writeSync(this.fd, text);
    this.size += written;
    return written;
  }

  /**
   * Called between two lines, before some are written: follows the file if it was moved, and rotates it if it is full.
   * Goes on with the same file when that fails.
   * @param bytes that are about to be written
   * @returns what went wrong, once until it works again
   */
  prepare(bytes: number): string | undefined {
    const now = this.now();
    if (!this.isFull(bytes, now) && now - this.lookedAt < lookPause) return undefined;
    this.lookedAt = now;
    try {
      this.follow();
      if (this.isFull(bytes, now)) this.rotate();
      return undefined;
    } catch (error) {
      return this.failed(error, now);
    }
  }

  private isFull(bytes: number, now: number): boolean {
    return this.size > 0 && this.size + bytes > this.bounds.bytes && now >= this.retryAt;
  }

  /** Opens the file again if PATH is no longer this file. Devices and pipes have no size and are left alone. */
  private follow(): void {
    const own = fstatSync(this.fd);
    this.size = own.isFile() ? own.size : 0;
    const there = statSync(this.path, { throwIfNoEntry: false });
    if (own.isFile() && (there?.ino !== own.ino || there.dev !== own.dev)) this.reopen();
  }

  private rotate(): void {
    const place = (n: number) => `${this.path}.${n}`;
    // Up to the first gap, so that repeated failures do not push old files out.
    let last = 1;
    while (last < this.bounds.files && existsSync(place(last))) last += 1;
    for (let n = last; n > 1; n -= 1) renameSync(place(n - 1), place(n));
    renameSync(this.path, place(1));
    this.reopen();
  }

  private reopen(): void {
    const fd = openSync(this.path, 'a');
    closeSync(this.fd);
    this.fd = fd;
    this.size = fstatSync(fd).size;
    this.isTold = false;
  }

  private failed(error: unknown, now: number): string | undefined {
    this.retryAt = now + retryPause;
    if (this.isTold) return undefined;
    this.isTold = true;
    return `The log file could not be rotated (${(error as NodeJS.ErrnoException).code}); it goes on as it is`;
  }
}
