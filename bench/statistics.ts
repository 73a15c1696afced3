/** The value below which that share of the values lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);

/** The median of one property. */
export const medianOf = <Item>(items: readonly Item[], property: (item: Item) => number): number =>
  median(items.map(property));

type Results<Work> = { [Name in keyof Work]: Work[Name] extends () => Promise<infer Result> ? Result[] : never };

/** Measures in turn, round after round, so that a slow minute of the machine slows all of them. */
export async function interleaved<Work extends Record<string, () => Promise<unknown>>>(
  rounds: number,
  work: Work,
): Promise<Results<Work>> {
  const results = Object.fromEntries(Object.keys(work).map((name) => [name, [] as unknown[]]));
  for (let round = 0; round < rounds; round++)
    for (const [name, measure] of Object.entries(work)) results[name]?.push(await measure());
  return results as Results<Work>;
}
