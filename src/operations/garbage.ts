import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** In bytes, of large answers and what was read for them: they leave about three times as much behind. */
const mostLeft = 16 * 1024 ** 2;

/**
 * Collects what large answers leave behind. V8 by itself lets garbage grow to a multiple of what is in use, so that a
 * few callers who ask for the largest answers there can be would make the process grow by hundreds of megabytes. A
 * collection takes some tens of milliseconds, a part of what such answers take to make; others never cause one.
 */
export class Garbage {
  private left = 0;
  private isDue = false;
  private readonly collect = collector();

  /** Something large is done with. Of many such things that are left at once one collection takes care. */
  leave(bytes: number): void {
    this.left += bytes;
    if (this.left < mostLeft || this.isDue) return;
    this.isDue = true;
    setImmediate(() => this.clear());
  }

  private clear(): void {
    this.left = 0;
    this.isDue = false;
    this.collect();
  }
}

/** Node offers it at the start of a process only; flags are looked at when a context is made. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  try {
    const collect: unknown = runInNewContext('globalThis.gc');
    return typeof collect === 'function' ? () => void collect() : () => undefined;
  } finally {
    setFlagsFromString('--no-expose-gc');
  }
}
