import type { Operation } from '../../operation.js';
import { recordEnd, tellOfDueGrants } from './due-grants.js';

/**
 * Records a security event for each grant that has expired. Only informs: an expired grant is void from its end on,
 * whether or not this has run.
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
