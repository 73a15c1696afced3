import type { Count } from './audit.js';
import type { Ground } from './ground.js';

/** How much is done: small in CI. */
export interface Size {
  readonly kills: number;
  readonly writers: number;
  readonly resets: number;
}

export type Scenario = (ground: Ground, size: Size) => Promise<Count[]>;
