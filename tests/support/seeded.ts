import { randomInt } from 'node:crypto';
import { expect } from '@jest/globals';
import fc from 'fast-check';

/**
 * Checks a property with a seed that is printed, so that a failure can be reproduced: `PROPERTY_SEED=… npm test --
 * tests/…`.
 * @param shrinks false for a property whose runs change what the next one finds: the first failure is told as it was
 */
export async function seeded<T>(property: fc.IRawProperty<T>, runs = 200, shrinks = true): Promise<void> {
  const seed = Number(process.env['PROPERTY_SEED'] ?? randomInt(2 ** 31));
  process.stdout.write(`Property seed ${seed}\n`);
  await fc.assert(property, { seed, numRuns: runs, endOnFailure: !shrinks });
}

/** Counts the cases of a property by kind, to detect a property whose interesting cases hardly ever occur. */
export class Tally<Kind extends string> {
  private readonly counts = new Map<Kind, number>();

  count(kind: Kind): void {
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
  }

  /** @param least smallest share of all cases for each kind, between 0 and 1 */
  expectShares(least: Readonly<Record<Kind, number>>): void {
    const all = [...this.counts.values()].reduce((sum, count) => sum + count, 0);
    const shares = (Object.keys(least) as Kind[]).map((kind) => [kind, (this.counts.get(kind) ?? 0) / all] as const);
    process.stdout.write(`${shares.map(([kind, share]) => `${kind} ${(100 * share).toFixed(1)}%`).join(', ')}\n`);
    expect(shares.filter(([kind, share]) => share < least[kind])).toEqual([]);
  }
}
