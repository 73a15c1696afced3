import { seconds } from '../clock.js';

/** Where progress is drawn; `process.stderr` is one. */
export interface Terminal {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

/** Time between two drawings, in milliseconds. */
const pause = seconds(0.2);
const barLength = 24;
const clearLine = '\r\u001b[K';

/**
 * A line about long work that is drawn over itself: bar, count, pace and the time that is left. Drawn only when the error
 * output is a terminal, so that files and pipes hold nothing of it.
 * @example
 * const progress = new Progress('people', 100_000);
 * progress.at(1000);
 * progress.end();
 */
export class Progress {
  private readonly begunAt: number;
  private drawnAt = Number.NEGATIVE_INFINITY;

  /**
   * @param what is counted, in the plural
   * @param total how many there are, if that is known
   * @param now the time in milliseconds
   */
  constructor(
    private readonly what: string,
    private readonly total?: number,
    private readonly terminal: Terminal = process.stderr,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.begunAt = now();
  }

  /** @param done how many are done by now */
  at(done: number): void {
    const now = this.now();
    if (!this.terminal.isTTY || now - this.drawnAt < pause) return;
    this.drawnAt = now;
    this.terminal.write(`${clearLine}${this.lineOf(done, (now - this.begunAt) / seconds(1))}`);
  }

  /** Removes the line. Call it also when the work has failed. */
  end(): void {
    if (this.drawnAt > Number.NEGATIVE_INFINITY) this.terminal.write(clearLine);
  }

  private lineOf(done: number, elapsed: number): string {
    const pace = elapsed > 0 ? done / elapsed : 0;
    const each = `${shown(pace)} a second`;
    if (!this.total) return `${shown(done)} ${this.what}, ${each}`;
    const part = Math.min(done / this.total, 1);
    const filled = Math.round(part * barLength);
    const bar = `${'█'.repeat(filled)}${'░'.repeat(barLength - filled)}`;
    const left = pace > 0 ? `, ${timeOf((this.total - done) / pace)} left` : '';
    return `${bar} ${Math.floor(part * 100)} %  ${shown(done)} of ${shown(this.total)} ${this.what}, ${each}${left}`;
  }
}

const shown = (count: number) => Math.round(count).toLocaleString('en');

/** @param time in seconds */
function timeOf(time: number): string {
  const whole = Math.max(0, Math.ceil(time));
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
