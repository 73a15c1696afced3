import { refuse } from './errors.js';

/** Something that people edit: `version` rises with each change, so that nobody overwrites a change unseen. */
export interface Versioned {
  version: number;
}

/**
 * Refuses a change that was made for another version. Call it while the row is locked.
 * @param expected null or absent: any version
 * @throws Refusal VERSION_CONFLICT
 */
export function assertVersion({ version }: Versioned, expected: number | null | undefined): void {
  if (expected != null && version !== expected)
    throw refuse('VERSION_CONFLICT', `Somebody has changed this: it has version ${version} now.`, 'expectedVersion');
}
