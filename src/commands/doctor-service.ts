import type { Config } from '../config.js';
import { withServices } from '../open-services.js';
import type { Finding } from '../settings/finding.js';
import { serviceChecks } from '../settings/service-findings.js';
import { explain } from './command.js';

/** Checks what is in a database that the service can use: keys, administrators, jobs, and the chain of events. */
export async function* examineService(config: Config): AsyncGenerator<Finding> {
  const silent = { ...config, log: { level: 'silent' as const, file: undefined } };
  yield* await withServices(silent, (services) =>
    Promise.all(
      Object.entries(serviceChecks).map(async ([check, find]): Promise<Finding> => {
        try {
          return { check, ...(await find(services)) };
        } catch (error) {
          return { check, state: 'fault', told: explain(error).split('\n')[0] ?? '' };
        }
      }),
    ),
  );
}
