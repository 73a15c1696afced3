import type { Replicas } from '../database/replicas/replicas.js';
import type { Finding } from './finding.js';

const check = 'replicas';

export const noReplicas: Finding = {
  check,
  state: 'ok',
  told: 'DATABASE_REPLICA_URLS is not set: the primary answers everything.',
};

/** @param reason in words; undefined for a replica that can be used */
export const replicaFinding = (name: string, reason: string | undefined): Finding =>
  reason === undefined
    ? { check, state: 'ok', told: `Lists and searches are read from ${name}.` }
    : { check, state: 'warning', told: `Nothing is read from ${name}: ${reason}.` };

/** Checks the replicas from inside a running service: one finding, about those that are not used. */
export function usedReplicasFinding(replicas: Replicas | undefined): Finding {
  if (!replicas) return noReplicas;
  const unused = replicas.all.flatMap((replica) => {
    const reason = replicas.reasonOf(replica);
    return reason === undefined ? [] : [`${replica.name}: ${reason}`];
  });
  if (unused.length > 0) return { check, state: 'warning', told: `Nothing is read from ${unused.join('; ')}.` };
  return { check, state: 'ok', told: `Lists and searches are read from ${replicas.all.length} replicas.` };
}
