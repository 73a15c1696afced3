/**
 * Circles of imports, types included.
 * @param imports by file what it imports
 * @returns the files of each circle (strongly connected components of more than one file; Tarjan 1972), in order
 */
export function circlesIn(imports: ReadonlyMap<string, readonly string[]>): string[][] {
  const search = new Search(imports);
  for (const file of imports.keys()) search.visit(file);
  return search.circles;
}

class Search {
  readonly circles: string[][] = [];
  /** In the order in which they were met. */
  private readonly numbers = new Map<string, number>();
  /** The earliest file that is reached from here and still open. */
  private readonly earliest = new Map<string, number>();
  private readonly open: string[] = [];

  constructor(private readonly imports: ReadonlyMap<string, readonly string[]>) {}

  visit(file: string): number {
    const known = this.earliest.get(file);
    if (this.numbers.has(file)) return this.open.includes(file) ? (known ?? 0) : Number.POSITIVE_INFINITY;
    const number = this.numbers.size;
    this.numbers.set(file, number);
    this.earliest.set(file, number);
    this.open.push(file);
    for (const target of this.imports.get(file) ?? [])
      this.earliest.set(file, Math.min(this.earliest.get(file) ?? number, this.visit(target)));
    if (this.earliest.get(file) === number) this.close(file);
    return this.earliest.get(file) ?? number;
  }

  private close(file: string): void {
    const circle = this.open.splice(this.open.lastIndexOf(file));
    if (circle.length > 1) this.circles.push(circle.sort());
    // A closed file is out of reach of those that are still open.
    for (const member of circle) this.earliest.set(member, Number.POSITIVE_INFINITY);
  }
}
