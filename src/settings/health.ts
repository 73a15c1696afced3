import type { Services } from '../services.js';
import { databaseFindings } from './database-findings.js';
import type { Finding } from './finding.js';
import { examineHost } from './host-findings.js';
import { mailFinding } from './mail-findings.js';
import { redisFinding } from './redis-findings.js';
import { usedReplicasFinding } from './replica-findings.js';
import { serviceChecks } from './service-findings.js';

/** Most findings: of host, database, mail, Redis and replicas, and one for each check of the service. */
export const mostFindings = 20;

const urgency: Readonly<Record<Finding['state'], number>> = { fault: 0, warning: 1, ok: 2 };

/**
 * What `gatehouse doctor` looks at, as far as a running service can tell it of itself at once; faults first. A check that
 * fails is a fault itself.
 */
export async function healthFindings(services: Services): Promise<Finding[]> {
  const found = await Promise.all([
    hostFindings(services),
    settled('database', () => databaseFindings(services)),
    settled('mail', async () => [await mailFinding(services)]),
    [redisFinding(services)],
    [usedReplicasFinding(services.replicas)],
    ...Object.entries(serviceChecks).map(([check, find]) =>
      settled(check, async () => [{ check, ...(await find(services)) }]),
    ),
  ]);
  return found.flat().sort((one, other) => urgency[one.state] - urgency[other.state]);
}

async function hostFindings({ config }: Services): Promise<Finding[]> {
  const found: Finding[] = [];
  for await (const finding of examineHost(config)) found.push(finding);
  return found;
}

async function settled(check: string, find: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await find();
  } catch {
    return [{ check, state: 'fault', told: 'It could not be checked: the log says why, and gatehouse doctor.' }];
  }
}
