import { mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** Writes a part of the text. @returns the number of bytes written @throws the system's error */
type Write = (fd: number, text: Buffer) => number;

/** Time until a full pipe is tried again, in milliseconds. */
const pipePause = 10;

/**
 * Where the lines of the log go. A line that cannot be written, for example because the disk is full, is dropped: the
 * service does not stop for its log. Before the next line that can be written comes one that tells how many were lost.
 */
export class LogDestination {
  private lost = 0;
  private reason = '';
  /** Whether the last line is only there in part. */
  private isCut = false;

  constructor(
    private readonly fd: number,
    private readonly writePart: Write = writeSync,
  ) {}

  /** Appends to a file; makes it, and its folder. @throws when that fails */
  static file(path: string): LogDestination {
    mkdirSync(dirname(path), { recursive: true });
    return new LogDestination(openSync(path, 'a'));
  }

  /** Never throws. */
  write(line: string): void {
    try {
      if (this.lost > 0) this.writeWhole(this.lossLine());
      this.lost = 0;
      this.writeWhole(line);
    } catch (error) {
      this.lost += 1;
      this.reason = (error as NodeJS.ErrnoException).code ?? 'unknown';
    }
  }

  private lossLine(): string {
    const msg = `Lines of the log could not be written (${this.reason})`;
    const line = JSON.stringify({ level: 50, time: Date.now(), lost: this.lost, msg });
    return `${this.isCut ? '\n' : ''}${line}\n`;
  }

  private writeWhole(text: string): void {
    for (let rest = Buffer.from(text); rest.length > 0; ) {
      const written = this.writeSome(rest);
      if (written > 0) this.isCut = written < rest.length;
      rest = rest.subarray(written);
    }
  }

  /** A pipe that is full because its reader is slow is waited for. */
  private writeSome(text: Buffer): number {
    try {
      return this.writePart(this.fd, text);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pipePause);
      return 0;
    }
  }
}
