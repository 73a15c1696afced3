import { countJobs } from '../queue/count-jobs.js';
import { verificationStatus } from '../security-events/chain/verification-status.js';
import type { Services } from '../services.js';
import type { Finding } from './finding.js';

type Found = Pick<Finding, 'state' | 'told'>;

/** Checks of what is in the database: keys, administrators, jobs, and the chain of events. */
export const serviceChecks: Readonly<Record<string, (services: Services) => Promise<Found>>> = {
  keys: async ({ signingKeys }) => {
    try {
      const signer = await signingKeys.signer();
      return signer
        ? { state: 'ok', told: `${signer.algorithm} key ${signer.id} signs.` }
        : { state: 'warning', told: 'There is none yet; the first start makes one.' };
    } catch {
      const told = 'APP_SECRET does not open the signing key: use the one that the service had before.';
      return { state: 'fault', told };
    }
  },
  administrators: async ({ database }) => {
    const row = await database.sql.row<{ count: number }>(
      'select count(*)::int as count from users where is_admin and is_active',
    );
    return row?.count
      ? { state: 'ok', told: `${row.count} can sign in.` }
      : { state: 'warning', told: 'There is none: make one with gatehouse admin create.' };
  },
  jobs: async (services) => {
    const failed = (await countJobs({ services })).filter((task) => task.failed > 0);
    if (failed.length === 0) return { state: 'ok', told: 'None has failed.' };
    const list = failed.map(({ task, failed: count }) => `${count} of ${task}`).join(', ');
    return { state: 'warning', told: `${list} have failed: gatehouse jobs failed says why.` };
  },
  events: async (services) => {
    const status = await verificationStatus(services);
    if (!status) return { state: 'ok', told: 'Nothing was verified yet; a running service does.' };
    const at = status.verifiedAt.toISOString();
    return status.fault
      ? { state: 'fault', told: `The record was tampered with, found at ${at}: gatehouse events verify says where.` }
      : { state: 'ok', told: `${status.verified} were verified, last at ${at}.` };
  },
};
