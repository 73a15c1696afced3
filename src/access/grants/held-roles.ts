import { refuse } from '../../errors.js';
import type { Rights } from '../../policy/rights.js';

/** Most roles that an account holds at a time, system roles excluded. Every access decision reads all of them. */
const mostHeld = 100;

/** Call before granting another role, while the account is locked. @throws Refusal INVALID_INPUT at the limit */
export function assertRoomForRole({ rules }: Rights, field: string): void {
  if (rules.roles.filter(({ isSystem }) => !isSystem).length >= mostHeld)
    throw refuse('INVALID_INPUT', `An account holds at most ${mostHeld} roles; take one away first.`, field);
}
