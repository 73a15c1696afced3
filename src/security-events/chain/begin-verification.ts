import type { Services } from '../../services.js';
import { loadWalk, storeWalk } from './walk-state.js';

/** When a walk began that is over and was asked to begin anew. Long enough ago for the job to begin another. */
const askedAnew = new Date(0).toISOString();

/** Has the job walk along the whole record from its beginning, within ten seconds; nothing when it does so already. */
export async function beginVerification(services: Services): Promise<void> {
  const kept = await loadWalk(services, 'whole');
  if (kept?.state.isOver) await storeWalk(services, 'whole', { ...kept.state, begunAt: askedAnew }, kept);
}

/** Whether a walk along the whole record is under way, or begins within ten seconds. */
export async function isVerifying(services: Services): Promise<boolean> {
  const kept = await loadWalk(services, 'whole');
  return !kept?.state.isOver || kept.state.begunAt === askedAnew;
}
