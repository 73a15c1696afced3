import type { Operation } from '../../operation.js';
import { recordEnd, type Telling, tellOfDueGrants } from './due-grants.js';

/**
 * Records a security event for each grant that has expired. Only informs: an expired grant is void from its end on,
 * whether or not this has run.
 */
export function recordExpiry(operation: Operation, signal?: AbortSignal): Promise<void> {
  const telling: Telling = {
    column: 'expiry_recorded_at',
    due: 'g.expires_at <= $3',
    parameters: [operation.services.clock.now()],
    tell: async (tx, grants) => {
      for (const grant of grants) recordEnd(tx, operation, 'ROLE_EXPIRED', grant);
    },
  };
  return tellOfDueGrants(operation, telling, signal);
}
