/** Counts values by their size. Cheap enough to be told of each operation, and the source of a histogram. */
export class Distribution {
  /** How many values were in each range; the last one has no upper bound. */
  readonly counts: number[];
  sum = 0;

  /** @param bounds upper bounds of the ranges, ascending and inclusive */
  constructor(readonly bounds: readonly number[]) {
    this.counts = new Array(bounds.length + 1).fill(0);
  }

  note(value: number): void {
    let range = 0;
    while (value > (this.bounds[range] ?? Number.POSITIVE_INFINITY)) range += 1;
    this.counts[range] = (this.counts[range] ?? 0) + 1;
    this.sum += value;
  }
}
