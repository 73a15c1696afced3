import { asOperator } from '../open-services.js';
import type { Operation } from '../operation.js';
import { Rights } from '../policy/rights.js';
import type { Services } from '../services.js';

/** Nobody's id: an operator has no account. */
const nobody = '00000000-0000-0000-0000-000000000000';

/**
 * The operation of the service's operator for lists and predictions, which show what their caller may read. Only for
 * reading: what changes something is `asOperator`, so that it is recorded as the operator's.
 */
export async function readingAll(services: Services): Promise<Operation> {
  const { roleCatalogue, clock } = services;
  const standing = { userId: nobody, email: '', isActive: true, isAdmin: true, held: [] };
  const rights = new Rights(standing, await roleCatalogue.current(), clock);
  return { ...asOperator(services), caller: { userId: nobody, sessionId: null, apiToken: null, rights } };
}
