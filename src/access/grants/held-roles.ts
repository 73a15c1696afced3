import { refuse } from '../../errors.js';
import type { Rights } from '../../policy/rights.js';

/** Given by hand to one account, at a time; the system's own come beside. Decisions read all of them. */
const mostHeld = 100;

/** Asked before another role is given, under the account's lock. @throws Refusal INVALID_INPUT */
export function assertRoomForRole({ rules }: Rights, field: string): void {
  if (rules.roles.filter(({ isSystem }) => !isSystem).length >= mostHeld)
    throw refuse('INVALID_INPUT', `An account holds at most ${mostHeld} roles; take one away first.`, field);
}
