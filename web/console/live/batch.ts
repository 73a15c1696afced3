/** Least time between two batches, in milliseconds. */
const pause = 100;
/** Events that wait at most; a window in the background shows nothing, and needs the newest alone. */
const mostWaiting = 1000;

/** Gathers items, and hands them over with a frame of the screen, so that many at once are one change of the page. */
export class Batch<Item> {
  waiting: Item[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private frame: number | undefined;
  private handedAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly handOver: (items: readonly Item[]) => void) {}

  add(item: Item): void {
    this.waiting.push(item);
    if (this.waiting.length > 2 * mostWaiting) this.waiting = this.waiting.slice(-mostWaiting);
    if (this.timer !== undefined || this.frame !== undefined) return;
    const left = Math.max(0, this.handedAt + pause - performance.now());
    this.timer = setTimeout(() => this.atFrame(), left);
  }

  close(): void {
    clearTimeout(this.timer);
    if (this.frame !== undefined) cancelAnimationFrame(this.frame);
    this.waiting = [];
  }

  private atFrame(): void {
    this.timer = undefined;
    this.frame = requestAnimationFrame(() => {
      this.frame = undefined;
      this.handedAt = performance.now();
      const items = this.waiting;
      this.waiting = [];
      this.handOver(items);
    });
  }
}
