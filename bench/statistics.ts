/** The value below which the given share (0 to 1) of the values lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);

/** The median of one property of the items. */
export const medianOf = <Item>(items: readonly Item[], property: (item: Item) => number): number =>
  median(items.map(property));

type Results<Work> = { [Name in keyof Work]: Work[Name] extends () => Promise<infer Result> ? Result[] : never };

/** Runs all measurements in turn, round after round, so that a slow phase of the machine affects all of them. */
export async function interleaved<Work extends Record<string, () => Promise<unknown>>>(
  rounds: number,
  work: Work,
): Promise<Results<Work>> {
  const results = Object.fromEntries(Object.keys(work).map((name) => [name, [] as unknown[]]));
  for (let round = 0; round < rounds; round++)
    for (const [name, measure] of Object.entries(work)) results[name]?.push(await measure());
  return results as Results<Work>;
}
