import { constants, fstatSync, openSync, writeSync } from 'node:fs';
import { LogFile } from './log-file.js';

/** Writes a part of the text. @returns the number of bytes written @throws the system's error */
type Write = (fd: number, text: Buffer) => number;

/** Time until a full pipe is tried again, and for which it is waited for in all, in milliseconds. */
const [pipePause, pipePatience] = [10, 1000];
/** Longest time that a line waits to be written together with others, in milliseconds. */
const patience = 20;
/** Lines that wait are written when they are longer than this together, in characters. */
const longestWait = 64 * 1024;
const lineBreak = 0x0a;

/**
 * Writing to a pipe whose reader stands still would block the process for as long. So a pipe is opened once more, in a
 * mode that tells it instead; the mode of standard output itself is shared with other processes.
 */
function standardOutput(): number {
  try {
    const isPipe = fstatSync(1).isFIFO();
    return isPipe ? openSync('/proc/self/fd/1', constants.O_WRONLY | constants.O_NONBLOCK) : 1;
  } catch {
    return 1;
  }
}

/**
 * Where the lines of the log go. A line that cannot be written, for example because the disk is full, is dropped: the
 * service does not stop for its log. Before the next line that can be written comes one that tells how many were lost.
 */
export class LogDestination {
  private lost = 0;
  private reason = '';
  /** Whether the last line is only there in part. */
  private isCut = false;
  private waiting = '';
  /** How long a full pipe was waited for since it last took something, in milliseconds. */
  private waited = 0;
  private timer: NodeJS.Timeout | undefined;
  private writesAtExit = false;

  /** @param file when the lines go to a file; `fd` is of no use then */
  constructor(
    private readonly fd: number,
    private readonly writePart: Write = writeSync,
    private readonly file?: LogFile,
  ) {}

  /** Standard output. */
  static standardOutput(): LogDestination {
    return new LogDestination(standardOutput());
  }

  /** Appends to a file, which is rotated; makes it, and its folder. @throws when that fails */
  static file(...terms: ConstructorParameters<typeof LogFile>): LogDestination {
    const file = new LogFile(...terms);
    return new LogDestination(-1, (_fd, text) => file.write(text), file);
  }

  /** Writes the lines that wait, and this one. Never throws. */
  write(line: string): void {
    const text = this.waiting + line;
    this.waiting = '';
    if (text) this.append(text);
  }

  /**
   * Writes the line within 20 ms, together with others: a call of the system for each would cost more than making the
   * line. Never throws. At the end of the process, all that waits is written; a process that is killed loses it.
   */
  writeSoon(line: string): void {
    this.waiting += line;
    if (this.waiting.length > longestWait) this.write('');
    else this.writeInTime();
  }

  private writeInTime(): void {
    if (!this.writesAtExit) process.once('exit', () => this.write(''));
    this.writesAtExit = true;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.write('');
    }, patience).unref();
  }

  private append(text: string): void {
    let rest = Buffer.from(text);
    try {
      const trouble = this.isCut ? undefined : this.file?.prepare(rest.length);
      if (trouble) this.writeNote({ msg: trouble });
      if (this.lost > 0)
        this.writeNote({ lost: this.lost, msg: `Lines of the log could not be written (${this.reason})` });
      this.lost = 0;
      while (rest.length > 0) rest = rest.subarray(this.writeSome(rest));
    } catch (error) {
      this.lost += rest.reduce((lines, byte) => lines + (byte === lineBreak ? 1 : 0), 0);
      this.reason = (error as NodeJS.ErrnoException).code ?? 'unknown';
    }
  }

  /** Writes a line of level `error` about the log itself. @throws the system's error */
  private writeNote(about: { readonly lost?: number; readonly msg: string }): void {
    const line = JSON.stringify({ level: 50, time: Date.now(), ...about });
    let rest = Buffer.from(`${this.isCut ? '\n' : ''}${line}\n`);
    while (rest.length > 0) rest = rest.subarray(this.writeSome(rest));
  }

  /**
   * A pipe that is full because its reader is slow is waited for. While its reader stands still, lines are lost: the
   * service would stand still with it.
   */
  private writeSome(text: Buffer): number {
    try {
      const written = this.writePart(this.fd, text);
      this.waited = 0;
      if (written > 0) this.isCut = text[written - 1] !== lineBreak;
      return written;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || this.waited >= pipePatience) throw error;
      this.waited += pipePause;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pipePause);
      return 0;
    }
  }
}
