import type { Config } from '../config.js';
import { asSystem, withServices } from '../open-services.js';
import { countJobs } from '../queue/count-jobs.js';
import { verificationStatus } from '../security-events/chain/verification-status.js';
import type { Services } from '../services.js';
import { explain } from './command.js';
import type { Finding } from './finding.js';

/** Checks what is in a database that the service can use: keys, administrators, jobs, and the chain of events. */
export async function* examineService(config: Config): AsyncGenerator<Finding> {
  const checks = { keys: keysFinding, administrators: administratorsFinding, jobs: jobsFinding, events: eventsFinding };
  const silent = { ...config, log: { level: 'silent' as const, file: undefined } };
  yield* await withServices(silent, (services) =>
    Promise.all(
      Object.entries(checks).map(async ([check, find]): Promise<Finding> => {
        try {
          return { check, ...(await find(services)) };
        } catch (error) {
          return { check, state: 'fault', told: explain(error).split('\n')[0] ?? '' };
        }
      }),
    ),
  );
}

type Found = Pick<Finding, 'state' | 'told'>;

async function keysFinding({ signingKeys }: Services): Promise<Found> {
  try {
    const signer = await signingKeys.signer();
    return signer
      ? { state: 'ok', told: `${signer.algorithm} key ${signer.id} signs.` }
      : { state: 'warning', told: 'There is none yet; the first start makes one.' };
  } catch {
    return {
      state: 'fault',
      told: 'APP_SECRET does not open the signing key: use the one that the service had before.',
    };
  }
}

async function administratorsFinding({ database }: Services): Promise<Found> {
  const row = await database.sql.row<{ count: number }>(
    'select count(*)::int as count from users where is_admin and is_active',
  );
  return row?.count
    ? { state: 'ok', told: `${row.count} can sign in.` }
    : { state: 'warning', told: 'There is none: make one with gatehouse admin create.' };
}

async function jobsFinding(services: Services): Promise<Found> {
  const failed = (await countJobs(asSystem(services))).filter((task) => task.failed > 0);
  if (failed.length === 0) return { state: 'ok', told: 'None has failed.' };
  const list = failed.map(({ task, failed: count }) => `${count} of ${task}`).join(', ');
  return { state: 'warning', told: `${list} have failed: gatehouse jobs failed says why.` };
}

async function eventsFinding(services: Services): Promise<Found> {
  const status = await verificationStatus(services);
  if (!status) return { state: 'ok', told: 'Nothing was verified yet; a running service does.' };
  const at = status.verifiedAt.toISOString();
  return status.fault
    ? { state: 'fault', told: `The record was tampered with, found at ${at}: gatehouse events verify says where.` }
    : { state: 'ok', told: `${status.verified} were verified, last at ${at}.` };
}
