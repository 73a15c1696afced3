import { randomInt } from 'node:crypto';
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
