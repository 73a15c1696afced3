import { randomInt } from 'node:crypto';
import { expect } from '@jest/globals';
import fc from 'fast-check';

/**
 * Runs a property with a seed that is printed, so that a failure anywhere can be had again here:
 * `PROPERTY_SEED=… npm test -- tests/…`.
 */
export async function seeded<T>(property: fc.IRawProperty<T>, runs = 200): Promise<void> {
  const seed = Number(process.env['PROPERTY_SEED'] ?? randomInt(2 ** 31));
  process.stdout.write(`Property seed ${seed}\n`);
  await fc.assert(property, { seed, numRuns: runs });
}

/** Counts the cases of a property by kind: one that hardly ever meets what it is about would not notice. */
export class Tally<Kind extends string> {
  private readonly counts = new Map<Kind, number>();

  count(kind: Kind): void {
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
  }

  /** @param least for each kind the share of all cases, between 0 and 1, that it has at least */
  expectShares(least: Readonly<Record<Kind, number>>): void {
    const all = [...this.counts.values()].reduce((sum, count) => sum + count, 0);
    const shares = (Object.keys(least) as Kind[]).map((kind) => [kind, (this.counts.get(kind) ?? 0) / all] as const);
    process.stdout.write(`${shares.map(([kind, share]) => `${kind} ${(100 * share).toFixed(1)}%`).join(', ')}\n`);
    expect(shares.filter(([kind, share]) => share < least[kind])).toEqual([]);
  }
}
