import { type Config, ConfigError, loadConfig } from '../config.js';
import type { Finding } from '../settings/finding.js';
import { examineHost } from '../settings/host-findings.js';
import type { Environment } from './command.js';
import { examineDatabase } from './doctor-database.js';
import { examineMail } from './doctor-mail.js';
import { examineRedis } from './doctor-redis.js';
import { examineReplicas } from './doctor-replicas.js';
import { examineService } from './doctor-service.js';
import type { Output } from './output.js';

export interface Examination {
  /** Address that a test message is sent to. */
  readonly mail?: string;
}

/**
 * Checks configuration, host, mail, Redis, database, its replicas, keys, jobs and the record of security events, beside a running service or
 * without one. Changes nothing, and runs no migration.
 * @returns the exit code: 1 when there is a fault
 */
export async function examine(env: Environment, { mail }: Examination, output: Output): Promise<number> {
  let isWell = true;
  for await (const finding of findings(env, mail)) {
    const { check, state, told } = finding;
    if (state === 'fault') isWell = false;
    output.print(finding, `${state.padEnd(8)} ${check.padEnd(14)} ${told}`);
  }
  return isWell ? 0 : 1;
}

/** Later checks need what earlier ones have found well. */
async function* findings(env: Environment, mailTo: string | undefined): AsyncGenerator<Finding> {
  let config: Config;
  try {
    config = loadConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    yield { check: 'configuration', state: 'fault', told: error.message };
    return;
  }
  yield { check: 'configuration', state: 'ok', told: 'Every variable is valid.' };
  yield* examineHost(config);
  yield await examineMail(config, mailTo);
  yield await examineRedis(config);
  const isUsable = yield* examineDatabase(config);
  if (!isUsable) return;
  yield* examineReplicas(config);
  yield* examineService(config);
}
