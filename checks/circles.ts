/**
 * Finds import cycles, type imports included.
 * @param imports for each file, the files that it imports
 * @returns the sorted files of each cycle: strongly connected components of more than one file (Tarjan 1972)
 */
export function circlesIn(imports: ReadonlyMap<string, readonly string[]>): string[][] {
  const search = new Search(imports);
  for (const file of imports.keys()) search.visit(file);
  return search.circles;
}

class Search {
  readonly circles: string[][] = [];
  /** Order in which files were visited. */
  private readonly numbers = new Map<string, number>();
  /** For each file, the earliest file on the stack that is reachable from it (Tarjan's lowlink). */
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
    // A finished component cannot be reached from files that are still on the stack, so it must not lower their
    // numbers.
    for (const member of circle) this.earliest.set(member, Number.POSITIVE_INFINITY);
  }
}
