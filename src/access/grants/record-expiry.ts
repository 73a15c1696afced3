import type { Operation } from '../../operation.js';
import { recordEnd, tellOfDueGrants } from './due-grants.js';

/**
 * Puts on record that grants have ended by themselves, so that consoles see it. A role counts for nothing from the
 * instant of its grant's end whether or not this has run.
 */
export function recordExpiry(operation: Operation): Promise<void> {
  return tellOfDueGrants(operation, {
    column: 'expiry_recorded_at',
    due: 'g.expires_at <= ?',
    parameters: [operation.services.clock.now()],
    tell: async (em, grants) => {
      for (const grant of grants) recordEnd(em, operation, 'ROLE_EXPIRED', grant);
    },
  });
}
