import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Bytes of finished large answers after which a collection runs; their garbage is about three times as large. */
const mostLeft = 16 * 1024 ** 2;

/**
 * Runs V8's garbage collector after large answers. Left alone, V8 lets garbage grow to a multiple of the memory in use,
 * so a few callers with the largest answers could grow the process by hundreds of megabytes. A collection takes some
 * tens of milliseconds, a fraction of the time that such answers take to make. Small answers never cause one.
 */
export class Garbage {
  private left = 0;
  private isDue = false;
  private readonly collect = collector();

  /**
   * Reports that something large was released, in bytes. Reports in the same turn of the event loop share a collection.
   */
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

/**
 * Makes `gc` available at run time; normally Node offers it only with a flag at the start. V8 reads its flags when a
 * context is created, hence the new context. Returns a function without effect where that does not work.
 */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  try {
    const collect: unknown = runInNewContext('globalThis.gc');
    return typeof collect === 'function' ? () => void collect() : () => undefined;
  } finally {
    setFlagsFromString('--no-expose-gc');
  }
}
